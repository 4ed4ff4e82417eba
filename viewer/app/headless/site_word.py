"""What the site decided about its models, for commands without a window: which run, at which threshold."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from viewer.app.headless.audit_command import database_place
from viewer.app.operating_points import at_site_point
from viewer.app.settings import SETTINGS_NAME, Settings, SettingsValues
from viewer.app.shared_settings import with_shared
from viewer.app.verify_stored import opened_log
from viewer.base.paths import settings_folder
from viewer.inference.model_package import ModelPackage
from viewer.inference.precision import Precision, usable
from viewer.inference.session import Device
from viewer.review.site_model import (
    ModelState,
    SiteModel,
    model_key,
    note_on,
    state_of,
    thresholds_of,
)
from viewer.store.audit_log import AuditLog
from viewer.store.site_models import SiteModelStore
from viewer.store.site_settings import SiteSettingsStore


@dataclass(frozen=True)
class SiteWord:
    """Settings and decisions of the site as they are now. decided: the last one by model key."""

    settings: SettingsValues = field(default_factory=SettingsValues)
    decided: Mapping[str, SiteModel] = field(default_factory=dict)

    def state(self, package: ModelPackage) -> ModelState:
        """Whether it runs here."""
        default = ModelState(package.manifest.default_state)
        must_be_accepted = self.settings.site.require_acceptance
        return state_of(package.algorithm, self.decided, must_be_accepted, default)

    def in_force(self, package: ModelPackage) -> ModelPackage:
        """The package as it runs here."""
        thresholds = thresholds_of(package.algorithm, self.decided)
        return at_site_point(package, thresholds, self.settings.inference.operating_point)

    def precision(self, device: str) -> Precision:
        """What runs here on that device."""
        return usable(self.settings.inference.precision, Device(device))

    def note(self, package: ModelPackage) -> str:
        """What whoever reads the results must know of the site's word on this model, or ""."""
        return note_on(package.algorithm, self.decided, self.settings.site.require_acceptance)

    def accepted(self, package: ModelPackage) -> str:
        """SHA-256 of the acceptance report in force, or ""."""
        found = self.decided.get(model_key(package.algorithm))
        return "" if found is None else found.acceptance_sha256


def site_word(database: str = "") -> SiteWord:
    """Read it; a machine without a database has decided nothing. Raises StoreError, SettingsError."""
    place = database_place(database)
    settings = Settings(settings_folder() / SETTINGS_NAME).values
    if isinstance(place, Path) and not place.is_file():
        return SiteWord(settings)
    with opened_log(place) as log:
        return word_of(log, settings)


def word_of(log: AuditLog, settings: SettingsValues) -> SiteWord:
    """What stands in a database that is open."""
    shared = with_shared(settings, SiteSettingsStore(log).current())
    return SiteWord(shared, SiteModelStore(log).decided())
