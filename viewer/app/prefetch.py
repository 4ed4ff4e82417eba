"""Decode the neighbours of the frame on the screen before they are asked for, within the cache budget."""

from viewer.app.workbench import Workbench
from viewer.domain.image import Frame

BUDGET_SHARE = 0.6
"""Part of the frame cache that one series may fill ahead."""


def prefetch_around(workbench: Workbench, frame: Frame) -> None:
    """Queue the frames of the shown stack, nearest first."""
    shown = workbench.session.shown
    if shown is None or len(shown.display_set.frames) == 1:
        return
    budget = workbench.settings.values.display.cache_mb * 2**20 * BUDGET_SHARE
    count = int(budget / max(frame.stored.nbytes, 1))
    frames = shown.display_set.frames
    order = sorted(range(len(frames)), key=lambda place: abs(place - shown.position))
    workbench.frames.prefetch([frames[place] for place in order[:count]])
