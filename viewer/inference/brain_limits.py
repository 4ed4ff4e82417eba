"""When a head counts as brought to the template for certain: a manifest's limits, and the doubts in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import cattrs
import numpy as np

from viewer.base.i18n import _
from viewer.inference.alignment import Alignment

Pair = tuple[float, float]


@dataclass(frozen=True)
class BrainSpace:
    """What a manifest demands of a head brought to the MNI space, `task.parameters.brain_space`.

    levels_mm : lowest and highest plane read, above the origin. The rest are limits for a refusal:
    least_similarity, least_lead : normalised mutual information, and by how much it must exceed that
    of the head turned front for back or up for down. most_spread_mm : between two searches.
    scale : lowest and highest size of the head against the template, in any direction. most_turn_deg.
    brain_ml : lowest and highest. least_covered : share of the brain within the series.
    most_white_to_grey, most_fluid_to_grey : grey value of white matter, and of the darker quarter of the
    fluid, over that of grey matter: white matter is brighter on T1, fluid on T2.
    caution : a sentence told with whatever is found on such a series.
    """

    template: str
    levels_mm: Pair
    least_similarity: float
    least_lead: float
    most_spread_mm: float
    scale: Pair
    most_turn_deg: float
    brain_ml: Pair
    least_covered: float
    most_white_to_grey: float
    most_fluid_to_grey: float
    caution: str = ""


def declared(parameters: Mapping[str, object]) -> BrainSpace | None:
    """What the manifest's task demands, or None where it reads no heads as the scanner makes them."""
    stated = parameters.get("brain_space")
    return cattrs.structure(stated, BrainSpace) if isinstance(stated, Mapping) else None


def unsure(found: Alignment, wanted: BrainSpace) -> str:
    """Why the alignment is not trusted, or ""; the first reason that holds."""
    return next((reason for check in _CHECKS if (reason := check(found, wanted))), "")


def _apart(found: Alignment, wanted: BrainSpace) -> str:
    return "" if found.similarity > 0 else _("too little of a head lies within the series")


def _unlike(found: Alignment, wanted: BrainSpace) -> str:
    if max(found.similarity, found.rival) >= wanted.least_similarity:
        return ""
    return _(
        "it is too unlike a head on FLAIR (similarity {found:.3f}, at least {least:.3f} is needed)"
    ).format(found=found.similarity, least=wanted.least_similarity)


def _ambiguous(found: Alignment, wanted: BrainSpace) -> str:
    if found.similarity - found.rival >= wanted.least_lead:
        return ""
    return _(
        "turned front for back or up for down it fits about as well ({rival:.3f} against"
        " {found:.3f}), so that the directions the file states are in doubt"
    ).format(rival=found.rival, found=found.similarity)


def _scattered(found: Alignment, wanted: BrainSpace) -> str:
    if found.spread_mm <= wanted.most_spread_mm:
        return ""
    return _("two searches end {found:.1f} mm apart, at most {most:.1f} mm are allowed").format(
        found=found.spread_mm, most=wanted.most_spread_mm
    )


def _misshapen(found: Alignment, wanted: BrainSpace) -> str:
    sizes = np.linalg.svd(found.patient_from_template[:3, :3])[1]
    if wanted.scale[0] <= sizes.min() and sizes.max() <= wanted.scale[1]:
        return ""
    return _(
        "the head would be {low:.2f} to {high:.2f} times the size of an average one; {least:.2f} to"
        " {most:.2f} are plausible"
    ).format(low=sizes.min(), high=sizes.max(), least=wanted.scale[0], most=wanted.scale[1])


def _turned(found: Alignment, wanted: BrainSpace) -> str:
    left, _sizes, right = np.linalg.svd(found.patient_from_template[:3, :3])
    angle = float(np.degrees(np.arccos(np.clip((np.trace(left @ right) - 1) / 2, -1, 1))))
    if angle <= wanted.most_turn_deg:
        return ""
    return _("the head would be turned by {found:.0f}°, at most {most:.0f}° are plausible").format(
        found=angle, most=wanted.most_turn_deg
    )


_CHECKS: tuple[Callable[[Alignment, BrainSpace], str], ...] = (
    _apart,
    _unlike,
    _ambiguous,
    _scattered,
    _misshapen,
    _turned,
)
