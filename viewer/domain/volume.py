"""Volume: the slices of a series in the order of their places, with the geometry they share."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Frame


@dataclass(frozen=True, eq=False)
class Volume:
    """Slices that lie behind one another.

    frames : by place along the slice normal, lowest first; of one size, spacing and direction
    slice_mm : distance of neighbouring slices; of a single slice its thickness; None where the
        files state neither
    pixel_mm : between rows and between columns; None where the files state none
    numbers : of each slice in the stack on the screen, the first is 1
    cautions : sentences for the reader on what the files leave open
    """

    frames: tuple[Frame, ...]
    slice_mm: float | None = None
    pixel_mm: tuple[float, float] | None = None
    numbers: tuple[int, ...] = ()
    cautions: tuple[str, ...] = ()

    def number(self, index: int) -> int:
        """Of a slice, as the reader counts them; its own index + 1 where none was given."""
        return self.numbers[index] if self.numbers else index + 1

    @property
    def spacing_mm(self) -> tuple[float, float, float] | None:
        """Between slices, rows and columns; None where any of them is not stated."""
        if self.slice_mm is None or self.pixel_mm is None:
            return None
        return (self.slice_mm, *self.pixel_mm)

    def lps_mm(self, ijk: tuple[float, float, float]) -> NDArray[np.float64] | None:
        """A place (slice, row, column), (0, 0, 0) the centre of the first voxel, in the patient
        (LPS, PS3.3 C.7.6.2.1.1); None where the files do not say where they lie.

        Returns
        -------
        ndarray, shape (3,), float64, or None
        """
        slice_, row, column = ijk
        nearest = int(np.clip(round(slice_), 0, len(self.frames) - 1))
        plane = self.frames[nearest].plane
        if plane is None or self.spacing_mm is None:
            return None
        between_slices, between_rows, between_columns = self.spacing_mm
        place: NDArray[np.float64] = (
            np.array(plane.position_lps_mm)
            + column * between_columns * np.array(plane.row_cosines)
            + row * between_rows * np.array(plane.column_cosines)
            + (slice_ - nearest) * between_slices * plane.normal
        )
        return place
