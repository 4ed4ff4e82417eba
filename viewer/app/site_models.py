"""SiteModels: which packages run here, in which state, at which threshold; decided by the site, recorded."""

from collections.abc import Sequence

from viewer.app.settings import Settings
from viewer.base.errors import ModelError
from viewer.base.events import Event
from viewer.base.i18n import _
from viewer.inference.model_package import ModelPackage
from viewer.inference.site_point import with_site_thresholds
from viewer.review.acceptance import Acceptance
from viewer.review.site_model import (
    Decided,
    ModelState,
    SiteModel,
    model_key,
    note_on,
    state_of,
    thresholds_of,
)
from viewer.store.site_models import SiteModelStore


class SiteModels:
    """The decisions in force, kept at hand; `refresh` reads what other workstations decided."""

    def __init__(self, store: SiteModelStore, settings: Settings) -> None:
        self.store = store
        self._settings = settings
        self._decided: Decided = store.decided()
        self.changed: Event[None] = Event()

    def refresh(self) -> None:
        """Read the decisions again."""
        found = self.store.decided()
        if found != self._decided:
            self._decided = found
            self.changed.emit(None)

    def decision(self, package: ModelPackage) -> SiteModel | None:
        """What was decided last on this very model."""
        return self._decided.get(model_key(package.algorithm))

    def state(self, package: ModelPackage) -> ModelState:
        """Whether it runs."""
        default = package.manifest.default_state
        return state_of(
            package.algorithm, self._decided, self._must_be_accepted, ModelState(default)
        )

    def in_state(
        self, packages: Sequence[ModelPackage], state: ModelState
    ) -> tuple[ModelPackage, ...]:
        """Those in a state, each with the thresholds of the site."""
        return tuple(self.as_decided(one) for one in packages if self.state(one) is state)

    def as_decided(self, package: ModelPackage) -> ModelPackage:
        """The package with the thresholds of the site, if it has any for this very model."""
        return with_site_thresholds(package, thresholds_of(package.algorithm, self._decided))

    def notes(self, packages: Sequence[ModelPackage]) -> tuple[str, ...]:
        """Sentences for the reader: thresholds that no longer apply, acceptances that are missing."""
        noted = (note_on(one.algorithm, self._decided, self._must_be_accepted) for one in packages)
        return tuple(note for note in noted if note)

    def decide(
        self,
        decision: SiteModel,
        acceptance: Acceptance | None = None,
        default: ModelState = ModelState.ON,
    ) -> None:
        """Record a decision and let it hold from now on; `default` is what the model's maker says.

        Raises ModelError for switching on what must be accepted first, StoreError where it cannot be
        written; then nothing has changed.
        """
        if decision.state is ModelState.ON and not decision.acceptance_sha256:
            self._refuse_unaccepted(default)
        self.store.record(decision, acceptance)
        self.refresh()

    def _refuse_unaccepted(self, default: ModelState) -> None:
        if self._must_be_accepted:
            raise ModelError(
                _("This site switches a model on only after accepting it on its own data.")
            )
        if default is not ModelState.ON:
            raise ModelError(
                _(
                    "The evidence for this model is weak: it runs in shadow, and is switched on only"
                    " by accepting it on this site's own data (Accept on local data…)."
                )
            )

    @property
    def _must_be_accepted(self) -> bool:
        return self._settings.values.site.require_acceptance
