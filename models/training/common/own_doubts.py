"""What the reader is told first where the test patients prove little: few of them, or no better than chance."""

from collections.abc import Iterable, Mapping
from typing import Any

FEW = 30
"""Test images of a kind; where none of 30 is told wrong, up to one in ten still may be."""

CHANCE = 0.5
"""AUROC of a coin."""

WEAK = (
    "{title}: not shown to be better than chance on its test patients (AUROC {value:.2f}, 95 % interval "
    "{low:.2f} to {high:.2f}). For trying out only: it begins in shadow."
)
SMALL = (
    "{title}: measured on {present} test images with it and {absent} without; so few prove little."
)


def doubts(title: str, present: int, absent: int, auroc: Mapping[str, Any] | None) -> list[str]:
    """Sentences for manifest and card, none where there is no doubt.

    Parameters
    ----------
    present, absent : test images that show the finding, and that do not (0: nothing is claimed of them)
    auroc : value and ci95; None where it was not measured
    """
    found = []
    if auroc is not None and _is_chance(auroc):
        low, high = auroc["ci95"]
        found.append(WEAK.format(title=title, value=auroc["value"], low=low, high=high))
    if 0 < min(present, absent or present) < FEW:
        found.append(SMALL.format(title=title, present=present, absent=absent))
    return found


def default_state(aurocs: Iterable[Mapping[str, Any] | None]) -> str:
    """In shadow until a site accepts it, where a finding is not shown to be better than chance."""
    chance = any(auroc is not None and _is_chance(auroc) for auroc in aurocs)
    return "shadow" if chance else "on"


def _is_chance(auroc: Mapping[str, Any]) -> bool:
    """Also where there is no interval."""
    return not auroc["ci95"][0] > CHANCE
