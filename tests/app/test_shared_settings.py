"""Settings of the site hold at every workstation on its database; only administrators change them."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from held_runner import HeldRunner
from readers import PASSWORD, prove

from viewer.app.commands.ai import int8, screening
from viewer.app.commands.review import set_mode
from viewer.app.compose import MakeDialogs, compose
from viewer.app.open_study import open_paths
from viewer.app.settings import SETTINGS_NAME
from viewer.app.workbench import Workbench
from viewer.base.errors import LoginError, StoreError
from viewer.base.paths import data_folder, settings_folder
from viewer.inference.model_store import ModelStore
from viewer.inference.precision import Precision
from viewer.review.reading import ReadingMode
from viewer.review.workflow import Stage
from viewer.store.database import DATABASE_NAME, URL_VARIABLE
from viewer.store.users import Role


def desk(home: Path, answers: MakeDialogs, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """A workstation with a home of its own, on the database of the site."""
    monkeypatch.setenv("SECONDREAD_HOME", str(home))
    return compose(HeldRunner(), answers, ModelStore([home / "none"]))


@pytest.fixture
def desks(
    tmp_path: Path, answers: MakeDialogs, monkeypatch: pytest.MonkeyPatch
) -> tuple[Workbench, Workbench]:
    monkeypatch.setenv(URL_VARIABLE, f"sqlite:///{tmp_path / 'site.sqlite'}")
    return (
        desk(tmp_path / "one", answers, monkeypatch),
        desk(tmp_path / "two", answers, monkeypatch),
    )


def test_the_reading_mode_set_at_one_workstation_holds_for_the_next_study_of_another(
    desks: tuple[Workbench, Workbench], two_patients: Path
) -> None:
    one, other = desks
    set_mode(ReadingMode.READ_FIRST, one)
    assert other.settings.values.reading.mode is ReadingMode.AI_FIRST
    open_paths(other, [two_patients / "jane.dcm"])
    assert other.session.reading_mode is ReadingMode.READ_FIRST
    assert other.session.case is not None and other.session.case.stage is Stage.BLIND


def test_int8_chosen_at_one_workstation_holds_at_another(
    desks: tuple[Workbench, Workbench],
) -> None:
    one, other = desks
    int8(one)
    other.shared.refresh()
    assert other.settings.values.inference.precision is Precision.INT8


def test_what_another_workstation_changed_is_not_recorded_as_a_change_of_this_one(
    desks: tuple[Workbench, Workbench],
) -> None:
    one, other = desks
    screening(one)
    other.shared.refresh()
    assert other.settings.values.inference.operating_point == "screening"
    records = [one for one in other.log.records() if one.kind == "settings_change"]
    assert [dict(record.detail) for record in records] == [
        {"inference.operating_point": "second_read -> screening"}
    ]


def test_two_changes_of_two_workstations_both_hold(desks: tuple[Workbench, Workbench]) -> None:
    one, other = desks
    set_mode(ReadingMode.READ_FIRST, one)
    other.settings.change(site=replace(other.settings.values.site, lock_minutes=3))
    for each in desks:
        each.shared.refresh()
        assert each.settings.values.reading.mode is ReadingMode.READ_FIRST
        assert each.settings.values.site.lock_minutes == 3


def test_a_file_edited_by_hand_does_not_switch_reading_first_off(
    bench: Workbench, answers: MakeDialogs, tmp_path: Path
) -> None:
    set_mode(ReadingMode.READ_FIRST, bench)
    path = settings_folder() / SETTINGS_NAME
    plain = json.loads(path.read_text())
    plain["reading"]["mode"] = "ai_first"
    path.write_text(json.dumps(plain))
    later = compose(HeldRunner(), answers, ModelStore([tmp_path / "none"]))
    assert later.session.reading_mode is ReadingMode.READ_FIRST


def test_what_an_older_program_kept_in_the_file_becomes_the_sites_and_is_recorded(
    answers: MakeDialogs, tmp_path: Path
) -> None:
    path = settings_folder() / SETTINGS_NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"schema_version": 1, "reading": {"mode": "read_first"}}))
    bench = compose(HeldRunner(), answers, ModelStore([tmp_path / "none"]))
    assert bench.session.reading_mode is ReadingMode.READ_FIRST
    (record,) = [one for one in bench.log.records() if one.kind == "settings_change"]
    assert record.detail["what"] == "shared with all workstations"
    assert "read_first" in record.detail["reading.mode"]


def test_a_change_that_cannot_be_shared_does_not_hold_here(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_given: object) -> None:
        raise StoreError("away")

    monkeypatch.setattr("viewer.store.site_settings.SiteSettingsStore.record", away)
    with pytest.raises(StoreError, match="away"):
        set_mode(ReadingMode.READ_FIRST, bench)
    assert bench.settings.values.reading.mode is ReadingMode.AI_FIRST


def test_settings_somebody_damaged_in_the_database_are_told(
    bench: Workbench, answers: MakeDialogs, tmp_path: Path
) -> None:
    bench.shared._store.record({"reading.mode": '"sideways"'}, {})
    assert (data_folder() / DATABASE_NAME).is_file()
    with pytest.raises(StoreError, match="settings of the site"):
        compose(HeldRunner(), answers, ModelStore([tmp_path / "none"]))


@pytest.mark.parametrize("act", [screening, lambda bench: set_mode(ReadingMode.READ_FIRST, bench)])
def test_a_reader_changes_no_setting_of_the_site_and_the_try_is_recorded(
    bench: Workbench, act: object
) -> None:
    prove(bench.accounts)
    bench.accounts.users.create("roe", "Dr Roe", PASSWORD, Role.READER)
    bench.dialogs.login = ("roe", PASSWORD)  # type: ignore[attr-defined]
    before = bench.settings.values
    with pytest.raises(LoginError, match="not an administrator"):
        act(bench)  # type: ignore[operator]
    assert bench.settings.values == before
    record = list(bench.log.records())[-1]
    assert (record.kind, record.detail["user"]) == ("refusal", "roe")
    assert "administrator" in record.detail["act"]
