"""Graphics of a state: where the standard puts them, in every turn, legible, in the colour of their layer."""

from itertools import product

import numpy as np
import pytest

from viewer.domain.geometry import Affine2D, PixelSpacing, SpacingEvidence
from viewer.domain.presentation import Presentation
from viewer.domain.presentation_state import (
    AnnotationUnits,
    DisplayedArea,
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GraphicType,
    PresentationState,
    TextObject,
)
from viewer.domain.study_object import ObjectReference
from viewer.imaging.state_shapes import (
    DEFAULT_RGB,
    LARGEST_LETTER_PX,
    SMALLEST_LETTER_PX,
    dashes,
    placed_words,
    state_shapes,
)
from viewer.imaging.view_transform import view_transform

ROWS, COLUMNS = 200, 300
PIXEL, DISPLAY = AnnotationUnits.PIXEL, AnnotationUnits.DISPLAY
TURNS = list(product(range(4), (False, True)))


def state(*annotations: GraphicAnnotation, **fields: object) -> PresentationState:
    given = {"references": (ObjectReference("1.2"),), "annotations": annotations, **fields}
    return PresentationState("9", "1", ("", "", "", ""), "L", "", "", **given)


def drawn(kind: GraphicType, *points: tuple[float, float], **fields: object) -> GraphicAnnotation:
    units = fields.pop("units", PIXEL)
    return GraphicAnnotation((), "A", (GraphicObject(kind, points, units, **fields),))


def written(**fields: object) -> GraphicAnnotation:
    return GraphicAnnotation((), "A", (), (TextObject("words", **fields),))


@pytest.fixture
def image(make_frame):
    return make_frame(np.zeros((ROWS, COLUMNS)), np.uint8)


def lines(frame, *annotations: GraphicAnnotation, **fields: object):
    return state_shapes(frame, Presentation(state=state(*annotations, **fields))).lines


def test_an_ellipse_runs_through_the_ends_of_its_axes(image) -> None:
    ends = ((40, 50), (80, 50), (60, 40), (60, 60))
    (line,) = lines(image, drawn(GraphicType.ELLIPSE, *ends))
    assert line.closed
    for end in ends:
        assert np.hypot(*(line.points_px - end).T).min() < 1e-6


def test_a_circle_is_round_in_the_patient(make_frame) -> None:
    spacing = PixelSpacing(2.0, 1.0, SpacingEvidence.PIXEL_SPACING)
    frame = make_frame(np.zeros((ROWS, COLUMNS)), np.uint8, spacing=spacing)
    (line,) = lines(frame, drawn(GraphicType.CIRCLE, (60, 50), (80, 50)))
    radii = np.hypot(*((line.points_px - (60, 50)) * (1, 2)).T)
    assert np.ptp(radii) < 1e-6
    assert radii[0] == pytest.approx(20)


def test_an_interpolated_curve_runs_through_all_its_points_without_corners(image) -> None:
    points = ((10, 10), (40, 60), (90, 20), (120, 90))
    (line,) = lines(image, drawn(GraphicType.INTERPOLATED, *points))
    assert not line.closed
    for point in points:
        assert np.hypot(*(line.points_px - point).T).min() < 1e-6
    steps = np.diff(line.points_px, axis=0)
    angles = np.unwrap(np.arctan2(steps[:, 1], steps[:, 0]))
    assert np.abs(np.diff(angles)).max() < np.pi / 4


def test_only_closed_shapes_are_filled(image) -> None:
    corners = ((10, 10), (40, 10), (40, 40), (10, 10))
    open_, closed = lines(
        image,
        drawn(GraphicType.POLYLINE, *corners[:3], filled=True),
        drawn(GraphicType.POLYLINE, *corners, filled=True),
    )
    assert (open_.filled, closed.filled) == (False, True)


@pytest.mark.parametrize(("turns", "flip"), TURNS)
def test_display_units_are_fractions_of_the_displayed_area_as_it_stands(
    image, turns: int, flip: bool
) -> None:
    area = DisplayedArea((), (19.5, 29.5, 219.5, 129.5))
    given = state(
        drawn(GraphicType.POINT, (0.1, 0.3), units=DISPLAY),
        areas=(area,),
        quarter_turns=turns,
        flip_horizontal=flip,
    )
    view = Presentation(state=given, quarter_turns=turns, flip_horizontal=flip)
    width, height = (200, 100) if turns % 2 == 0 else (100, 200)
    size = (width + 4, height + 4)
    (line,) = state_shapes(image, view).lines
    ((x, y),) = view_transform(image, view, *size).view_from_image.apply(line.points_px).tolist()
    assert (x, y) == pytest.approx((2 + 0.1 * width, 2 + 0.3 * height))


def test_layers_are_drawn_by_their_order_in_their_colours(image) -> None:
    low, high = drawn(GraphicType.POINT, (1, 1)), drawn(GraphicType.POINT, (2, 2))
    high = GraphicAnnotation((), "B", high.graphics)
    found = lines(
        image,
        high,
        low,
        layers=(GraphicLayer("A", 1, (0, 200, 0)), GraphicLayer("B", 2)),
    )
    assert [line.colour for line in found] == [(0, 200, 0), DEFAULT_RGB]


def test_a_graphics_own_colour_goes_before_its_layers_and_black_is_made_visible(image) -> None:
    layers = (GraphicLayer("A", 1, (0, 0, 0)),)
    own, plain = lines(
        image,
        drawn(GraphicType.POINT, (1, 1), colour=(9, 99, 200)),
        drawn(GraphicType.POINT, (1, 1)),
        layers=layers,
    )
    assert (own.colour, plain.colour) == ((9, 99, 200), DEFAULT_RGB)


def test_annotations_for_another_image_are_not_drawn(image) -> None:
    other = GraphicAnnotation(
        (ObjectReference("1.3"),), "A", drawn(GraphicType.POINT, (1, 1)).graphics
    )
    assert lines(image, other) == ()
    strange = state(drawn(GraphicType.POINT, (1, 1)), references=(ObjectReference("1.3"),))
    assert state_shapes(image, Presentation(state=strange)).empty


def measure(letter: int) -> tuple[float, float]:
    return 5 * 0.6 * letter, 1.2 * letter


def words_of(image, **fields: object):
    (words,) = state_shapes(image, Presentation(state=state(written(**fields)))).words
    return words


@pytest.mark.parametrize(("turns", "flip"), TURNS)
def test_words_stand_upright_in_their_box_in_every_turn(image, turns: int, flip: bool) -> None:
    words = words_of(image, box=((50, 40), (150, 70)))
    view = Presentation(quarter_turns=turns, flip_horizontal=flip)
    affine = view_transform(image, view, 900, 900).view_from_image
    placed = placed_words(words, affine, measure)
    corners = affine.apply(np.array([[50, 40], [150, 70]], np.float64))
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    assert left <= placed.left <= right
    assert top <= placed.top <= bottom
    assert placed.letter_px == LARGEST_LETTER_PX


@pytest.mark.parametrize(("side", "share"), [("LEFT", 0.0), ("CENTER", 0.5), ("RIGHT", 1.0)])
def test_words_are_justified_in_their_box(image, side: str, share: float) -> None:
    words = words_of(image, box=((50, 40), (250, 60)), justification=side)
    placed = placed_words(words, Affine2D(), measure)
    assert placed.left == pytest.approx(50 + share * (200 - placed.width))


def test_letters_in_a_box_too_small_to_read_run_over_its_edge(image) -> None:
    placed = placed_words(words_of(image, box=((50, 40), (54, 42))), Affine2D(), measure)
    assert placed.letter_px == SMALLEST_LETTER_PX


def test_words_without_a_box_stand_beside_their_anchor(image) -> None:
    placed = placed_words(words_of(image, anchor=(100, 100)), Affine2D(), measure)
    assert placed.left > 100
    assert placed.top + placed.height < 100
    assert placed.leader is None


def test_a_visible_anchor_is_joined_to_the_box(image) -> None:
    words = words_of(image, box=((50, 40), (90, 60)), anchor=(200, 150), anchor_visible=True)
    placed = placed_words(words, Affine2D(), measure)
    assert placed.leader is not None
    start, end = placed.leader
    assert start == (200, 150)
    assert end == (placed.left + placed.width, placed.top + placed.height)


def test_dashes_cover_part_of_a_line_and_solid_lines_all_of_it() -> None:
    points = np.array([[0, 0], [100, 0], [100, 50]], np.float64)
    whole = sum(np.hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in dashes(points, dashed=False))
    part = sum(np.hypot(x1 - x0, y1 - y0) for (x0, y0), (x1, y1) in dashes(points, dashed=True))
    assert whole == pytest.approx(150)
    assert 0.5 < part / whole < 0.75


def test_words_that_would_run_over_the_edge_of_the_image_are_moved_inside(image) -> None:
    words = words_of(image, box=((280, 190), (299, 199)))
    placed = placed_words(words, Affine2D(), measure)
    assert placed.left + placed.width == pytest.approx(COLUMNS - 0.5)
    assert placed.top + placed.height == pytest.approx(ROWS - 0.5)
