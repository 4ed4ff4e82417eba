"""Accounts: no ceremony for a site of one, a login for several, and one record for each coming and going."""

from dataclasses import replace
from pathlib import Path

import pytest
from readers import PASSWORD, prove

from viewer.app.commands.review import set_mode
from viewer.app.open_study import open_paths
from viewer.app.review_findings import attest_no_further_finding
from viewer.app.site_settings import change_site
from viewer.app.workbench import Workbench
from viewer.base.errors import LoginError, StoreError
from viewer.review.reading import ReadingMode
from viewer.store.users import Role


def kinds(bench: Workbench) -> list[str]:
    return [record.kind for record in bench.log.records()][1:]


def test_a_site_of_one_is_not_asked_until_it_signs(bench: Workbench) -> None:
    assert not bench.accounts.must_log_in
    prove(bench.accounts)
    bench.accounts.log_out()
    assert not bench.accounts.must_log_in
    assert bench.accounts.suggested_name == "li"


def test_a_second_user_or_the_site_makes_the_program_begin_with_a_login(bench: Workbench) -> None:
    prove(bench.accounts)
    bench.settings.change(site=replace(bench.settings.values.site, require_login=True))
    assert bench.accounts.must_log_in
    bench.settings.change(site=replace(bench.settings.values.site, require_login=False))
    bench.accounts.users.create("roe", "Dr Roe", PASSWORD, Role.READER)
    assert bench.accounts.must_log_in
    bench.accounts.users.set_active("roe", False)
    assert not bench.accounts.must_log_in


def test_a_login_without_any_account_is_never_asked_for(bench: Workbench) -> None:
    bench.settings.change(site=replace(bench.settings.values.site, require_login=True))
    assert not bench.accounts.must_log_in


def test_every_coming_and_going_leaves_one_record(bench: Workbench) -> None:
    prove(bench.accounts)
    bench.accounts.lock()
    bench.accounts.lock()
    with pytest.raises(LoginError):
        bench.accounts.unlock("li", "wrong horse")
    assert bench.session.presence.locked
    bench.accounts.unlock("li", PASSWORD)
    bench.accounts.log_out()
    bench.accounts.log_out()
    assert kinds(bench) == [
        "user_change",
        "login",
        "lock",
        "login_failure",
        "unlock",
        "logout",
    ]
    assert not bench.session.presence.locked


def test_another_reader_may_unlock_and_is_then_the_one_who_decides(
    bench: Workbench, two_patients: Path
) -> None:
    prove(bench.accounts)
    bench.accounts.users.create("roe", "Dr Roe", PASSWORD, Role.READER)
    open_paths(bench, [two_patients / "jane.dcm"])
    bench.accounts.lock()
    bench.accounts.unlock("roe", PASSWORD)
    assert kinds(bench)[-3:] == ["logout", "login", "unlock"]
    attest_no_further_finding(bench, True)
    record = list(bench.log.records())[-1]
    assert (record.kind, record.user) == ("verdict", "roe")
    assert bench.reader == "Dr Roe"
    assert bench.session.case is not None
    assert bench.session.case.history[-1].reader == "Dr Roe"  # type: ignore[union-attr]


def test_a_screen_without_account_is_not_locked_for_ever(bench: Workbench) -> None:
    bench.accounts.lock()
    assert not bench.session.presence.locked


def test_a_first_account_is_made_once(bench: Workbench) -> None:
    prove(bench.accounts)
    with pytest.raises(LoginError, match="already"):
        bench.accounts.create_first("roe", "Dr Roe", PASSWORD)


def test_a_password_is_changed_only_with_the_old_one(bench: Workbench) -> None:
    prove(bench.accounts)
    with pytest.raises(LoginError):
        bench.accounts.change_password("wrong horse", "another horse")
    bench.accounts.change_password(PASSWORD, "another horse")
    assert bench.accounts.log_in("li", "another horse")


def test_a_reader_cannot_act_as_administrator(bench: Workbench) -> None:
    prove(bench.accounts)
    bench.accounts.users.create("roe", "Dr Roe", PASSWORD, Role.READER)
    with pytest.raises(LoginError, match="not an administrator"):
        bench.accounts.prove_administrator("roe", PASSWORD)
    assert bench.accounts.prove_administrator("li", PASSWORD).role is Role.ADMINISTRATOR
    assert bench.accounts.user is not None and bench.accounts.user.name == "li"


def test_each_change_of_a_setting_is_recorded_once_and_what_is_merely_remembered_is_not(
    bench: Workbench,
) -> None:
    values = bench.settings.values
    bench.settings.change(
        site=replace(values.site, lock_minutes=3, database_url="postgresql://a:secret@b/c")
    )
    bench.settings.change(export=replace(values.export, folder="/home/Müller"))
    bench.settings.change(reading=replace(values.reading, reader="Dr Li"))
    (record,) = [one for one in bench.log.records() if one.kind == "settings_change"]
    assert record.detail["site.lock_minutes"] == "10 -> 3"
    assert "b/c" in record.detail["site.database_url"]
    assert "secret" not in str(record.detail)


def test_the_reading_mode_is_changed_with_an_administrators_password_only(bench: Workbench) -> None:
    set_mode(ReadingMode.READ_FIRST, bench)
    assert bench.settings.values.reading.mode is ReadingMode.READ_FIRST
    prove(bench.accounts)
    set_mode(ReadingMode.AI_FIRST, bench)
    assert bench.settings.values.reading.mode is ReadingMode.READ_FIRST
    bench.dialogs.login = ("li", PASSWORD)  # type: ignore[attr-defined]
    set_mode(ReadingMode.AI_FIRST, bench)
    assert bench.settings.values.reading.mode is ReadingMode.AI_FIRST
    changes = [one.detail for one in bench.log.records() if one.kind == "settings_change"]
    assert [list(one) for one in changes] == [["reading.mode"], ["reading.mode"]]


def test_a_database_that_does_not_answer_is_not_taken(bench: Workbench) -> None:
    wanted = replace(bench.settings.values.site, database_url="postgresql://a:secret@127.0.0.1:9/b")
    with pytest.raises(StoreError, match="cannot be opened"):
        change_site(bench, wanted)
    assert bench.settings.values.site.database_url == ""
