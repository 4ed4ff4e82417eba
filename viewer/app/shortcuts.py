"""Shortcuts: the key of each command now, the reader's own before the default; no key has two meanings."""

from collections.abc import Mapping
from dataclasses import dataclass

from viewer.app.command import topics
from viewer.app.help_texts import MOUSE, WINDOW_KEYS
from viewer.app.settings import Settings
from viewer.app.topic import Command
from viewer.base.errors import SettingsError
from viewer.base.i18n import _


@dataclass(frozen=True)
class KeyRow:
    """One line of "All keys". command: its key, "" for what cannot be changed."""

    menu: str
    title: str
    keys: tuple[str, ...]
    command: str = ""


def keys_in_force(own: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """The keys of every command. own: the reader's key by command, "" for none.

    A default gives way to a key of the reader's own; of two own keys alike (a file edited by hand) the
    first command of the menus keeps it.
    """
    taken = {_plain(key) for key, _title in WINDOW_KEYS}
    wanted: dict[str, list[str]] = {command.key: [] for command in _commands()}
    for chosen in (True, False):
        for command in _commands():
            if (command.key in own) is chosen:
                for key in _asked(command, own):
                    if _plain(key) not in taken:
                        taken.add(_plain(key))
                        wanted[command.key].append(key)
    return {command: tuple(keys) for command, keys in wanted.items()}


def _asked(command: Command, own: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(filter(None, (own[command.key],))) if command.key in own else command.shortcuts


def _commands() -> list[Command]:
    return [command for topic in topics().values() for command in topic.commands]


def _plain(key: str) -> str:
    return key.replace(" ", "").casefold()


def with_key(settings: Settings, words: str, command: str) -> str:
    """Words of a button, and the key that does the same."""
    keys = keys_in_force(settings.values.shortcuts)[command]
    return f"{words}  {keys[0]}" if keys else words


def key_rows(own: Mapping[str, str]) -> tuple[KeyRow, ...]:
    """Everything that has a key or could have one, by menu; the mouse first."""
    keys = keys_in_force(own)
    mouse = [KeyRow(_("Mouse"), _(what), (_(drag),)) for drag, what in MOUSE]
    commands = [
        KeyRow(topic.title, command.title, keys[command.key], command.key)
        for topic in topics().values()
        for command in topic.commands
    ]
    window = [KeyRow(_("Program"), _(title), (key,)) for key, title in WINDOW_KEYS]
    return (*mouse, *commands, *window)


def matching(rows: tuple[KeyRow, ...], words: str) -> tuple[KeyRow, ...]:
    """The rows in whose menu, title or keys every one of the words is found."""
    needles = words.casefold().split()
    return tuple(
        row
        for row in rows
        if all(
            needle in " ".join((row.menu, row.title, *row.keys)).casefold() for needle in needles
        )
    )


def assign(settings: Settings, command: str, key: str) -> None:
    """Give a command a key of the reader's own, or none (""); raises SettingsError where it is taken."""
    own = settings.values.shortcuts
    _refuse_taken(own, command, key)
    settings.change(shortcuts={**own, command: key})


def reset(settings: Settings, command: str) -> None:
    """Give a command its default keys back; raises SettingsError where one has been given away."""
    own = {key: value for key, value in settings.values.shortcuts.items() if key != command}
    (defaults,) = [one.shortcuts for one in _commands() if one.key == command]
    for key in defaults:
        _refuse_taken(own, command, key)
    settings.change(shortcuts=own)


def reset_all(settings: Settings) -> None:
    """All keys as they come with the program."""
    settings.change(shortcuts={})


def _refuse_taken(own: Mapping[str, str], command: str, key: str) -> None:
    for row in key_rows(own):
        if row.command != command and key and _plain(key) in map(_plain, row.keys):
            raise SettingsError(
                _(
                    "{key} is the key of “{title}” in {menu}. "
                    "Choose another key, or take it from there first."
                ).format(key=key, title=row.title, menu=row.menu)
            )
