"""Later truth in the real window: from a signed case, by keys alone, kept, audited, counted in monitoring."""

from collections.abc import Callable
from pathlib import Path

import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey, sign_as
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QPushButton

from viewer.app.settings import Monitoring
from viewer.review.canonical import canonical_json, to_plain
from viewer.review.later_truth import TruthSource, TruthState
from viewer.review.monitoring import RATES
from viewer.ui.dialogs.exporting import ExportDialog
from viewer.ui.dialogs.monitoring.window import FIXED, MonitoringWindow
from viewer.ui.dialogs.signing import SignDialog
from viewer.ui.dialogs.truth_dialog import TruthDialog


@pytest.fixture
def reader(make_program: Callable[[], Reader], phantom_model: Path, tmp_path: Path) -> Reader:
    reader = make_program()
    reader.open(write_film(tmp_path / "film.dcm", grey((0.22, 0.70))))
    return reader


def signed(reader: Reader) -> Reader:
    reader.press(Qt.Key.Key_N)
    reader.press(Qt.Key.Key_C)
    reader.press(Qt.Key.Key_X)
    reader.answer(sign_as("Dr Li"), SignDialog)
    reader.answer(lambda dialog: dialog.reject(), ExportDialog)
    reader.press(Qt.Key.Key_F8)
    assert reader.case.report is not None
    act = reader.program.window.actions_of.by_key["report.later_truth"]
    reader.wait(act.isEnabled)
    return reader


def ask(reader: Reader) -> None:
    """The command of the menu; its key cannot be pressed once a dialog has taken the window's focus here."""
    reader.program.window.actions_of.by_key["report.later_truth"].trigger()


def truth_button(reader: Reader) -> QPushButton:
    buttons = reader.program.window.findings.findChildren(QPushButton)
    (button,) = [one for one in buttons if one.text().startswith("Later truth")]
    return button


def present_by_keys(dialog: QDialog) -> None:
    """Down in the first list, Tab, down four in the second, Tab, a date, Enter."""
    assert isinstance(dialog, TruthDialog)
    (row,) = dialog.rows
    row.state.setFocus()
    QTest.keyClick(row.state, Qt.Key.Key_Down)
    for _step in range(3):
        QTest.keyClick(row.source, Qt.Key.Key_Down)
    QTest.keyClicks(row.date, "2026-01-02")
    QTest.keyClick(row.date, Qt.Key.Key_Return)


def test_an_unsigned_case_has_no_later_truth(reader: Reader) -> None:
    assert not truth_button(reader).isVisible()
    assert not reader.program.window.actions_of.by_key["report.later_truth"].isEnabled()


def test_what_turned_out_later_is_recorded_beside_the_report(reader: Reader) -> None:
    report = signed(reader).case.report
    before = canonical_json(to_plain(report))
    assert "0 of 1 known" in truth_button(reader).text()
    reader.answer(present_by_keys, TruthDialog)
    ask(reader)
    (truth,) = reader.case.truths.values()
    assert (truth.state, truth.source) == (TruthState.PRESENT, TruthSource.PATHOLOGY)
    assert (truth.known_on, truth.reader) == ("2026-01-02", "Dr Li")
    assert "1 of 1 known" in truth_button(reader).text()
    assert canonical_json(to_plain(reader.case.report)) == before
    bench = reader.program.workbench
    assert [one.kind for one in bench.log.records()].count("later_truth") == 1
    stored = bench.cases.load(reader.session.index.studies[0])
    assert stored.truths == reader.case.truths


def test_an_answer_without_a_source_is_refused_in_the_dialog_and_nothing_is_kept(
    reader: Reader,
) -> None:
    signed(reader)
    said: list[str] = []

    def hurried(dialog: QDialog) -> None:
        assert isinstance(dialog, TruthDialog)
        dialog.rows[0].state.setCurrentIndex(2)
        dialog.save.click()
        said.append(dialog.fault.text())
        dialog.reject()

    reader.answer(hurried, TruthDialog)
    ask(reader)
    assert "known from" in said[0]
    assert reader.case.truths == {}


def test_recording_twice_the_same_leaves_one_event(reader: Reader) -> None:
    signed(reader)
    for _time in range(2):
        reader.answer(present_by_keys if not reader.case.truths else QDialog.accept, TruthDialog)
        ask(reader)
    length = len(reader.case.history)
    reader.answer(lambda dialog: dialog.save.click(), TruthDialog)  # type: ignore[attr-defined]
    ask(reader)
    assert len(reader.case.history) == length


def test_monitoring_counts_against_the_truth_with_the_caveat_in_view(reader: Reader) -> None:
    bench = signed(reader).program.workbench
    bench.settings.change(monitoring=Monitoring(least_n=1))
    reader.answer(present_by_keys, TruthDialog)
    ask(reader)
    reader.program.window.actions_of.by_key["ai.monitoring"].trigger()
    (window,) = reader.program.window.findChildren(MonitoringWindow)
    reader.wait(lambda: window.table.topLevelItemCount() == 1)
    columns = {rate.key: place for place, rate in enumerate(RATES, start=FIXED)}
    assert window.table.isColumnHidden(columns["ai_missed"])
    window.by_truth.setChecked(True)
    assert not window.table.isColumnHidden(columns["ai_missed"])
    assert window.table.isColumnHidden(columns["agreement"])
    item = window.table.topLevelItem(0)
    assert item is not None
    assert item.text(columns["truth_known"]).startswith("100%")
    assert item.text(columns["ai_missed"]).startswith("0%")
    assert item.text(columns["ai_false"]) == "too few (0)"
    assert "1 of 1 findings the AI proposed" in window.warning.text()
