"""What a site decides about a model: on, in shadow or off; its own thresholds; each with who, when and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from viewer.base.i18n import _
from viewer.domain.finding import Algorithm


class ModelState(Enum):
    """ON: runs and is shown. SHADOW: runs on signed studies, shown nowhere. OFF: does not run."""

    ON = "on"
    SHADOW = "shadow"
    OFF = "off"


def state_text(state: ModelState) -> str:
    """The state in the reader's language."""
    return {
        ModelState.ON: _("on"),
        ModelState.SHADOW: _("in shadow"),
        ModelState.OFF: _("off"),
    }[state]


def model_key(algorithm: Algorithm) -> str:
    """One network with one manifest: what was decided for it holds for no other."""
    hashes = f"{algorithm.sha256[:16]}+{algorithm.manifest_sha256[:16]}"
    return f"{algorithm.model_id}@{algorithm.version}+{hashes}"


@dataclass(frozen=True)
class SiteModel:
    """One decision of the site; the last one for a model counts, the earlier ones stay.

    thresholds: by finding key, instead of the manifest's; empty where those are kept. user: login name,
    "" where there was no account. at: with time zone. acceptance_sha256: of the sealed acceptance
    report that this rests on, or "".
    """

    algorithm: Algorithm
    state: ModelState
    by: str
    user: str
    at: datetime
    reason: str = ""
    thresholds: Mapping[str, float] = field(default_factory=dict)
    acceptance_sha256: str = ""

    @property
    def key(self) -> str:
        """The model it holds for."""
        return model_key(self.algorithm)


Decided = Mapping[str, SiteModel]
"""The last decision by model key."""


def state_of(
    algorithm: Algorithm,
    decided: Decided,
    must_be_accepted: bool,
    default: ModelState = ModelState.ON,
) -> ModelState:
    """Decided, or else what the model's maker says (`default`); off where the site wants each accepted.

    A model that its maker puts into shadow is on only where the site has accepted it.
    """
    unaccepted = ModelState.OFF if must_be_accepted else default
    found = decided.get(model_key(algorithm))
    if found is None:
        return unaccepted
    lacking = unaccepted is not ModelState.ON and not found.acceptance_sha256
    return unaccepted if found.state is ModelState.ON and lacking else found.state


def thresholds_of(algorithm: Algorithm, decided: Decided) -> Mapping[str, float]:
    """The site's own for this very model; empty where it has none."""
    found = decided.get(model_key(algorithm))
    return {} if found is None else found.thresholds


def note_on(algorithm: Algorithm, decided: Decided, must_be_accepted: bool) -> str:
    """What the reader must know: a threshold that no longer applies, an acceptance that is missing; or ""."""
    name = f"{algorithm.name} {algorithm.version}"
    lost = _lost_thresholds(algorithm, decided)
    if lost is not None:
        return _(
            "{name}: the site's threshold was chosen for version {old} and does not apply to this one; the "
            "manifest's is used. Choose it again in AI ▸ Models of this site…"
        ).format(name=name, old=_told(lost, algorithm))
    found = decided.get(model_key(algorithm))
    accepted = found is not None and bool(found.acceptance_sha256)
    if must_be_accepted and not accepted and (found is None or found.state is ModelState.ON):
        return _(
            "{name} does not run: this site has not accepted it yet (AI ▸ Models of this site…)."
        ).format(name=name)
    return ""


def _lost_thresholds(algorithm: Algorithm, decided: Decided) -> SiteModel | None:
    """The last decision on the model, if it is of another version and set a threshold."""
    if model_key(algorithm) in decided:
        return None
    same = [one for one in decided.values() if one.algorithm.model_id == algorithm.model_id]
    last = max(same, key=lambda one: one.at, default=None)
    return last if last is not None and last.thresholds else None


def _told(old: SiteModel, new: Algorithm) -> str:
    """The version; with digits of the hashes where it alone does not tell them apart."""
    if old.algorithm.version != new.version:
        return old.algorithm.version
    changed = (
        old.algorithm.sha256
        if old.algorithm.sha256 != new.sha256
        else old.algorithm.manifest_sha256
    )
    return f"{old.algorithm.version} ({changed[:8]})"


def last_of_each(decisions: Iterable[SiteModel]) -> dict[str, SiteModel]:
    """Decisions in their order to the one that counts, by model key."""
    return {one.key: one for one in decisions}
