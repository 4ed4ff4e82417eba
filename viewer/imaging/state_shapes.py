"""Graphics and words of a presentation state as lines and places in image pixels (PS3.3 C.10.5)."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from viewer.domain.curves import circle, ellipse
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation
from viewer.domain.presentation_state import (
    AnnotationUnits,
    GraphicAnnotation,
    GraphicObject,
    GraphicType,
    Point,
    PresentationState,
    Rgb,
    TextObject,
    means,
)
from viewer.imaging.view_transform import shown_part, whole_image

Points = NDArray[np.float64]

DEFAULT_RGB: Rgb = (240, 228, 66)
"""Okabe-Ito yellow, where no colour is recommended: no network's orange, reader's blue or overlay's teal."""

DARKEST = 60
"""Sum of red, green and blue below which a recommended colour cannot be seen on a black ground."""

CURVE_STEPS = 16
"""Straight pieces between two points of an interpolated curve."""

SMALLEST_LETTER_PX, USUAL_LETTER_PX, LARGEST_LETTER_PX = 13, 16, 36
"""Height of letters, px of the view or picture: boxes ask for a size, readers need to read it."""

LINE_HEIGHT = 1.25
ANCHOR_GAP_PX = 10
"""From an anchor point to words that have no box of their own."""


@dataclass(frozen=True, eq=False)
class StateLine:
    """points_px: ndarray, shape (n, 2), float64, image px; one point alone is a dot."""

    points_px: Points
    closed: bool
    filled: bool
    colour: Rgb
    thickness: float
    dashed: bool


@dataclass(frozen=True, eq=False)
class StateWords:
    """box_px, whole_px: two opposite corners of the box, of the image, ndarray, shape (2, 2).

    anchor_px: ndarray, shape (1, 2); all image px.
    """

    text: str
    box_px: Points | None
    anchor_px: Points | None
    leader: bool
    justification: str
    colour: Rgb
    whole_px: Points


@dataclass(frozen=True)
class StateShapes:
    """Lines first, then words, each from the lowest layer to the highest."""

    lines: tuple[StateLine, ...] = ()
    words: tuple[StateWords, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn."""
        return not self.lines and not self.words


@dataclass(frozen=True)
class PlacedWords:
    """Words on a view or picture, upright, px. leader: from the anchor to the words, or None."""

    letter_px: int
    left: float
    top: float
    width: float
    height: float
    leader: tuple[Point, Point] | None = None


Measure = Callable[[int], tuple[float, float]]
"""Width and height of the words in letters of a height, px."""


def state_shapes(frame: Frame, presentation: Presentation) -> StateShapes:
    """All that the applied state draws on a frame; nothing where it does not name the frame."""
    state = presentation.state
    if state is None or not state.names(frame.ref.place):
        return StateShapes()
    space = _Space(frame, state)
    ordered = _in_layers(state, frame)
    return StateShapes(
        tuple(_line(graphic, colour, space) for one, colour in ordered for graphic in one.graphics),
        tuple(_words(text, colour, space) for one, colour in ordered for text in one.texts),
    )


def _in_layers(state: PresentationState, frame: Frame) -> list[tuple[GraphicAnnotation, Rgb]]:
    """Annotations of the frame with the colour of their layer, the lowest layer first."""
    layers = {layer.name: layer for layer in state.layers}
    here = [one for one in state.annotations if means(one.references, frame.ref.place)]
    here.sort(key=lambda one: layers[one.layer].order if one.layer in layers else 0)
    return [(one, _seen(layers[one.layer].colour if one.layer in layers else None)) for one in here]


def _seen(colour: Rgb | None) -> Rgb:
    return DEFAULT_RGB if colour is None or sum(colour) < DARKEST else colour


@dataclass(frozen=True)
class _Space:
    """Where coordinates of the state lie on the frame."""

    frame: Frame
    state: PresentationState

    def image_px(self, points: tuple[Point, ...], units: AnnotationUnits) -> Points:
        """ndarray, shape (n, 2), float64; fractions of the displayed area are turned back (C.10.4)."""
        given = np.array(points, np.float64).reshape(-1, 2)
        if units is AnnotationUnits.PIXEL:
            return given
        across, down = given[:, 0], given[:, 1]
        for _turn in range(self.state.quarter_turns):
            across, down = down, 1 - across
        if self.state.flip_horizontal:
            across = 1 - across
        left, top, right, bottom = shown_part(self.frame, Presentation(state=self.state))
        return np.stack([left + across * (right - left), top + down * (bottom - top)], axis=1)


def _line(graphic: GraphicObject, layer: Rgb, space: _Space) -> StateLine:
    points = OUTLINES[graphic.kind](space.image_px(graphic.points, graphic.units), space.frame)
    closed = len(points) > 2 and bool(np.allclose(points[0], points[-1]))
    colour = layer if graphic.colour is None else _seen(graphic.colour)
    filled = graphic.filled and closed
    return StateLine(points, closed, filled, colour, graphic.thickness, graphic.dashed)


def _as_given(points: Points, _frame: Frame) -> Points:
    return points


def _circle(points: Points, frame: Frame) -> Points:
    spacing = frame.spacing
    return circle(points, np.array([spacing.between_columns, spacing.between_rows]))


def _ellipse(points: Points, _frame: Frame) -> Points:
    return ellipse(points)


def _interpolated(points: Points, _frame: Frame) -> Points:
    """A Catmull-Rom spline through all points; closed where the last is the first."""
    if len(points) < 3:
        return points
    closed = np.allclose(points[0], points[-1])
    before, after = (points[-2], points[1]) if closed else (points[0], points[-1])
    held = np.vstack([before, points, after])
    step = np.linspace(0, 1, CURVE_STEPS, endpoint=False)[:, None]
    pieces = [_piece(held[n : n + 4], step) for n in range(len(points) - 1)]
    return np.vstack([*pieces, points[-1:]])


def _piece(held: Points, step: Points) -> Points:
    first, start, end, last = held
    slope, other = (end - first) / 2, (last - start) / 2
    square, cube = step**2, step**3
    piece: Points = (
        (2 * cube - 3 * square + 1) * start
        + (cube - 2 * square + step) * slope
        + (3 * square - 2 * cube) * end
        + (cube - square) * other
    )
    return piece


OUTLINES: dict[GraphicType, Callable[[Points, Frame], Points]] = {
    GraphicType.POINT: _as_given,
    GraphicType.POLYLINE: _as_given,
    GraphicType.INTERPOLATED: _interpolated,
    GraphicType.CIRCLE: _circle,
    GraphicType.ELLIPSE: _ellipse,
}


def _words(text: TextObject, layer: Rgb, space: _Space) -> StateWords:
    return StateWords(
        text.text,
        None if text.box is None else space.image_px(text.box, text.box_units),
        None if text.anchor is None else space.image_px((text.anchor,), text.anchor_units),
        text.anchor_visible and text.box is not None,
        text.justification,
        layer if text.colour is None else _seen(text.colour),
        np.array(whole_image(space.frame), np.float64).reshape(2, 2),
    )


def placed_words(words: StateWords, view_from_image: Affine2D, measure: Measure) -> PlacedWords:
    """Where to write words on a view, px: upright, from the top of their box, else beside their anchor.

    The standard leaves size and confinement to the viewer (PS3.3 C.10.5.1.1): letters fill the box, or
    the box on its side where the view turned it, as far as they stay legible, and run over its edge
    rather than be cut.
    """
    anchor = None if words.anchor_px is None else _first(view_from_image.apply(words.anchor_px))
    if words.box_px is None:
        assert anchor is not None
        width, height = measure(USUAL_LETTER_PX)
        x, y = anchor[0] + ANCHOR_GAP_PX, anchor[1] - ANCHOR_GAP_PX - height
        x, y = _kept_inside(words, view_from_image, (x, y), (width, height))
        return PlacedWords(USUAL_LETTER_PX, x, y, width, height)
    corners = view_from_image.apply(words.box_px)
    (left, top), (right, bottom) = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    sides = (right - left, bottom - top)
    letter = max(_letter(words.text, *sides, measure), _letter(words.text, *sides[::-1], measure))
    width, height = measure(letter)
    free = (right - left) - width
    x = left + {"CENTER": free / 2, "RIGHT": free}.get(words.justification, 0.0)
    x, top = _kept_inside(words, view_from_image, (x, top), (width, height))
    if anchor is None or not words.leader:
        return PlacedWords(letter, x, top, width, height)
    end = (min(max(anchor[0], x), x + width), min(max(anchor[1], top), top + height))
    return PlacedWords(letter, x, top, width, height, (anchor, end))


def _kept_inside(
    words: StateWords, view_from_image: Affine2D, at: Point, size: tuple[float, float]
) -> Point:
    """Moved off the edge of the image, beyond which a picture ends; words outside of it stay there."""
    corners = view_from_image.apply(words.whole_px)
    low, high = corners.min(axis=0).tolist(), corners.max(axis=0).tolist()
    x, y = (
        max(min(place, last - length), first) if first <= place <= last else place
        for place, length, first, last in zip(at, size, low, high, strict=True)
    )
    return x, y


def _first(points: Points) -> Point:
    x, y = points[0].tolist()
    return x, y


def _letter(text: str, width: float, height: float, measure: Measure) -> int:
    """The largest letters that fit the box, within what is legible and what is modest."""
    lines = max(len(text.splitlines()), 1)
    wanted = int(height / (lines * LINE_HEIGHT))
    letter = min(max(wanted, SMALLEST_LETTER_PX), LARGEST_LETTER_PX)
    needed = measure(letter)[0]
    return letter if needed <= width else max(int(letter * width / needed), SMALLEST_LETTER_PX)


DASH_PX, GAP_PX = 8.0, 5.0


def dashes(points: Points, *, dashed: bool) -> Iterator[tuple[Point, Point]]:
    """The straight pieces of a polyline on a view or picture, cut into dashes where asked, px."""
    for start, end in pairwise(points):
        length = float(np.hypot(*(end - start)))
        begins = np.arange(0.0, length, DASH_PX + GAP_PX) if dashed else np.zeros(1)
        for begin in begins:
            reach = min(begin + DASH_PX, length) if dashed else length
            share = np.array([begin, reach])[:, None] / max(length, 1e-9)
            (x0, y0), (x1, y1) = (start + share * (end - start)).tolist()
            yield (x0, y0), (x1, y1)
