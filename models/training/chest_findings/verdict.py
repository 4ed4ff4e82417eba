"""Whether a label may be shipped, and if not, why.

The limit of the AUROC was set before training; that it must hold for each view, and that a map must
beat one who points without looking, was asked for when the figures by view and of pointing were seen.
Both rules can only keep a label back.
"""

from collections.abc import Iterator
from typing import Any

from models.training.chest_findings import settings

Measured = dict[str, Any]
"""Of one label, as evaluate writes it."""


def reasons_against(measured: Measured) -> list[str]:
    """Empty when the label may be shipped for both views, with its map."""
    return [*_discrimination(measured), *_maps(measured["pointing"])]


def _discrimination(measured: Measured) -> Iterator[str]:
    named = {"both views": measured["AUROC, matched"], **measured["by view, matched"]}
    for view, figure in named.items():
        low = figure["ci95"][0]
        if low <= settings.SHIP_ABOVE:
            yield f"{view}: interval starts at {low:.2f}"


def _maps(pointing: dict[str, int]) -> Iterator[str]:
    dummy = max(pointing[key] for key in pointing if key.startswith("hits of"))
    if pointing["films"] < settings.FEWEST_BOXES:
        yield f"map untested: boxes on {pointing['films']} films"
    elif pointing["hits"] <= dummy:
        yield f"map points worse than a lung's centre ({pointing['hits']} against {dummy} hits)"
