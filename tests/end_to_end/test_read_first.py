"""Read first in the real window: no trace of an AI before the lock, every difference resolved after it."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey, sign_as
from model_packages import build_package
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QComboBox
from visible_state import differences, stored_words, texts, visible_state

from viewer.app.settings import Reading
from viewer.base.paths import data_folder
from viewer.review.decision import ChangeReason, Confidence, Verdict
from viewer.review.reading import ReadingMode
from viewer.review.workflow import Stage
from viewer.ui.dialogs.exporting import ExportDialog
from viewer.ui.dialogs.signing import SignDialog
from viewer.ui.panels.add_form import AddForm
from viewer.ui.panels.finding_card import FindingCard

Key = Qt.Key
LARGE = (0.22, 0.70)
MODEL = "Heart size of a phantom"

ALWAYS, NEVER = 0.01, 0.99
"""Thresholds of one network for one film: it proposes a finding, or it does not."""


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.dcm", grey(LARGE))


@pytest.fixture
def start(
    make_program: Callable[[], Reader],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    film: Path,
) -> Callable[[float, ReadingMode], Reader]:
    """The program in a home of its own, with a network of that threshold, in that mode, on the film."""
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")

    def begin(threshold: float, mode: ReadingMode = ReadingMode.READ_FIRST) -> Reader:
        monkeypatch.setenv("SECONDREAD_HOME", str(tmp_path / f"home {threshold} {mode.value}"))

        def change(manifest: dict) -> None:
            (point,) = manifest["operating_points"]
            point["thresholds"] = dict.fromkeys(point["thresholds"], threshold)

        build_package(data_folder() / "models" / "phantom_reader", change)
        reader = make_program()
        reader.program.workbench.settings.change(reading=Reading("Dr Li", mode))
        reader.open(film)
        reader.wait(lambda: not reader.program.window.browser.findChildren(QComboBox))
        return reader

    return begin


EVERY_KEY_OF_AI = (
    (Key.Key_Space, None),
    (Key.Key_Space, Qt.KeyboardModifier.ShiftModifier),
    (Key.Key_R, Qt.KeyboardModifier.ControlModifier),
    (Key.Key_N, None),
    (Key.Key_C, None),
    (Key.Key_O, None),
    (Key.Key_F2, None),
    (Key.Key_F3, None),
    (Key.Key_U, None),
    (Key.Key_F8, None),
    (Key.Key_E, Qt.KeyboardModifier.ControlModifier),
)

MOST_LOOKS = 20


def settle(reader: Reader) -> None:
    """Let jobs and timers end, so that two programs are compared at rest: all is read twice the same."""
    window = reader.program.window
    reader.wait(lambda: not reader.session.running and window.viewport.frame is not None)
    window.viewport.setFocus()
    before: object = None
    for _attempt in range(MOST_LOOKS):
        reader.qtbot.wait(300)
        now = visible_state(window)
        if now == before:
            return
        before = now
    raise AssertionError("the window does not come to rest")


def blind_states(reader: Reader, caplog: pytest.LogCaptureFixture) -> list[object]:
    """The program as it opens, and after every key that has to do with AI."""
    settle(reader)
    states: list[object] = [visible_state(reader.program.window)]
    for key, modifier in EVERY_KEY_OF_AI:
        reader.press(key, modifier)
    settle(reader)
    states.append(visible_state(reader.program.window))
    states += [reader.strip, [one.getMessage() for one in caplog.records]]
    states += [dict(reader.session.running), dict(reader.session.heatmaps)]
    return states


def close(reader: Reader) -> None:
    reader.program.window.close()
    QApplication.processEvents()


@pytest.mark.parametrize("acts", [(), (Key.Key_X,)], ids=["nothing stated", "no finding stated"])
def test_before_the_lock_nothing_tells_whether_the_ai_would_propose_a_finding(
    start: Callable[[float], Reader],
    acts: tuple[Key, ...],
    caplog: pytest.LogCaptureFixture,
    tmp_path: Path,
) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []
    for threshold in (ALWAYS, NEVER):
        caplog.clear()
        reader = start(threshold)
        for key in acts:
            reader.press(key)
        states = blind_states(reader, caplog)
        states.append(stored_words(tmp_path / f"home {threshold} read_first"))
        assert reader.case.stage is Stage.BLIND
        assert reader.case.runs == {}
        assert "AI withheld" in texts(states) and "Read first" in texts(states)
        assert MODEL not in texts(states)
        seen.append(states)
        close(reader)
    positive, negative = seen
    assert differences(positive, negative) == []


def test_the_same_comparison_tells_the_two_apart_once_the_ai_may_be_seen(
    start: Callable[..., Reader], caplog: pytest.LogCaptureFixture
) -> None:
    """So the comparison above could have failed."""
    seen = []
    for threshold in (ALWAYS, NEVER):
        reader = start(threshold, ReadingMode.AI_FIRST)
        settle(reader)
        seen.append(visible_state(reader.program.window))
        close(reader)
    positive, negative = seen
    for part in ("widgets", "picture"):
        assert positive[part] != negative[part]
    assert MODEL in texts(positive)


def test_a_normal_film_is_read_locked_revealed_and_signed(start: Callable[[float], Reader]) -> None:
    reader = start(NEVER)
    reader.press(Key.Key_F9)
    assert reader.case.stage is Stage.BLIND
    assert "no finding" in reader.strip
    reader.press(Key.Key_X)
    reader.press(Key.Key_F9)
    reader.wait(lambda: bool(reader.case.runs))
    assert "No finding above threshold" in reader.words()
    reader.answer(sign_as("Dr Li"), SignDialog)
    reader.answer(lambda dialog: dialog.reject(), ExportDialog)
    reader.press(Key.Key_F8)
    report = reader.case.report
    assert report is not None and report.reading_mode is ReadingMode.READ_FIRST
    assert report.first_read is not None and report.first_read.findings == ()
    assert report.revealed_at is not None and report.first_read.at <= report.revealed_at


def add(reader: Reader, letters: str, side: Key | None, sure: Key) -> None:
    """State a finding of one's own as a reader types it."""
    reader.session.pointer_px = (120.0, 200.0)
    reader.press(Key.Key_A)
    form = reader.program.window.findings.findChild(AddForm)
    finding, sides, confidence = form.findChildren(QComboBox)
    reader.wait(finding.hasFocus)
    reader.qtbot.keyClicks(finding, letters)
    if side is not None:
        reader.qtbot.keyClick(sides, side)
    reader.qtbot.keyClick(confidence, sure)
    reader.qtbot.keyClick(confidence, Key.Key_Return)
    reader.program.window.activateWindow()  # the completer's list took it from the offscreen window


def test_what_a_finding_lacks_is_said_beside_its_fields_and_arrows_choose(
    start: Callable[[float], Reader],
) -> None:
    reader = start(NEVER)
    reader.press(Key.Key_A)
    form = reader.program.window.findings.findChild(AddForm)
    finding, _sides, confidence = form.findChildren(QComboBox)
    reader.wait(finding.hasFocus)
    finding.setEditText("mass")
    form.keep()
    assert "Lung mass, Mass" in form.words.text() and form.words.isVisible()
    finding.setEditText("lung mass")
    form.keep()
    assert "how sure" in form.words.text()
    asked = QKeyEvent(QEvent.Type.ShortcutOverride, Key.Key_Down, Qt.KeyboardModifier.NoModifier)
    asked.ignore()
    assert confidence.event(asked) and asked.isAccepted(), "the slices would take the arrow"
    reader.qtbot.keyClick(confidence, Key.Key_Down)
    reader.qtbot.keyClick(confidence, Key.Key_Return)
    (own,) = reader.case.added.values()
    assert own.label == "Lung mass"


def card(reader: Reader, label: str) -> FindingCard:
    cards = reader.program.window.findings.findChildren(FindingCard)
    (found,) = [one for one in cards if label in one.accessibleName() and one.isVisible()]
    return found


def test_a_finding_of_the_ai_alone_is_kept_out_or_taken_over_by_one_key_each(
    start: Callable[[float], Reader],
) -> None:
    reader = start(ALWAYS)
    reader.press(Key.Key_X)
    reader.press(Key.Key_F9)
    reader.wait(lambda: bool(reader.case.proposed))
    assert "Not in your first read" in reader.words()
    reader.press(Key.Key_C)
    (made,) = reader.case.decisions.values()
    assert (made.verdict, made.change) == (Verdict.CONFIRMED, ChangeReason.OVERLOOKED)
    reader.press(Key.Key_N)
    reader.session.select(made.tracking_uid)
    reader.press(Key.Key_U)
    reader.press(Key.Key_O)
    (made,) = reader.case.decisions.values()
    assert (made.verdict, made.change) == (Verdict.REJECTED, None)


def test_each_reason_for_a_change_of_mind_is_one_click(start: Callable[[float], Reader]) -> None:
    reader = start(ALWAYS)
    reader.press(Key.Key_X)
    reader.press(Key.Key_F9)
    reader.wait(lambda: bool(reader.case.proposed))
    reader.click("Judged anew")
    (made,) = reader.case.decisions.values()
    assert made.change is ChangeReason.JUDGED_OTHERWISE


def test_a_finding_the_ai_does_not_propose_is_kept_or_withdrawn_with_a_reason(
    start: Callable[[float], Reader],
) -> None:
    reader = start(NEVER)
    add(reader, "enlarged card", None, Key.Key_L)
    (own,) = reader.case.added.values()
    assert reader.case.decisions[own.tracking_uid].confidence is Confidence.LIKELY
    reader.press(Key.Key_F9)
    reader.wait(lambda: bool(reader.case.unresolved))
    assert "does not propose it" in reader.words()
    reader.press(Key.Key_F8)
    assert "to keep or withdraw" in reader.strip
    reader.press(Key.Key_N)
    reader.press(Key.Key_C)
    assert reader.case.unresolved == ()
    reader.session.select(own.tracking_uid)
    reader.press(Key.Key_U)
    reader.click("Not sure")
    assert reader.case.added == {}


def test_a_finding_without_confidence_is_not_taken_and_the_form_stays(
    start: Callable[[float], Reader],
) -> None:
    reader = start(NEVER)
    add(reader, "enlarged card", None, Key.Key_Z)
    assert "how sure" in reader.strip
    assert reader.case.added == {}
    assert reader.session.adding is not None


def test_a_case_that_was_locked_when_the_program_died_is_revealed_by_the_same_key(
    start: Callable[[float], Reader], monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = start(ALWAYS)
    reader.press(Key.Key_X)
    record = type(reader.program.workbench).record

    def die_at_the_reveal(bench: object, study: object, event: object) -> None:
        if type(event).__name__ == "Revealed":
            raise OSError("the plug was pulled")
        record(bench, study, event)  # type: ignore[arg-type]

    with monkeypatch.context() as broken:
        broken.setattr(type(reader.program.workbench), "record", die_at_the_reveal)
        with reader.qtbot.captureExceptions():
            reader.press(Key.Key_F9)
    assert reader.case.stage is Stage.LOCKED
    assert reader.case.runs == {}
    reader.press(Key.Key_F9)
    reader.wait(lambda: bool(reader.case.proposed))


def test_a_case_keeps_the_mode_it_was_begun_in_when_the_site_changes_its_mode(
    start: Callable[..., Reader],
) -> None:
    reader = start(ALWAYS)
    settings = reader.program.workbench.settings
    settings.change(reading=Reading("Dr Li", ReadingMode.AI_FIRST))
    settle(reader)
    assert reader.case.stage is Stage.BLIND
    assert MODEL not in texts(visible_state(reader.program.window))
