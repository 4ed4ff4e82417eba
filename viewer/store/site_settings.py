"""SiteSettingsStore: settings that hold at every workstation on one database."""

from collections.abc import Mapping

from sqlalchemy import insert, select

from viewer.review.audit import AuditKind
from viewer.store.audit_log import AuditLog, reading
from viewer.store.schema import site_settings


class SiteSettingsStore:
    """The settings in their order; nothing is updated or deleted."""

    def __init__(self, log: AuditLog) -> None:
        self._log = log

    def current(self) -> dict[str, str]:
        """The value that counts, as JSON, by name; names that were never set are absent."""
        query = select(site_settings.c.name, site_settings.c.value).order_by(site_settings.c.id)
        with reading(self._log.engine) as connection:
            return {row.name: row.value for row in connection.execute(query)}

    def record(self, changed: Mapping[str, str], told: Mapping[str, str]) -> None:
        """Keep values (as JSON, by name) and their audit record, all or nothing.

        told: the words of the record. Raises StoreError where it cannot be written.
        """
        with self._log.writing() as act:
            for name, value in changed.items():
                act.connection.execute(insert(site_settings).values(name=name, value=value))
            act.note(AuditKind.SETTINGS_CHANGE, detail=dict(told))
