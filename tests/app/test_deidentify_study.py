"""De-identified export from the program: the open study only, drawn rectangles, a secret of one's own."""

from pathlib import Path

import pytest
from pydicom import dcmread

from viewer.app.commands.study import deidentify
from viewer.app.deidentify_choice import DeidentifyChoice
from viewer.app.deidentify_study import drawn_rectangles, plan_of, secret
from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench
from viewer.base.errors import ExportError
from viewer.base.paths import settings_folder
from viewer.cli import run
from viewer.domain.measurement import Annotation
from viewer.review.drawing import Drawing


def test_only_the_study_on_the_screen_is_copied_without_its_patient(
    bench: Workbench, two_patients: Path, tmp_path: Path
) -> None:
    open_paths(bench, (two_patients,))
    shown = bench.session.shown
    assert shown is not None
    bench.dialogs.deidentified = DeidentifyChoice(tmp_path / "out")  # type: ignore[attr-defined]
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    deidentify(bench)
    (copy,) = (tmp_path / "out").rglob("*.dcm")
    assert dcmread(copy).PatientID.startswith("ANON-")
    assert shown.study.patient.name.encode() not in copy.read_bytes()
    assert "De-identified 1 image" in said[-1]
    assert bench.session.saving is None


def test_a_folder_that_is_not_empty_is_said_and_nothing_hangs(
    bench: Workbench, two_patients: Path, tmp_path: Path
) -> None:
    open_paths(bench, (two_patients,))
    bench.dialogs.deidentified = DeidentifyChoice(two_patients)  # type: ignore[attr-defined]
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    deidentify(bench)
    assert "not empty" in said[-1]
    assert bench.session.saving is None


def test_rectangles_cover_whole_pixels_outwards_and_stay_with_their_series(
    bench: Workbench, two_patients: Path
) -> None:
    open_paths(bench, (two_patients,))
    shown = bench.session.shown
    assert shown is not None
    uid = shown.ref.sop_instance_uid
    boxes = (
        Drawing(Annotation("2.25.1", "rectangle", uid, 0, ((10.2, 30.0), (20.6, 5.4)))),
        Drawing(Annotation("2.25.2", "ellipse", uid, 0, ((1.0, 1.0), (2.0, 2.0)))),
        Drawing(Annotation("2.25.3", "rectangle", "2.25.999", 0, ((1.0, 1.0), (2.0, 2.0)))),
    )
    found = drawn_rectangles(shown.study, boxes)
    assert found == {shown.display_set.series_uid: ((10, 5, 22, 31),)}


def test_the_secret_is_drawn_once_and_for_the_user_alone(own_home: Path) -> None:
    first = secret()
    assert secret() == first and len(first) == 32
    (path,) = settings_folder().glob("*.key")
    assert path.stat().st_mode & 0o077 == 0


def test_a_damaged_secret_is_not_silently_replaced(own_home: Path) -> None:
    (settings_folder() / "deidentification.key").write_bytes(b"short")
    with pytest.raises(ExportError, match="damaged"):
        plan_of(DeidentifyChoice(Path("out")))


def test_the_command_line_copies_a_folder(
    two_patients: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run(["deidentify", str(two_patients), "--out", str(out), "--dates", "shifted"]) == 0
    copies = [dcmread(path) for path in sorted(out.rglob("*.dcm"))]
    assert len({copy.PatientID for copy in copies}) == 2
    assert "De-identified 2 images" in capsys.readouterr().out
