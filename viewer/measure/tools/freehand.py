"""Freehand: a region traced along a drag."""

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.finding import PointPx
from viewer.domain.geometry import PixelSpacing
from viewer.measure.enclosed import CornerHandles
from viewer.measure.tool import HandleRule, PointsPx

REACH = 0.1
"""Of the outline's length: how far to each side a moved handle takes its neighbours along."""


def _pull(handles_px: PointsPx, index: int) -> NDArray[np.float64]:
    """How far each handle follows handle `index`: 1 there, falling smoothly to 0 at `REACH`."""
    steps = np.hypot(*(np.roll(handles_px, -1, axis=0) - handles_px).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    straight = np.abs(along[:-1] - along[index])
    apart = np.minimum(straight, along[-1] - straight)
    reach = max(REACH * float(along[-1]), np.finfo(np.float64).tiny)
    pull: NDArray[np.float64] = np.cos(np.pi / 2 * np.minimum(apart / reach, 1.0)) ** 2
    pull[index] = 1.0
    return pull


class FreehandTool(CornerHandles):
    """Three or more handles: the places the drag went through, in order; moved ones bend the outline."""

    key = "freehand"
    shortcut = "Shift+E"
    icon = "lasso"
    handles = HandleRule(3, None, closed=True, traced=True)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Freehand region")

    def moved(
        self, handles_px: PointsPx, index: int, to_px: PointPx, spacing: PixelSpacing
    ) -> PointsPx:
        """A copy bent around one handle, so that no spike grows out of a traced outline."""
        handles = np.array(handles_px, np.float64)
        shift = np.asarray(to_px, np.float64) - handles[index]
        bent: PointsPx = handles + _pull(handles, index)[:, np.newaxis] * shift
        bent[index] = to_px
        return bent


PLUGIN = FreehandTool()
