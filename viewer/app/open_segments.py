"""OpenSegments: the open segmentations of each study, which segments are hidden, how strongly they fill."""

from collections.abc import Callable
from dataclasses import dataclass

from viewer.base.events import Event
from viewer.domain.segmentation import Segmentation, SegmentFrame
from viewer.domain.study import Study

FIRST_OPACITY = 0.35


@dataclass(frozen=True)
class SegmentView:
    """An open segmentation. hidden: numbers of the segments that the reader does not want to see.

    largest: the frame with most of it, which is shown first.
    """

    segmentation: Segmentation
    hidden: frozenset[int] = frozenset()
    largest: SegmentFrame | None = None


class OpenSegments:
    """Part of the session. changed: told of every change. withheld: whether a study shows none."""

    def __init__(self, changed: Event[None], withheld: Callable[[Study], bool]) -> None:
        self._changed = changed
        self._withheld = withheld
        self._views: dict[tuple[object, ...], tuple[SegmentView, ...]] = {}
        self.visible = True
        self.opacity = FIRST_OPACITY

    def of(self, study: Study) -> tuple[SegmentView, ...]:
        """The open segmentations of a study; none while what may be an AI's is withheld."""
        if self._withheld(study):
            return ()
        return self._views.get((study.uid, study.patient.key), ())

    def put(self, study: Study, views: tuple[SegmentView, ...]) -> None:
        """Open, change or take away segmentations of a study."""
        self._views[study.uid, study.patient.key] = views
        self._changed.emit(None)

    def show(self, visible: bool, opacity: float | None = None) -> None:
        """All segments on or off the images, and how strongly their areas are filled (0 to 1)."""
        self.visible = visible
        self.opacity = self.opacity if opacity is None else opacity
        self._changed.emit(None)
