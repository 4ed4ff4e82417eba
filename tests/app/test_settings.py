"""Settings: written as they change; a damaged file is named, never overwritten in silence."""

from pathlib import Path

import pytest

from viewer.app.settings import Export, Reading, Settings
from viewer.base.errors import SettingsError


def test_what_was_changed_is_there_at_the_next_start(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    Settings(path).change(reading=Reading("Dr Ångström"), export=Export("/out", ("pdf",)))
    again = Settings(path).values
    assert again.reading.reader == "Dr Ångström"
    assert again.export == Export("/out", ("pdf",))


@pytest.mark.parametrize(
    "text", ["", "not json", "[]", "{}", '{"schema_version": 1, "display": 3}']
)
def test_a_damaged_file_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    with pytest.raises(SettingsError, match=r"settings\.json"):
        Settings(path)
    assert path.read_text() == text


def test_settings_of_another_version_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text('{"schema_version": 99}')
    with pytest.raises(SettingsError, match="another version"):
        Settings(path)
