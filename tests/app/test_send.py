"""Results to a node: queued on the disk, sent when the node is there, never twice and never unsigned."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from model_packages import phantom
from pacs_images import write_study
from pacs_partners import QUICK, Orthanc, at, free_port, running_orthanc
from pumped_runner import Pumped
from readers import prove
from signed_reports import film, normal_report

from viewer.app import outbox
from viewer.app.compose import MakeDialogs, compose
from viewer.app.export_report import sign_study
from viewer.app.open_study import open_paths
from viewer.app.outbox import OutboxState
from viewer.app.pacs_nodes import save_nodes
from viewer.app.review_findings import attest_no_further_finding
from viewer.app.send import queue_results, remove_item, send, send_again, start_outbox
from viewer.app.workbench import Workbench
from viewer.base.errors import ExportError
from viewer.inference.model_store import ModelStore
from viewer.review.audit import AuditKind


@pytest.fixture
def desk(pump: Pumped, tmp_path: Path, answers: MakeDialogs) -> Workbench:
    return compose(pump, answers, ModelStore([tmp_path / "no models"]))


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("viewer.app.send.BACK_OFF_S", (0.2,))
    monkeypatch.setattr("viewer.app.send.LOOK_EVERY_S", 0.1)


def states(desk: Workbench) -> list[OutboxState]:
    return [item.state for item in desk.session.network.outbox]


def test_results_reach_the_node(
    desk: Workbench, pump: Pumped, orthanc: Orthanc, tmp_path: Path
) -> None:
    save_nodes(desk, [orthanc.node()])
    _study, files = write_study(tmp_path, (3,))
    send(desk, normal_report(film()), files, "Test PACS")
    pump.until(lambda: states(desk) == [OutboxState.SENT])
    assert orthanc.instances() == 3
    (item,) = desk.session.network.outbox
    assert not list((outbox.outbox_folder() / item.key).glob("*.dcm"))


def test_results_wait_on_the_disk_until_the_node_is_back(
    desk: Workbench, pump: Pumped, tmp_path: Path
) -> None:
    _study, files = write_study(tmp_path / "made", (2,))
    away = at(free_port(), name="Test PACS")
    save_nodes(desk, [away])
    send(desk, normal_report(film()), files, "Test PACS")
    for file in files:
        file.unlink()
    pump.until(lambda: any(item.reason for item in desk.session.network.outbox))
    (item,) = outbox.waiting()
    assert "nothing listens" in item.reason
    with running_orthanc(tmp_path / "back") as orthanc:
        save_nodes(desk, [orthanc.node()])
        start_outbox(desk)
        pump.until(lambda: states(desk) == [OutboxState.SENT])
        assert orthanc.instances() == 2


def test_the_outbox_outlives_the_program(
    pump: Pumped, orthanc: Orthanc, tmp_path: Path, answers: MakeDialogs
) -> None:
    _study, files = write_study(tmp_path, (2,))
    first = compose(pump, answers, ModelStore([tmp_path / "none"]))
    save_nodes(first, [at(free_port(), name="Test PACS")])
    send(first, normal_report(film()), files, "Test PACS")
    pump.until(lambda: any(item.reason for item in first.session.network.outbox))
    pump.cancel("outbox")
    second = compose(pump, answers, ModelStore([tmp_path / "none"]))
    save_nodes(second, [orthanc.node()])
    start_outbox(second)
    pump.until(lambda: states(second) == [OutboxState.SENT])
    assert orthanc.instances() == 2


def test_what_the_node_has_taken_is_not_sent_again(
    desk: Workbench, pump: Pumped, orthanc: Orthanc, tmp_path: Path
) -> None:
    _study, files = write_study(tmp_path, (3,))
    save_nodes(desk, [])
    send(desk, normal_report(film()), files, "Test PACS")
    pump.until(lambda: any(item.reason for item in desk.session.network.outbox))
    pump.cancel("outbox")
    (item,) = outbox.waiting()
    outbox.save(replace(item, sent=item.files[:2]))
    save_nodes(desk, [orthanc.node()])
    start_outbox(desk)
    pump.until(lambda: states(desk) == [OutboxState.SENT])
    assert orthanc.instances() == 1


def test_an_absent_node_delays_no_other(
    desk: Workbench, pump: Pumped, orthanc: Orthanc, tmp_path: Path
) -> None:
    _study, files = write_study(tmp_path, (1,))
    save_nodes(desk, [at(free_port(), name="Away", timeouts=QUICK), orthanc.node()])
    for name in ("Away", "Test PACS"):
        send(desk, normal_report(film()), files, name)
    pump.until(lambda: OutboxState.SENT in states(desk))
    assert sorted(state.value for state in states(desk)) == ["sent", "waiting"]


def test_storage_commitment_is_told_where_the_site_asks_for_it(
    desk: Workbench, pump: Pumped, orthanc: Orthanc, tmp_path: Path
) -> None:
    _study, files = write_study(tmp_path, (2,))
    save_nodes(desk, [orthanc.node(commitment=True)])
    send(desk, normal_report(film()), files, "Test PACS")
    pump.until(lambda: states(desk) == [OutboxState.COMMITTED])


def test_a_refused_result_waits_for_the_reader(
    desk: Workbench, pump: Pumped, orthanc: Orthanc, tmp_path: Path
) -> None:
    _study, files = write_study(tmp_path, (1,), SOPClassUID="1.2.3.4.5.6.7")
    save_nodes(desk, [orthanc.node()])
    send(desk, normal_report(film()), files, "Test PACS")
    pump.until(lambda: states(desk) == [OutboxState.REFUSED])
    (item,) = desk.session.network.outbox
    assert "does not serve this kind" in item.reason
    send_again(desk, item.key)
    pump.until(lambda: states(desk) == [OutboxState.REFUSED])
    remove_item(desk, item.key)
    assert outbox.items() == ()


def test_a_file_that_the_node_does_not_take_is_not_queued(desk: Workbench, tmp_path: Path) -> None:
    (tmp_path / "report.pdf").write_bytes(b"%PDF")
    with pytest.raises(ExportError, match=r"report\.pdf is no file that Test PACS takes"):
        send(desk, normal_report(film()), [tmp_path / "report.pdf"], "Test PACS")
    assert outbox.items() == ()


def test_a_signed_report_goes_to_the_node_the_site_names_and_to_no_other(
    desk: Workbench, pump: Pumped, orthanc: Orthanc, tmp_path: Path
) -> None:
    grey = np.rint(phantom(300, 260, (0.2, 0.75)) * 4000).astype(np.uint16)
    write_film(tmp_path / "jane.dcm", grey, "DOE^JANE", "ID-1", "2.25.1")
    open_paths(desk, [tmp_path])
    pump.until(lambda: desk.session.shown is not None)
    assert desk.session.shown is not None
    study = desk.session.shown.study
    attest_no_further_finding(desk, True)
    report = sign_study(desk, study, prove(desk.accounts))
    save_nodes(desk, [orthanc.node()])
    queue_results(desk, study, report)
    assert outbox.items() == ()
    values = desk.settings.values.pacs
    desk.settings.change(pacs=replace(values, result_node="Test PACS"))
    queue_results(desk, study, report)
    pump.until(lambda: states(desk) == [OutboxState.SENT])
    assert orthanc.instances() == 1
    said = [one for one in desk.log.records() if one.kind == AuditKind.EXPORT.value]
    assert [one.detail["node"] for one in said] == ["Test PACS"]
    (found,) = orthanc.ask("/instances")  # type: ignore[misc]
    tags = orthanc.ask(f"/instances/{found}/simplified-tags")
    assert isinstance(tags, dict)
    assert (tags["Modality"], tags["VerificationFlag"]) == ("SR", "VERIFIED")
    assert not [path for path in outbox.outbox_folder().iterdir() if path.name.startswith(".")]
