"""Keys of the reader's own: kept, never with two meanings, refused with the name of the other command."""

from pathlib import Path

import pytest

from viewer.app.settings import Settings
from viewer.app.shortcuts import (
    assign,
    key_rows,
    keys_in_force,
    matching,
    reset,
    reset_all,
    with_key,
)
from viewer.base.errors import SettingsError


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.json")


def keys(settings: Settings) -> dict[str, tuple[str, ...]]:
    return keys_in_force(settings.values.shortcuts)


def test_a_new_key_is_there_at_the_next_start_and_takes_the_place_of_the_default(
    settings: Settings, tmp_path: Path
) -> None:
    assign(settings, "review.confirm", "Ctrl+1")
    again = Settings(tmp_path / "settings.json")
    assert keys(again)["review.confirm"] == ("Ctrl+1",)


@pytest.mark.parametrize(
    ("key", "title"),
    [("O", "Override finding"), ("F1", "User guide"), ("ctrl+shift+o", "Open files…")],
)
def test_a_taken_key_is_refused_and_the_other_command_named(
    settings: Settings, key: str, title: str
) -> None:
    with pytest.raises(SettingsError, match=title):
        assign(settings, "review.confirm", key)
    assert settings.values.shortcuts == {}


def test_a_key_given_away_is_free_for_another_command(settings: Settings) -> None:
    assign(settings, "review.override", "")
    assign(settings, "review.confirm", "O")
    assert keys(settings)["review.override"] == ()
    assert keys(settings)["review.confirm"] == ("O",)


def test_a_default_that_was_given_away_does_not_come_back_by_reset(settings: Settings) -> None:
    assign(settings, "review.override", "Ctrl+2")
    assign(settings, "review.confirm", "O")
    with pytest.raises(SettingsError, match="Confirm finding"):
        reset(settings, "review.override")
    assert keys(settings)["review.override"] == ("Ctrl+2",)
    reset(settings, "review.confirm")
    reset(settings, "review.override")
    assert settings.values.shortcuts == {}


def test_all_defaults_come_back_together(settings: Settings) -> None:
    before = keys(settings)
    assign(settings, "review.override", "Ctrl+2")
    assign(settings, "review.confirm", "O")
    reset_all(settings)
    assert keys(settings) == before


def test_the_same_key_may_be_given_again(settings: Settings) -> None:
    assign(settings, "series.next_slice", "Down")
    assert keys(settings)["series.next_slice"] == ("Down",)


@pytest.mark.parametrize(
    "own",
    [
        {"review.confirm": "O"},
        {"review.confirm": "F1"},
        {"review.confirm": "Ctrl+9", "review.override": "Ctrl+9"},
        {"a.command.of.the.past": "C"},
    ],
)
def test_a_file_edited_by_hand_gives_no_key_two_meanings(own: dict[str, str]) -> None:
    given = [key for row in key_rows(own) for key in row.keys if row.menu != "Mouse"]
    assert len(given) == len(set(given))


def test_search_finds_by_menu_command_and_key() -> None:
    rows = key_rows({})
    assert [row.command for row in matching(rows, "ctrl+shift+s")] == ["file.save_images"]
    assert [row.command for row in matching(rows, "CONFIRM review")] == ["review.confirm"]
    assert matching(rows, "no such thing") == ()
    assert matching(rows, "") == rows


def test_buttons_name_the_key_in_force(settings: Settings) -> None:
    assert with_key(settings, "Confirm", "review.confirm") == "Confirm  C"
    assign(settings, "review.confirm", "Ctrl+1")
    assert with_key(settings, "Confirm", "review.confirm") == "Confirm  Ctrl+1"
    assign(settings, "review.confirm", "")
    assert with_key(settings, "Confirm", "review.confirm") == "Confirm"
