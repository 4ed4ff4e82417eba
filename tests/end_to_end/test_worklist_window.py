"""The worklist tab after a restart: kept cases greyed with what to do, opened again by a double click."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QTabWidget

from viewer.app.settings import Reading
from viewer.app.worklist import run_on_all
from viewer.review.reading import ReadingMode
from viewer.ui.panels.worklist import WorklistPanel

LARGER = (0.15, 0.80)
NAMES = {"2.25.1000": "DOE, JANE", "2.25.2000": "ROE, RICHARD"}
AI_WORDS = ("undecided", "Enlarged", "silhouette", "0.5", "0.6", "threshold")


@pytest.fixture
def film(tmp_path: Path) -> Path:
    folder = tmp_path / "scan"
    folder.mkdir()
    return write_film(folder / "film.dcm", grey((0.22, 0.70)))


def worklist(reader: Reader) -> QListWidget:
    """The list, brought to the front."""
    window = reader.program.window
    (panel,) = window.findChildren(WorklistPanel)
    for tabs in window.findChildren(QTabWidget):
        if tabs.indexOf(panel) >= 0:
            tabs.setCurrentWidget(panel)
    (shown,) = panel.findChildren(QListWidget)
    reader.wait(lambda: shown.count() > 0)
    return shown


def restarted(make_program: Callable[[], Reader]) -> Reader:
    reader = make_program()
    reader.program.window.show()
    return reader


@pytest.mark.usefixtures("phantom_model")
def test_a_case_of_yesterday_is_greyed_says_what_to_do_and_opens_again(
    make_program: Callable[[], Reader], film: Path
) -> None:
    first = make_program()
    first.open(film.parent)
    first.program.window.close()
    reader = restarted(make_program)
    items = worklist(reader)
    line = items.item(0)
    assert "1 undecided" in line.text()
    assert "files not open" in line.text()
    assert "double click" in line.toolTip()
    assert str(film.parent) in line.toolTip()
    items.setCurrentRow(0)
    items.itemDoubleClicked.emit(line)
    reader.wait(lambda: reader.session.shown is not None)
    reader.wait(lambda: "files not open" not in items.item(0).text())
    assert items.count() == 1


@pytest.mark.usefixtures("phantom_model")
def test_a_kept_case_that_is_to_be_read_first_shows_nothing_of_an_ai(
    make_program: Callable[[], Reader], film: Path
) -> None:
    first = make_program()
    first.program.workbench.settings.change(reading=Reading("Dr Li", ReadingMode.READ_FIRST))
    first.program.open([film.parent])
    first.wait(lambda: first.session.shown is not None)
    first.program.window.close()
    reader = restarted(make_program)
    items = worklist(reader)
    said = items.item(0).text() + items.item(0).toolTip()
    assert "to be read first" in said
    for words in AI_WORDS:
        assert words not in said.replace(str(film.parent), "")


@pytest.mark.usefixtures("phantom_model")
def test_the_worklist_is_read_by_keys_open_and_kept_cases_alike(
    make_program: Callable[[], Reader], film: Path, tmp_path: Path
) -> None:
    first = make_program()
    first.open(film.parent)
    first.program.window.close()
    reader = restarted(make_program)
    other = tmp_path / "other"
    other.mkdir()
    write_film(other / "film.dcm", grey((0.42, 0.66)), "ROE^RICHARD", "ID-2", "2.25.2000")
    reader.open(other)
    reader.press(Qt.Key.Key_F5)
    items = reader.program.window.worklist.findChild(QListWidget)
    assert isinstance(items, QListWidget)
    reader.wait(lambda: items.hasFocus() and items.count() == 2)
    names = [items.item(row).text().split("\n")[0] for row in range(2)]
    assert names == ["DOE, JANE", "ROE, RICHARD"], "what waits stands first"
    assert items.currentRow() == 1, "the study on the screen is chosen"

    reader.qtbot.keyClick(items, Qt.Key.Key_Up)
    reader.qtbot.keyClick(items, Qt.Key.Key_Escape)
    assert reader.program.window.viewport.hasFocus()
    reader.press(Qt.Key.Key_F5)
    reader.wait(items.hasFocus)
    assert items.currentRow() == 0
    reader.qtbot.keyClick(items, Qt.Key.Key_Return)
    shown = reader.session
    reader.wait(lambda: shown.shown is not None and shown.shown.study.uid == "2.25.1000")
    reader.press(Qt.Key.Key_F5)
    reader.wait(items.hasFocus)
    reader.qtbot.keyClick(items, Qt.Key.Key_Down)
    reader.qtbot.keyClick(items, Qt.Key.Key_Return)
    reader.wait(lambda: shown.shown is not None and shown.shown.study.uid == "2.25.2000")


@pytest.mark.usefixtures("phantom_model")
def test_a_case_that_was_run_unseen_opens_again_like_one_that_was_on_the_screen(
    make_program: Callable[[], Reader], film: Path
) -> None:
    write_film(film.parent / "other.dcm", grey(LARGER), "ROE^RICHARD", "ID-2", "2.25.2000")
    first = make_program()
    first.open(film.parent)
    run_on_all(first.program.workbench)
    first.wait(lambda: not first.session.running)
    unseen = next(
        study.uid
        for study in first.session.index.studies
        if first.session.shown is not None and study != first.session.shown.study
    )
    first.program.window.close()
    reader = restarted(make_program)
    items = worklist(reader)
    row = next(row for row in range(2) if NAMES[unseen] in items.item(row).text())
    assert "CHEST PA" in items.item(row).text()
    items.setCurrentRow(row)
    items.itemDoubleClicked.emit(items.item(row))
    shown = reader.session
    reader.wait(lambda: shown.shown is not None and shown.shown.study.uid == unseen)
