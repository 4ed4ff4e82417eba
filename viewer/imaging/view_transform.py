"""ViewTransform: image pixels to view pixels and back, for zoom, pan, turns, flip and pixel aspect."""

from dataclasses import dataclass
from math import cos, pi, sin

from viewer.domain.geometry import Affine2D, EdgeLetters
from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation

FIT_MARGIN_PX = 2
"""View pixels left free at each side when the image is fitted."""


@dataclass(frozen=True)
class ViewTransform:
    """view_from_image: maps (column, row) of the image to view pixels. zoom: view px per image px."""

    view_from_image: Affine2D
    zoom: float


def view_transform(
    frame: Frame, presentation: Presentation, width: int, height: int
) -> ViewTransform:
    """The transform for a view of `width` x `height` pixels.

    Flip first, then clockwise turns, then zoom, then pan. Where spacing is known and not square, the
    coarser axis is stretched, so that shapes are true; one image pixel is the finer spacing.
    """
    across, down = _aspect(frame)
    columns, rows = frame.columns * across, frame.rows * down
    if presentation.quarter_turns % 2:
        columns, rows = rows, columns
    fitted = min((width - 2 * FIT_MARGIN_PX) / columns, (height - 2 * FIT_MARGIN_PX) / rows)
    zoom = max(fitted, 1e-3) if presentation.zoom is None else presentation.zoom
    mirror = -1.0 if presentation.flip_horizontal else 1.0
    centre = Affine2D.scale_translate(1, 1, -(frame.columns - 1) / 2, -(frame.rows - 1) / 2)
    stretch = Affine2D.scale_translate(mirror * across, down)
    angle = presentation.quarter_turns * pi / 2
    c, s = round(cos(angle)), round(sin(angle))
    turn = Affine2D(c, -s, s, c)
    pan_x, pan_y = presentation.pan_view_px
    place = Affine2D.scale_translate(zoom, zoom, width / 2 + pan_x, height / 2 + pan_y)
    return ViewTransform(place @ turn @ stretch @ centre, zoom)


def _aspect(frame: Frame) -> tuple[float, float]:
    spacing = frame.spacing
    finer = min(spacing.between_columns, spacing.between_rows)
    return spacing.between_columns / finer, spacing.between_rows / finer


def shown_edges(edges: EdgeLetters | None, presentation: Presentation) -> EdgeLetters | None:
    """The letters at the edges of the view; None where the file states no orientation."""
    if edges is None:
        return None
    flipped = edges.flipped_horizontally() if presentation.flip_horizontal else edges
    return flipped.rotated_clockwise(presentation.quarter_turns)
