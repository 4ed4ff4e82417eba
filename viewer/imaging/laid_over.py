"""What a file lays over its pixels, in the pixels of a picture: display shutter and overlay planes.

The screen draws the same two with Qt at its own resolution; saved pictures, key images, thumbnails and
`secondread render` take them from here.
"""

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Frame
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.domain.presentation import Presentation
from viewer.imaging.colour_map import coloured
from viewer.imaging.display import display_values, voi_in_force
from viewer.imaging.polygon_mask import polygon_mask
from viewer.imaging.presented import presented

Mask = NDArray[np.bool_]
Values = NDArray[np.uint8]

OVERLAY_RGB = (127, 216, 190)
"""Pale teal: neither a network's orange nor a reader's blue."""

OVERLAY_WHITE = 255
"""Overlay planes in a picture that stays grey, as dcmtk draws them."""


def as_shown(frame: Frame, presentation: Presentation) -> Values:
    """The frame as the viewport shows it before turns and zoom, with its shutter and overlays.

    A presentation state is applied where it names the frame.

    Returns
    -------
    ndarray, shape (rows, columns) or, where anything has a colour, (rows, columns, 3), uint8
    """
    frame = presented(frame, presentation.state)
    grey = display_values(frame, voi_in_force(frame, presentation), inverted=presentation.inverted)
    values = coloured(grey, presentation.colour_map)
    if presentation.shutter:
        values = covered(values, frame)
    if presentation.file_overlays and frame.overlays:
        values = overlaid(values, frame.overlays, OVERLAY_RGB)
    return values


def turned(values: Values, presentation: Presentation) -> Values:
    """Display values after the flip and the quarter turns of a presentation."""
    flipped = values[:, ::-1] if presentation.flip_horizontal else values
    return np.ascontiguousarray(np.rot90(flipped, -presentation.quarter_turns))


def covered(values: Values, frame: Frame) -> Values:
    """Display values with the shutter's grey where it hides them; one that hides all is not believed."""
    seen = seen_pixels(frame)
    if seen is None or frame.shutter is None or not seen.any():
        return values
    hidden = values.copy()
    hidden[~seen] = frame.shutter.grey
    return hidden


def overlaid(
    values: Values, planes: tuple[OverlayPlane, ...], colour: int | tuple[int, int, int]
) -> Values:
    """Display values with the bits of each plane in one grey, or in one RGB colour."""
    drawn = values.copy()
    if not isinstance(colour, int) and drawn.ndim == 2:
        drawn = np.repeat(drawn[:, :, None], 3, axis=2)
    for plane in planes:
        drawn[placed(plane, drawn.shape[:2])] = colour
    return drawn


def placed(plane: OverlayPlane, shape: tuple[int, ...]) -> Mask:
    """Where on an image of `shape` (rows, columns) the plane is set."""
    mask = np.zeros(shape, np.bool_)
    top, left = max(plane.top, 0), max(plane.left, 0)
    part = plane.mask[top - plane.top :, left - plane.left :]
    part = part[: max(shape[0] - top, 0), : max(shape[1] - left, 0)]
    mask[top : top + part.shape[0], left : left + part.shape[1]] = part
    return mask


def seen_pixels(frame: Frame) -> Mask | None:
    """The pixels inside of every shape of the shutter at once; None without a shutter (C.7.6.11)."""
    if frame.shutter is None:
        return None
    seen = np.ones((frame.rows, frame.columns), np.bool_)
    for mask in _shapes(frame.shutter, frame):
        seen &= mask
    return seen


def _shapes(shutter: Shutter, frame: Frame) -> list[Mask]:
    rows, columns = np.ogrid[: frame.rows, : frame.columns]
    masks: list[Mask] = []
    if shutter.rectangle_px is not None:
        left, top, right, bottom = shutter.rectangle_px
        masks.append((columns >= left) & (columns <= right) & (rows >= top) & (rows <= bottom))
    if shutter.circle_px is not None:
        column, row, radius = shutter.circle_px
        down = (rows - row) / row_stretch(frame)
        masks.append((columns - column) ** 2 + down**2 <= radius**2)
    if shutter.polygon_px:
        corners = np.array(shutter.polygon_px, np.float64)
        masks.append(polygon_mask(corners, 0, 0, (frame.rows, frame.columns)))
    if shutter.hidden is not None:
        masks.append(~placed(shutter.hidden, (frame.rows, frame.columns)))
    return masks


def row_stretch(frame: Frame) -> float:
    """Rows for each column of the same length: a radius is stated along a row."""
    return frame.spacing.between_columns / frame.spacing.between_rows
