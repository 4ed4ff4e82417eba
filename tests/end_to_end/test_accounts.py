"""Accounts in the real window: signing by password, the lock screen, another workstation, the audit window."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey, sign_as
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QPushButton, QWidget
from readers import PASSWORD, fill, prove
from store_desks import Desk, tamper

from viewer.app.case_locks import beat
from viewer.app.compose import compose
from viewer.app.jobs import InlineRunner
from viewer.app.settings import Site
from viewer.base.paths import data_folder
from viewer.inference.model_store import ModelStore
from viewer.review.audit import Actor
from viewer.review.workflow import Stage
from viewer.store.locks import LockStore
from viewer.store.users import Role
from viewer.ui.dialogs.audit_window import AuditWindow
from viewer.ui.dialogs.credentials import LoginDialog
from viewer.ui.dialogs.exporting import ExportDialog
from viewer.ui.dialogs.signing import SignDialog
from viewer.ui.dialogs.site_dialog import SiteDialog
from viewer.ui.dialogs.users_dialog import FormDialog, UsersDialog

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier
SMALL = (0.42, 0.66)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.dcm", grey(SMALL))


@pytest.fixture
def reader(make_program: Callable[[], Reader], phantom_model: Path, film: Path) -> Reader:
    """With the film open and nothing further to find."""
    made = make_program()
    made.open(film)
    made.press(Key.Key_X)
    return made


def kinds(reader: Reader) -> list[str]:
    return [record.kind for record in reader.program.workbench.log.records()]


def press_after_dialogs(reader: Reader, *keys: Qt.Key) -> None:
    """Keys reach the window only once it is the active one again."""
    reader.program.window.activateWindow()
    reader.wait(reader.program.window.isActiveWindow)
    for key in keys:
        reader.press(key)


def sign(reader: Reader) -> None:
    reader.answer(sign_as("Dr Änne Li"), SignDialog)
    reader.answer(lambda dialog: dialog.reject(), ExportDialog)
    reader.press(Key.Key_F8)


def test_the_first_signature_makes_the_account_and_the_second_needs_only_its_password(
    reader: Reader,
) -> None:
    sign(reader)
    assert reader.case.stage is Stage.SIGNED
    assert reader.case.report is not None
    signature = reader.case.report.signature
    assert (signature.reader, signature.user) == ("Dr Änne Li", "li")
    assert signature.at.tzinfo is not None
    reader.program.window.actions_of.by_key["report.amend"].trigger()
    press_after_dialogs(reader, Key.Key_X, Key.Key_X)
    typed: list[str] = []

    def password_and_enter(dialog: QDialog) -> None:
        focused = dialog.focusWidget()
        assert focused is not None
        typed.append(focused.accessibleName())  # type: ignore[attr-defined]
        QTest.keyClicks(focused, PASSWORD)
        QTest.keyClick(focused, Key.Key_Return)

    reader.answer(password_and_enter, SignDialog)
    reader.answer(lambda dialog: dialog.reject(), ExportDialog)
    reader.press(Key.Key_F8)
    assert typed == ["Password"]
    assert reader.case.report.version == 2


def test_a_wrong_password_signs_nothing_loses_nothing_and_is_recorded(reader: Reader) -> None:
    prove(reader.program.workbench.accounts)
    said: list[str] = []

    def wrong_then_give_up(dialog: QDialog) -> None:
        for _try in range(3):
            fill(dialog, Password="wrong horse")
            QTest.keyClick(dialog.focusWidget(), Key.Key_Return)
        said.extend(one.text() for one in dialog.findChildren(QWidget) if hasattr(one, "say"))
        dialog.reject()

    reader.answer(wrong_then_give_up, SignDialog)
    reader.press(Key.Key_F8)
    assert reader.case.stage is Stage.READING
    assert reader.case.no_further_finding
    assert kinds(reader).count("login_failure") == 3
    assert "Try again in 2 seconds" in said[0]


def shown_words(reader: Reader) -> str:
    """All that can be read on any window of the program."""
    texts = []
    for window in QApplication.topLevelWidgets():
        for widget in (window, *window.findChildren(QWidget)):
            if widget.isVisible() and hasattr(widget, "text") and callable(widget.text):
                texts.append(str(widget.text()))
    return "\n".join(texts)


def test_a_locked_screen_shows_no_image_no_finding_and_no_name_until_the_password(
    reader: Reader,
) -> None:
    prove(reader.program.workbench.accounts)
    window = reader.program.window
    reader.program.workbench.dialogs.show_text("Tags of DOE", "DOE")
    assert "DOE" in shown_words(reader)
    reader.press(Key.Key_L, CTRL)
    assert reader.session.presence.locked
    assert "DOE" not in shown_words(reader)
    for hidden in (window.viewport, window.findings, window.browser, window.statusBar()):
        assert not hidden.isVisible()
    attested = reader.case.no_further_finding
    QTest.keyClick(window, Key.Key_X)
    window.actions_of.by_key["review.no_further_finding"].trigger()
    assert reader.case.no_further_finding == attested
    fill(window.lock_screen, Password="wrong horse")  # type: ignore[arg-type]
    QTest.keyClick(window.lock_screen.focusWidget() or window.lock_screen, Key.Key_Return)
    assert reader.session.presence.locked
    field = fill(window.lock_screen, Password=PASSWORD)  # type: ignore[arg-type]
    QTest.keyClick(field, Key.Key_Return)
    assert not reader.session.presence.locked
    assert window.viewport.isVisible()
    assert "DOE" in shown_words(reader)
    assert [kind for kind in kinds(reader) if "lock" in kind] == ["lock", "unlock"]


def test_the_screen_locks_by_itself_after_the_minutes_of_the_site(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = reader.program.workbench
    prove(bench.accounts)
    attendance = reader.program.window.attendance
    now = [attendance._last]
    monkeypatch.setattr("viewer.ui.attendance.monotonic", lambda: now[0])
    for minutes, locked in ((9.9, False), (10.1, True)):
        now[0] = attendance._last + 60 * minutes
        attendance.look()
        assert reader.session.presence.locked == locked
    bench.accounts.unlock("li", PASSWORD)
    bench.settings.change(site=replace(bench.settings.values.site, lock_minutes=0))
    now[0] += 1e6
    attendance.look()
    assert not reader.session.presence.locked


def test_a_question_that_waits_is_given_up_when_the_screen_locks(reader: Reader) -> None:
    prove(reader.program.workbench.accounts)
    reader.answer(lambda _dialog: reader.program.workbench.accounts.lock(), SignDialog)
    reader.press(Key.Key_F8)
    assert reader.session.presence.locked
    assert reader.case.stage is Stage.READING


def test_another_workstations_case_is_told_above_the_image_and_taken_over_on_purpose(
    make_program: Callable[[], Reader], phantom_model: Path, film: Path, tmp_path: Path
) -> None:
    first = make_program()
    first.open(film)
    study = first.session.shown.study  # type: ignore[union-attr]
    roe = Actor("roe", "Dr Roe", "WS-2", "elsewhere")
    desk = Desk(data_folder() / "cases.sqlite", tmp_path, roe)
    LockStore(desk.log, lambda: roe).take_over(study)

    beat(first.program.workbench)
    strip = first.program.window.lock_strip
    assert strip.text.startswith("Dr Roe has this case since")
    first.press(Key.Key_X)
    assert not first.case.no_further_finding
    (take,) = strip.findChildren(QPushButton)

    def yes(box: QDialog) -> None:
        (button,) = [one for one in box.findChildren(QPushButton) if one.text() == "Take over"]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    first.answer(yes, QDialog)
    QTest.mouseClick(take, Qt.MouseButton.LeftButton)
    assert strip.text == ""
    press_after_dialogs(first, Key.Key_X)
    assert first.case.no_further_finding
    assert kinds(first).count("takeover") == 2
    desk.engine.dispose()


def test_with_two_users_the_program_begins_with_a_login(make_program: Callable[[], Reader]) -> None:
    program = make_program().program
    assert program.admit()
    prove(program.workbench.accounts)
    program.workbench.accounts.users.create("roe", "Dr Roe", PASSWORD, Role.READER)
    program.workbench.accounts.log_out()
    again = make_program()
    again.answer(lambda dialog: dialog.reject(), LoginDialog)
    assert not again.program.admit()

    def log_in(dialog: QDialog) -> None:
        fill(dialog, User_name="roe")
        QTest.keyClick(fill(dialog, Password=PASSWORD), Key.Key_Return)

    again.answer(log_in, LoginDialog)
    assert again.program.admit()
    assert again.program.workbench.reader == "Dr Roe"


def test_start_and_end_leave_one_record_each(make_program: Callable[[], Reader]) -> None:
    reader = make_program()
    reader.program.window.close()
    reader.program.window.close()
    assert kinds(reader) == ["database", "start", "stop"]


def test_the_site_is_changed_with_an_administrators_password_only(reader: Reader) -> None:
    bench = reader.program.workbench
    prove(bench.accounts)
    bench.accounts.users.create("roe", "Dr Roe", PASSWORD, Role.READER)
    action = reader.program.window.actions_of.by_key["account.site_settings"]

    def three_minutes(dialog: QDialog) -> None:
        assert isinstance(dialog, SiteDialog)
        dialog._minutes.setValue(3)
        dialog.accept()

    def as_user(name: str) -> Callable[[QDialog], None]:
        def act(dialog: QDialog) -> None:
            fill(dialog, User_name=name)
            QTest.keyClick(fill(dialog, Password=PASSWORD), Key.Key_Return)
            if dialog.isVisible():
                dialog.reject()

        return act

    for name, minutes in (("roe", 10), ("li", 3)):
        reader.answer(three_minutes, SiteDialog)
        reader.answer(as_user(name), LoginDialog)
        action.trigger()
        assert bench.settings.values.site == Site(lock_minutes=minutes)
    assert kinds(reader).count("settings_change") == 1


def test_an_administrator_adds_a_user_in_the_window(reader: Reader) -> None:
    bench = reader.program.workbench
    prove(bench.accounts)

    def administrator(dialog: QDialog) -> None:
        QTest.keyClick(fill(dialog, Password=PASSWORD), Key.Key_Return)

    def new_user(dialog: QDialog) -> None:
        fill(dialog, Name_of_the_reader="Dr. Roe")
        QTest.keyClick(fill(dialog, Password=PASSWORD, Password_again=PASSWORD), Key.Key_Return)

    def add(dialog: QDialog) -> None:
        reader.answer(new_user, FormDialog)
        dialog.findChildren(QPushButton)[0].click()
        dialog.accept()

    reader.answer(administrator, LoginDialog)
    reader.answer(add, UsersDialog)
    users = reader.program.window.actions_of.by_key["account.users"]
    reader.wait(users.isEnabled)
    users.trigger()
    assert [(one.name, one.role) for one in bench.accounts.users.all()] == [
        ("li", Role.ADMINISTRATOR),
        ("roe", Role.READER),
    ]


def audit_window(reader: Reader) -> AuditWindow:
    reader.program.window.actions_of.by_key["account.audit_log"].trigger()
    return reader.program.window.findChildren(AuditWindow)[-1]


def test_the_audit_window_filters_verifies_and_exports_and_each_is_recorded(
    reader: Reader, tmp_path: Path
) -> None:
    sign(reader)
    window = audit_window(reader)
    assert kinds(reader)[-1] == "audit_read"
    everything = window._table.topLevelItemCount()
    assert everything == len(kinds(reader))
    window._kind.setCurrentIndex(window._kind.findData("sign"))
    assert window._table.topLevelItemCount() == 1
    assert "report_sha256" in window._table.topLevelItem(0).text(6)  # type: ignore[union-attr]
    window._kind.setCurrentIndex(0)
    window._period.setChecked(True)
    assert window._table.topLevelItemCount() == everything
    window.export_to(tmp_path / "log.jsonl")
    reader.wait(lambda: "written to" in window._words.text())
    lines = (tmp_path / "log.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["kind"] for line in lines][-1] == "audit_read"
    assert kinds(reader)[-1] == "audit_export"
    window.verify()
    reader.wait(lambda: "as they were written" in window._words.text())


def test_the_audit_window_says_the_first_bad_record(reader: Reader) -> None:
    window = audit_window(reader)
    tamper(
        reader.program.workbench.log.engine, "UPDATE audit SET user_name = 'x' WHERE sequence = 2"
    )
    window.verify()
    reader.wait(lambda: "does not hold" in window._words.text())
    assert "record 2 was changed after it was written" in window._words.text()


def test_a_database_url_of_the_site_is_where_cases_are_kept(
    own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "room.sqlite"
    monkeypatch.setenv("SECONDREAD_DATABASE_URL", f"sqlite:///{place}")
    made = compose(InlineRunner(), lambda _session, _settings: None, ModelStore([]))  # type: ignore[arg-type,return-value]
    assert place.is_file()
    assert not (own_home / "cases.sqlite").exists()
    assert made.log.head().sequence == 1
