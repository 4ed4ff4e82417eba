"""Edited: an AI finding whose correction is under way, with the box dragged so far."""

from dataclasses import dataclass

from viewer.domain.display_set import FramePlace
from viewer.domain.finding import Finding, PointPx
from viewer.domain.study import Study

SMALLEST_BOX_PX = 3.0
"""Shorter sides are a slip of the hand, not a box; image px."""


@dataclass(frozen=True)
class Edited:
    """finding: the AI's. start: what the form begins with: the finding, or its last correction.

    place, corners_px: the frame and two opposite corners of the box, None until one is dragged.
    """

    study: Study
    finding: Finding
    start: Finding
    place: FramePlace | None = None
    corners_px: tuple[PointPx, PointPx] | None = None

    @property
    def has_box(self) -> bool:
        """Whether a box of sensible size was dragged."""
        if self.corners_px is None:
            return False
        (x0, y0), (x1, y1) = self.corners_px
        return min(abs(x1 - x0), abs(y1 - y0)) >= SMALLEST_BOX_PX
