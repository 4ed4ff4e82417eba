"""The export of a signed report: a bundle in a folder, a DICOMDIR, a node, and a summary of what went where."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from dicom_films import write_film
from held_runner import HeldRunner
from model_packages import phantom
from pacs_partners import Orthanc
from pumped_runner import Pumped
from pydicom import dcmread
from readers import prove

from viewer.app.compose import MakeDialogs, compose
from viewer.app.export_bundle import cancel_export, export
from viewer.app.export_report import sign_study
from viewer.app.open_study import open_paths
from viewer.app.outbox import OutboxState
from viewer.app.pacs_nodes import save_nodes
from viewer.app.review_findings import attest_no_further_finding, confirm
from viewer.app.workbench import ExportChoice, Workbench
from viewer.dicom.network.node import Node, NodeKind
from viewer.domain.study import Study
from viewer.export.exporter import exporters
from viewer.inference.model_store import ModelStore
from viewer.review.report import SignedReport

ALL = tuple(exporters())
DICOM = tuple(key for key, one in exporters().items() if one.suffix == ".dcm")


@pytest.fixture
def film(two_patients: Path) -> Path:
    return two_patients / "jane.dcm"


def signed(bench: Workbench, film: Path) -> tuple[Study, SignedReport]:
    open_paths(bench, [film])
    if isinstance(bench.jobs, HeldRunner):
        bench.jobs.let_go()
    shown = bench.session.shown
    assert shown is not None
    for finding in shown.case.proposed:
        confirm(bench, finding)
    attest_no_further_finding(bench, True)
    return shown.study, sign_study(bench, shown.study, prove(bench.accounts))


def said_by(bench: Workbench) -> list[str]:
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    return said


def test_every_format_goes_into_one_folder_and_the_summary_counts_them(
    bench: Workbench, film: Path, tmp_path: Path
) -> None:
    study, report = signed(bench, film)
    said = said_by(bench)
    export(bench, study, report, ExportChoice(tmp_path / "out", ALL))
    files = sorted((tmp_path / "out").iterdir())
    assert f"Exported {len(files)} files" in said[-1]
    assert {path.suffix for path in files} == {".pdf", ".dcm", ".json", ".hl7", ".csv"}
    assert bench.session.saving is None


def test_a_format_without_anything_to_write_is_named(
    bench: Workbench, film: Path, tmp_path: Path
) -> None:
    open_paths(bench, [film])
    shown = bench.session.shown
    assert shown is not None
    bench.jobs.shutdown()  # the network never ran, so no map and no AI finding is there
    attest_no_further_finding(bench, True)
    bench.session.running.clear()
    report = sign_study(bench, shown.study, prove(bench.accounts))
    said = said_by(bench)
    export(bench, shown.study, report, ExportChoice(tmp_path / "out", ("csv", "dicom_ai_sr")))
    assert "Nothing to write for: DICOM AI result" in said[-1]


def test_media_hold_images_and_results_under_a_legal_dicomdir(
    bench: Workbench, film: Path, tmp_path: Path
) -> None:
    study, report = signed(bench, film)
    said = said_by(bench)
    export(bench, study, report, ExportChoice(tmp_path / "out", (*DICOM, "pdf"), media=True))
    (media,) = (path for path in (tmp_path / "out").iterdir() if path.is_dir())
    assert media.name in said[-1]
    listed = [path for path in media.rglob("*") if path.is_file() and path.name != "DICOMDIR"]
    uids = {str(dcmread(path).SOPInstanceUID) for path in listed}
    written = {str(dcmread(path).SOPInstanceUID) for path in (tmp_path / "out").glob("*.dcm")}
    assert uids == written | {str(dcmread(film).SOPInstanceUID)}
    checker = Path(sys.executable).parent / "dciodvfy"
    if checker.exists():
        told = subprocess.run([checker, media / "DICOMDIR"], capture_output=True, text=True)
        assert "Error" not in told.stderr
    if shutil.which("dcmdump"):
        assert (
            subprocess.run(["dcmdump", "-q", media / "DICOMDIR"], capture_output=True).returncode
            == 0
        )


def test_a_second_export_replaces_the_media(bench: Workbench, film: Path, tmp_path: Path) -> None:
    study, report = signed(bench, film)
    for _again in range(2):
        export(bench, study, report, ExportChoice(tmp_path / "out", ("dicom_sr",), media=True))
    (media,) = (path for path in (tmp_path / "out").iterdir() if path.is_dir())
    assert (
        len(list(media.rglob("*"))) == 1 + 2 + 2 + 2
    )  # DICOMDIR, patient and study, series, files


def test_a_node_that_is_unknown_is_said_and_the_files_are_there(
    bench: Workbench, film: Path, tmp_path: Path
) -> None:
    study, report = signed(bench, film)
    said = said_by(bench)
    export(bench, study, report, ExportChoice(tmp_path / "out", ("dicom_sr",), nodes=("Gone",)))
    assert list((tmp_path / "out").glob("*.dcm"))
    assert any("Gone" in sentence for sentence in said)


def test_nothing_hangs_when_it_is_given_up(bench: Workbench, film: Path, tmp_path: Path) -> None:
    study, report = signed(bench, film)
    export(bench, study, report, ExportChoice(tmp_path / "out", ("csv",)))
    cancel_export(bench)
    assert bench.session.saving is None


@pytest.fixture
def pump() -> Iterator[Pumped]:
    runner = Pumped()
    yield runner
    runner.shutdown()


def test_the_objects_reach_a_real_pacs_and_are_the_files(
    pump: Pumped, answers: MakeDialogs, orthanc: Orthanc, tmp_path: Path
) -> None:
    desk = compose(pump, answers, ModelStore([tmp_path / "no models"]))
    save_nodes(desk, [orthanc.node()])
    grey = (phantom(300, 260, (0.2, 0.75)) * 4000).astype("uint16")
    write_film(tmp_path / "jane.dcm", grey, "DOE^JANE", "ID-1", "2.25.1")
    open_paths(desk, [tmp_path / "jane.dcm"])
    pump.until(lambda: desk.session.shown is not None)
    study, report = signed(desk, tmp_path / "jane.dcm")
    chosen = ("dicom_sr", "dicom_text", "dicom_pdf", "pdf")
    export(desk, study, report, ExportChoice(tmp_path / "out", chosen, nodes=("Test PACS",)))
    pump.until(lambda: [item.state for item in desk.session.network.outbox] == [OutboxState.SENT])
    assert orthanc.instances() == 3


def test_a_node_gets_only_what_it_takes(pump: Pumped, answers: MakeDialogs, tmp_path: Path) -> None:
    desk = compose(pump, answers, ModelStore([tmp_path / "no models"]))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    save_nodes(desk, [Node("RIS", NodeKind.HL7, host="127.0.0.1", port=port)])
    grey = (phantom(300, 260, (0.2, 0.75)) * 4000).astype("uint16")
    write_film(tmp_path / "jane.dcm", grey, "DOE^JANE", "ID-1", "2.25.1")
    open_paths(desk, [tmp_path / "jane.dcm"])
    pump.until(lambda: desk.session.shown is not None)
    study, report = signed(desk, tmp_path / "jane.dcm")
    choice = ExportChoice(tmp_path / "out", ("dicom_sr", "hl7_oru"), nodes=("RIS",))
    export(desk, study, report, choice)
    pump.until(lambda: bool(desk.session.network.outbox))
    (item,) = desk.session.network.outbox
    assert item.files == ("001.hl7",)
