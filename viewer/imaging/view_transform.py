"""ViewTransform: image pixels to view pixels and back, for zoom, pan, turns, flip and pixel aspect."""

from dataclasses import dataclass
from math import cos, pi, sin

from viewer.domain.geometry import Affine2D, EdgeLetters, SpacingEvidence
from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation
from viewer.domain.presentation_state import DisplayedArea

HALF_PIXEL = 0.5
"""From the centre of a pixel to its edge, image px."""

FIT_MARGIN_PX = 2
"""View pixels left free at each side when the image is fitted."""


@dataclass(frozen=True)
class ViewTransform:
    """view_from_image: maps (column, row) of the image to view pixels. zoom: view px per image px."""

    view_from_image: Affine2D
    zoom: float


def view_transform(
    frame: Frame, presentation: Presentation, width: int, height: int, *, whole: bool = False
) -> ViewTransform:
    """The transform for a view of `width` x `height` pixels.

    What is centred and fitted is the displayed area of a presentation state that names the frame
    (PS3.3 C.10.4), else, or where `whole` asks for it, all of the image.

    Flip first, then clockwise turns, then zoom, then pan. Where spacing is known and not square, the
    coarser axis is stretched, so that shapes are true; one image pixel is the finer spacing.
    """
    across, down = pixel_aspect(frame, presentation)
    left, top, right, bottom = whole_image(frame) if whole else shown_part(frame, presentation)
    columns, rows = (right - left) * across, (bottom - top) * down
    if presentation.quarter_turns % 2:
        columns, rows = rows, columns
    fitted = min((width - 2 * FIT_MARGIN_PX) / columns, (height - 2 * FIT_MARGIN_PX) / rows)
    zoom = max(fitted, 1e-3) if presentation.zoom is None else presentation.zoom
    mirror = -1.0 if presentation.flip_horizontal else 1.0
    centre = Affine2D.scale_translate(1, 1, -(left + right) / 2, -(top + bottom) / 2)
    stretch = Affine2D.scale_translate(mirror * across, down)
    angle = presentation.quarter_turns * pi / 2
    c, s = round(cos(angle)), round(sin(angle))
    turn = Affine2D(c, -s, s, c)
    pan_x, pan_y = presentation.pan_view_px
    place = Affine2D.scale_translate(zoom, zoom, width / 2 + pan_x, height / 2 + pan_y)
    return ViewTransform(place @ turn @ stretch @ centre, zoom)


def whole_image(frame: Frame) -> tuple[float, float, float, float]:
    """Left, top, right, bottom edge of all pixels, image px."""
    return -HALF_PIXEL, -HALF_PIXEL, frame.columns - HALF_PIXEL, frame.rows - HALF_PIXEL


def shown_part(frame: Frame, presentation: Presentation) -> tuple[float, float, float, float]:
    """The edges of what is fitted into the view."""
    area = _area(frame, presentation)
    return whole_image(frame) if area is None else area.corners_px


def _area(frame: Frame, presentation: Presentation) -> DisplayedArea | None:
    state = presentation.state
    if state is None or not state.names(frame.ref.place):
        return None
    return state.area_of(frame.ref.place)


def pixel_aspect(frame: Frame, presentation: Presentation) -> tuple[float, float]:
    """Width and height of one pixel in units of its shorter side.

    By the file's spacing; where it states none, by the presentation state (PS3.3 C.10.4): a state must
    not bend an image that has a scale.
    """
    area, spacing = _area(frame, presentation), frame.spacing
    stated = spacing.evidence is not SpacingEvidence.NONE
    if area is not None and area.aspect is not None and not stated:
        return max(area.aspect, 1.0), max(1 / area.aspect, 1.0)
    finer = min(spacing.between_columns, spacing.between_rows)
    return spacing.between_columns / finer, spacing.between_rows / finer


def shown_edges(edges: EdgeLetters | None, presentation: Presentation) -> EdgeLetters | None:
    """The letters at the edges of the view; None where the file states no orientation."""
    if edges is None:
        return None
    flipped = edges.flipped_horizontally() if presentation.flip_horizontal else edges
    return flipped.rotated_clockwise(presentation.quarter_turns)
