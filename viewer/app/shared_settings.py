"""SharedSettings: what the site decides holds at every workstation, whatever its own file says."""

import json
from collections.abc import Mapping

import cattrs

from viewer.app.settings import Settings, SettingsValues
from viewer.app.settings_audit import SHARED, differences
from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.store.site_settings import SiteSettingsStore


class SharedSettings:
    """Keeps the settings named in SHARED alike in the database and in the holder.

    A change is written to the database first, so that one that cannot be shared does not hold here either.
    """

    def __init__(self, settings: Settings, store: SiteSettingsStore) -> None:
        self._settings = settings
        self._store = store
        settings.before_change = self._share

    def start(self) -> None:
        """Take the site's settings; what nobody has shared yet and was set here becomes the site's."""
        known = self._store.current()
        own, plain = _shared(self._settings.values), _shared(SettingsValues())
        first = {n: v for n, v in own.items() if n not in known and v != plain[n]}
        if first:
            told = {name: f"{plain[name]} -> {value}" for name, value in first.items()}
            self._store.record(first, {**told, "what": "shared with all workstations"})
        self.refresh()

    def refresh(self) -> None:
        """Take what other workstations changed. Raises StoreError."""
        before = self._settings.values
        found = with_shared(before, self._store.current())
        if found != before:
            self._settings.adopt(found)

    def _share(self, before: SettingsValues, now: SettingsValues) -> None:
        was, wanted = _shared(before), _shared(now)
        changed = {name: value for name, value in wanted.items() if value != was[name]}
        if changed:
            self._store.record(changed, dict(differences(before, now)))


def with_shared(values: SettingsValues, found: Mapping[str, str]) -> SettingsValues:
    """Settings with those of the site. found: JSON by name; names of a newer program are left alone."""
    plain = cattrs.unstructure(values)
    try:
        for name in SHARED & found.keys():
            section, field = name.split(".")
            plain[section][field] = json.loads(found[name])
        return cattrs.structure(plain, SettingsValues)
    except (ValueError, TypeError, cattrs.BaseValidationError) as error:
        words = _("The settings of the site in the case database cannot be read.")
        raise StoreError(words) from error


def _shared(values: SettingsValues) -> dict[str, str]:
    plain = cattrs.unstructure(values)
    parts = {name: name.split(".") for name in sorted(SHARED)}
    return {name: json.dumps(plain[section][field]) for name, (section, field) in parts.items()}
