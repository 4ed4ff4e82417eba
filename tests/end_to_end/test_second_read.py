"""The main job in the real window: open, infer, look, confirm one, override one, sign, export."""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import highdicom
import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey, sign_as, type_and_enter
from pypdf import PdfReader
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit

from viewer.app.heatmaps import shown_heatmaps
from viewer.app.workbench import now
from viewer.domain.presentation import Presentation
from viewer.review.decision import Verdict
from viewer.review.events import RunRecorded
from viewer.review.workflow import Stage
from viewer.ui.dialogs.exporting import ExportDialog
from viewer.ui.dialogs.signing import SignDialog
from viewer.ui.panels.add_form import AddForm

Key = Qt.Key
SMALL = (0.42, 0.66)


def export_to(folder: Path) -> Callable[[QDialog], None]:
    def act(dialog: QDialog) -> None:
        assert isinstance(dialog, ExportDialog)
        for box in dialog.boxes.values():
            box.setChecked(True)
        type_and_enter(dialog, "Folder", str(folder))

    return act


@pytest.mark.usefixtures("phantom_model")
def test_a_study_is_read_decided_signed_and_exported(
    make_program: Callable[[], Reader], two_films: Path, tmp_path: Path
) -> None:
    reader = make_program()
    reader.open(two_films)
    assert len(reader.case.undecided) == 2
    assert shown_heatmaps(reader.program.workbench) == ()
    reader.press(Key.Key_Space)
    assert {heatmap.label for heatmap in shown_heatmaps(reader.program.workbench)}
    reader.press(Key.Key_F8)
    assert reader.case.stage is Stage.READING
    assert "2 findings undecided" in reader.strip

    reader.press(Key.Key_N)
    reader.press(Key.Key_C)
    reader.press(Key.Key_O)
    verdicts = [decision.verdict for decision in reader.case.decisions.values()]
    assert verdicts == [Verdict.CONFIRMED, Verdict.REJECTED]
    reader.press(Key.Key_X)

    out = tmp_path / "out"
    reader.answer(sign_as("Dr. Änne Li 李"), SignDialog)
    reader.answer(export_to(out), ExportDialog)
    reader.press(Key.Key_F8)
    reader.wait(lambda: "Exported" in reader.strip)
    assert reader.case.stage is Stage.SIGNED

    (pdf,) = out.glob("*.pdf")
    pages = [page.extract_text() for page in PdfReader(pdf).pages]
    text = "\n".join(pages)
    for words in (
        "DOE",
        "ID-1",
        "Enlarged cardiac silhouette",
        "Confirmed",
        "Not present",
        "Änne Li",
    ):
        assert words in text
    assert all("RESEARCH USE ONLY" in page.upper() for page in pages)

    (sr,) = out.glob("*_sr.dcm")
    dciodvfy = Path(sys.executable).parent / "dciodvfy"
    check = subprocess.run([dciodvfy, sr], capture_output=True, text=True, check=False)
    assert not [line for line in check.stderr.splitlines() if line.startswith("Error")]
    document = highdicom.sr.srread(sr)
    groups = document.content.get_planar_roi_measurement_groups()
    groups += document.content.get_image_measurement_groups()
    assert {group.tracking_uid for group in groups} == set(reader.case.decisions)

    (sidecar,) = (path for path in out.glob("*.json") if ".fhir" not in path.name)
    assert json.loads(sidecar.read_text(encoding="utf-8"))["sha256"] == reader.case.report.sha256


@pytest.mark.usefixtures("phantom_model")
def test_a_normal_film_takes_no_more_than_six_acts(
    make_program: Callable[[], Reader], tmp_path: Path
) -> None:
    film = write_film(tmp_path / "film.dcm", grey(SMALL))
    reader = make_program()
    reader.open(film)
    assert reader.case.proposed == ()
    (state,) = reader.case.runs.values()
    assert state.below
    acts = [lambda: reader.press(Key.Key_X), lambda: reader.press(Key.Key_F8)]
    reader.answer(sign_as("Dr Li"), SignDialog)
    reader.answer(lambda dialog: dialog.reject(), ExportDialog)
    for act in acts:
        act()
    assert reader.case.stage is Stage.SIGNED
    assert any("No finding above threshold" in words for words in reader.case.report.statements)


@pytest.mark.usefixtures("phantom_model")
def test_a_finding_the_ai_missed_is_added_and_drawn_solid_where_the_pointer_was(
    make_program: Callable[[], Reader], two_films: Path
) -> None:
    reader = make_program()
    reader.open(two_films)
    reader.session.pointer_px = (120.0, 200.0)
    reader.press(Key.Key_A)
    form = reader.program.window.findings.findChild(AddForm)
    finding, side = form.findChildren(QComboBox)
    reader.wait(finding.hasFocus)
    reader.qtbot.keyClicks(finding, "lung mas")
    reader.qtbot.keyClick(finding, Key.Key_Tab)
    reader.wait(side.hasFocus)
    reader.qtbot.keyClick(side, Key.Key_R)
    assert reader.session.presentation == Presentation()
    comment = form.findChildren(QLineEdit)[-1]
    reader.qtbot.keyClicks(comment, "3 cm")
    reader.qtbot.keyClick(comment, Key.Key_Return)
    (added,) = reader.case.added.values()
    assert added.laterality == "R"
    assert added.localization.marks[0].points_px == ((120.0, 200.0),)
    assert reader.case.decisions[added.tracking_uid].comment == "3 cm"
    assert reader.case.misses_stated


def test_a_film_without_stated_view_is_asked_for_and_the_answer_is_recorded(
    make_program: Callable[[], Reader], phantom_model: Path, tmp_path: Path
) -> None:
    film = write_film(tmp_path / "film.dcm", grey(SMALL), view="")
    reader = make_program()
    reader.open(film)
    assert reader.case.runs == {}
    reader.click("PA")
    reader.wait(lambda: bool(reader.case.runs) and not reader.session.running)
    assert list(reader.case.stated_views.values()) == ["PA"]
    (run,) = reader.case.runs.values()
    assert run.reader_view == "PA"


@pytest.mark.usefixtures("phantom_model")
def test_a_lateral_film_is_not_applicable_and_says_why_on_the_screen_and_in_the_report(
    make_program: Callable[[], Reader], tmp_path: Path
) -> None:
    film = write_film(tmp_path / "film.dcm", grey(SMALL), view="LL")
    reader = make_program()
    reader.open(film)
    assert "AI not applicable" in reader.words()
    reader.press(Key.Key_X)
    reader.answer(sign_as("Dr Li"), SignDialog)
    reader.answer(lambda dialog: dialog.reject(), ExportDialog)
    reader.press(Key.Key_F8)
    assert any(words.startswith("AI not applicable") for words in reader.case.report.statements)


def test_tab_folds_the_panels_only_while_the_image_has_the_keyboard(
    make_program: Callable[[], Reader], two_films: Path
) -> None:
    reader = make_program()
    reader.open(two_films)
    window = reader.program.window
    reader.press(Key.Key_Tab)
    assert not window.findings.isVisible()
    reader.press(Key.Key_Tab)
    assert window.findings.isVisible()


@pytest.mark.usefixtures("phantom_model")
def test_a_folder_dropped_on_any_part_of_the_window_is_opened(
    make_program: Callable[[], Reader], two_films: Path
) -> None:
    reader = make_program()
    window = reader.program.window
    window.show()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(two_films))])
    anywhere = QPointF(5, 200)
    drop = QDropEvent(
        anywhere, Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier(0)
    )
    window.dropEvent(drop)
    reader.wait(lambda: len(reader.session.index.studies) == 1)


@pytest.mark.usefixtures("phantom_model")
def test_a_result_that_arrives_leaves_the_open_form_and_the_typing_in_it(
    make_program: Callable[[], Reader], two_films: Path
) -> None:
    reader = make_program()
    reader.open(two_films)
    reader.press(Key.Key_A)
    form = reader.program.window.findings.findChild(AddForm)
    finding, _side = form.findChildren(QComboBox)
    reader.wait(finding.hasFocus)
    bench = reader.program.workbench
    shown = reader.session.shown
    assert shown is not None
    (run, *_others) = shown.case.runs.values()
    bench.record(shown.study, RunRecorded(replace(run, run_uid="2.25.4711"), now()))
    reader.qtbot.wait(50)
    assert reader.program.window.findings.findChild(AddForm) is form
    assert finding.hasFocus()
