"""Settings of the site: the last value counts, every change is recorded with it, nothing is rewritten."""

from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError
from store_desks import LI, ROE, Desk

from viewer.store.site_settings import SiteSettingsStore


def test_the_last_value_counts_at_every_desk_and_each_change_has_its_record(tmp_path: Path) -> None:
    place = tmp_path / "cases.sqlite"
    mine = Desk(place, tmp_path, LI)
    theirs = Desk(place, tmp_path, ROE)
    SiteSettingsStore(mine.log).record({"site.lock_minutes": "5"}, {"site.lock_minutes": "10 -> 5"})
    SiteSettingsStore(theirs.log).record({"site.lock_minutes": "3", "a.b": '"x"'}, {"what": "two"})
    assert SiteSettingsStore(mine.log).current() == {"site.lock_minutes": "3", "a.b": '"x"'}
    records = [one for one in mine.log.records() if one.kind == "settings_change"]
    assert [(one.user, dict(one.detail)) for one in records] == [
        ("li", {"site.lock_minutes": "10 -> 5"}),
        ("roe", {"what": "two"}),
    ]


@pytest.mark.parametrize(
    "statement", ["DELETE FROM site_settings", "UPDATE site_settings SET value = '1'"]
)
def test_the_database_refuses_to_rewrite_them(tmp_path: Path, statement: str) -> None:
    desk = Desk(tmp_path / "cases.sqlite", tmp_path, LI)
    SiteSettingsStore(desk.log).record({"a.b": "1"}, {})
    with pytest.raises(DatabaseError, match="append-only"), desk.engine.begin() as connection:
        connection.execute(text(statement))
