"""How many keys and clicks a case costs from open to signed, in both modes, counted in the real window."""

from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey, sign_as
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel

from viewer.app.settings import Reading
from viewer.review.decision import Verdict
from viewer.review.reading import ReadingMode
from viewer.review.workflow import Stage
from viewer.ui.dialogs.exporting import ExportDialog
from viewer.ui.dialogs.signing import SignDialog

Key = Qt.Key
SMALL, LARGE = (0.42, 0.66), (0.22, 0.70)
OPENING = SIGNING = LEAVING = 1
"""Open the study; Enter in the signing dialog; Esc in the export dialog: one act each."""


def walk(reader: Reader, study: Path, keys: list[Key]) -> int:
    """Open, press the keys, sign; the number of acts. Each key waits until the AI has ended."""
    began = perf_counter()
    reader.open(study)
    reader.answer(sign_as("Dr Li"), SignDialog)
    reader.answer(lambda dialog: dialog.reject(), ExportDialog)
    for key in keys:
        reader.wait(lambda: not reader.session.running)
        reader.press(key)
    assert reader.case.stage is Stage.SIGNED
    acts = OPENING + len(keys) + SIGNING + LEAVING
    print(f"{reader.case.mode.value}: {acts} acts, {perf_counter() - began:.1f} s by machine")
    return acts


@pytest.fixture
def reader(make_program: Callable[[], Reader], phantom_model: Path) -> Reader:
    return make_program()


@pytest.fixture
def normal(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.dcm", grey(SMALL))


@pytest.fixture
def three_findings(tmp_path: Path) -> Path:
    folder = tmp_path / "three"
    folder.mkdir()
    for number in (1, 2, 3):
        write_film(folder / f"film{number}.dcm", grey(LARGE), number=number)
    return folder


def read_first(reader: Reader) -> None:
    settings = reader.program.workbench.settings
    settings.change(reading=Reading("Dr Li", ReadingMode.READ_FIRST))


def test_a_normal_film_ai_first_takes_at_most_six_acts(reader: Reader, normal: Path) -> None:
    assert walk(reader, normal, [Key.Key_X, Key.Key_F8]) <= 6


def test_the_last_look_before_signing_names_the_ai_that_proposed_nothing(
    reader: Reader, normal: Path
) -> None:
    said: list[str] = []

    def look(dialog: QDialog) -> None:
        said.extend(label.text() for label in dialog.findChildren(QLabel))
        dialog.reject()

    reader.open(normal)
    reader.wait(lambda: not reader.session.running)
    reader.answer(look, SignDialog)
    reader.press(Key.Key_X)
    reader.press(Key.Key_F8)
    reader.wait(lambda: bool(said))
    assert "No finding above threshold" in " ".join(said)


def test_three_findings_ai_first_take_at_most_ten_acts(
    reader: Reader, three_findings: Path
) -> None:
    keys = [Key.Key_N, Key.Key_C, Key.Key_O, Key.Key_C, Key.Key_X, Key.Key_F8]
    assert walk(reader, three_findings, keys) <= 9
    verdicts = [made.verdict for made in reader.case.decisions.values()]
    assert verdicts == [Verdict.CONFIRMED, Verdict.REJECTED, Verdict.CONFIRMED]


def test_a_normal_film_read_first_takes_one_act_more(reader: Reader, normal: Path) -> None:
    read_first(reader)
    assert walk(reader, normal, [Key.Key_X, Key.Key_F9, Key.Key_F8]) <= 6


def test_three_findings_of_the_ai_alone_cost_the_same_read_first_kept_or_taken_over(
    reader: Reader, three_findings: Path
) -> None:
    read_first(reader)
    keys = [Key.Key_X, Key.Key_F9, Key.Key_N, Key.Key_C, Key.Key_C, Key.Key_C, Key.Key_F8]
    assert walk(reader, three_findings, keys) <= 10
    assert len(reader.case.report.changes) == 3
