"""The worklist tab after a restart: kept cases greyed with what to do, opened again by a double click."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey
from PySide6.QtWidgets import QListWidget, QTabWidget

from viewer.app.settings import Reading
from viewer.review.reading import ReadingMode
from viewer.ui.panels.worklist import WorklistPanel

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
