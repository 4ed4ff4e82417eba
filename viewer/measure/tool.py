"""What a measuring tool must do: turn handles into measurements and into lines to draw; no Qt, no state."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from viewer.base import registry
from viewer.domain.finding import PointPx
from viewer.domain.geometry import PixelSpacing
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure import tools
from viewer.measure.region import Region

PointsPx = NDArray[np.float64]
"""ndarray, shape (n, 2), float64; (column, row), (0, 0) is the centre of the top left pixel."""


@dataclass(frozen=True)
class HandleRule:
    """How many handles a tool takes. maximum: None where the reader decides when to end.

    closed: the last handle joins the first. traced: laid along a drag instead of clicked one by one.
    words: as soon as it is laid the reader is asked for words.
    """

    minimum: int
    maximum: int | None
    closed: bool = False
    traced: bool = False
    words: bool = False

    def allows(self, count: int) -> bool:
        """Whether `count` handles make a whole annotation."""
        return count >= self.minimum and (self.maximum is None or count <= self.maximum)

    def may_lose(self, count: int) -> bool:
        """Whether a whole annotation of `count` handles stays one without one of them."""
        return self.maximum is None and self.allows(count - 1)

    def is_full(self, count: int) -> bool:
        """Whether no handle can follow."""
        return self.maximum is not None and count >= self.maximum


@dataclass(frozen=True, eq=False)
class Polyline:
    """A line to draw: points_px, ndarray, shape (m, 2), float64, image px; closed joins last and first."""

    points_px: PointsPx
    closed: bool = False


@runtime_checkable
class MeasuringTool(Protocol):
    """One tool, found in `measure.tools` by its key.

    title: for the reader. shortcut: a proposal of keys, "" for none. icon: name in the Lucide set.
    The handles given to `measure` and `outline` may be fewer than the rule's minimum while the
    reader still draws: then nothing is measured, and the outline is of what is there.
    """

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def shortcut(self) -> str: ...

    @property
    def icon(self) -> str: ...

    @property
    def handles(self) -> HandleRule: ...

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """The numbers, each with its evidence; empty where there is nothing to state."""

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The lines to draw, in image px; empty for tools that are their handle or their text."""

    def moved(
        self, handles_px: PointsPx, index: int, to_px: PointPx, spacing: PixelSpacing
    ) -> PointsPx:
        """The handles after handle `index` was dragged to `to_px`, where it now lies; others may follow.

        spacing: of the frame, for tools that keep right angles in mm. The given array stays as it was.
        """

    def completed(self, handles_px: PointsPx, spacing: PixelSpacing) -> PointsPx:
        """While drawing, after each new handle: with those the tool adds by itself, if any."""


@runtime_checkable
class RegionTool(MeasuringTool, Protocol):
    """A tool that encloses pixels."""

    def region(self, handles_px: PointsPx, rows: int, columns: int) -> Region:
        """The pixels of an image of that size whose centres lie inside."""


class FreeHandles:
    """Handles that do not depend on each other."""

    def moved(
        self, handles_px: PointsPx, index: int, to_px: PointPx, spacing: PixelSpacing
    ) -> PointsPx:
        """A copy with one handle moved."""
        handles = np.array(handles_px, np.float64)
        handles[index] = to_px
        return handles

    def completed(self, handles_px: PointsPx, spacing: PixelSpacing) -> PointsPx:
        """The handles as they are."""
        return handles_px


@cache
def known_tools() -> Mapping[str, MeasuringTool]:
    """All tools, by key; raises RegistryError for a module that is none."""
    return registry.discover(tools, MeasuringTool)  # type: ignore[type-abstract]
