"""Every change of a setting leaves a record: which one, from what, to what; what is merely remembered does not.

A change that touches what the site shares is recorded by viewer.app.shared_settings, with the change itself.
"""

from collections.abc import Callable, Iterator

import cattrs

from viewer.app.settings import Settings, SettingsValues
from viewer.review.audit import AuditKind
from viewer.store.audit_log import AuditLog
from viewer.store.database import told_place

REMEMBERED = ("export.", "pictures.", "reading.reader")
"""Beginnings of what the program keeps of the last dialog; folders may also name a patient."""

SHARED = frozenset(
    (
        "reading.mode",
        "inference.operating_point",
        "inference.precision",
        "site.require_login",
        "site.lock_minutes",
        "site.require_acceptance",
    )
)
"""Settings that the site decides, for every workstation on one database."""

_TELL: dict[str, Callable[[str], str]] = {"site.database_url": told_place}
"""Settings that are not written down as they stand: a URL may hold a password."""


def record_changes(settings: Settings, log: AuditLog) -> None:
    """From now on, note every change of `settings` in the log."""
    before = settings.values

    def changed(now: SettingsValues) -> None:
        nonlocal before
        old, before = before, now
        differing = dict(differences(old, now))
        if differing and not SHARED & differing.keys():
            log.note(AuditKind.SETTINGS_CHANGE, detail=differing)

    settings.changed.subscribe(changed)


def differences(old: SettingsValues, new: SettingsValues) -> Iterator[tuple[str, str]]:
    """(section.name, "old -> new") of each setting that differs."""
    before, after = (dict(_flat(cattrs.unstructure(values))) for values in (old, new))
    for name in sorted(before.keys() | after.keys()):
        was, now = before.get(name, ""), after.get(name, "")
        if was != now and not name.startswith(REMEMBERED):
            tell = _TELL.get(name, str)
            yield name, f"{tell(was)} -> {tell(now)}"


def _flat(plain: dict[str, object]) -> Iterator[tuple[str, str]]:
    for section, values in plain.items():
        if isinstance(values, dict):
            for name, value in values.items():
                yield f"{section}.{name}", str(value)
        else:
            yield section, str(values)
