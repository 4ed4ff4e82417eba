"""The view transform: each pixel lands where zoom, pan, turns and flips say, and letters go along."""

from pathlib import Path

import numpy as np
import pytest

from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import EdgeLetters, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Presentation
from viewer.domain.presentation_state import (
    DisplayedArea,
    PresentationState,
    SizeMode,
    first_view,
)
from viewer.domain.study_object import ObjectReference
from viewer.imaging.view_transform import pixel_aspect, shown_edges, view_transform

ROWS, COLUMNS = 40, 60
CORNERS = np.array([[0.0, 0.0], [COLUMNS - 1.0, 0.0], [0.0, ROWS - 1.0]])
"""Top left, top right, bottom left."""


def frame(spacing: PixelSpacing | None = None) -> Frame:
    stored = np.zeros((ROWS, COLUMNS), np.uint8)
    plain = Frame(FrameRef("1.2", 0, Path("file")), stored, Photometric.MONOCHROME2, 8, False)
    return plain if spacing is None else Frame(**{**vars(plain), "spacing": spacing})


def corners_on_view(presentation: Presentation) -> list[tuple[str, str]]:
    """For each image corner: the side of the view it lies on, across and down."""
    points = view_transform(frame(), presentation, 200, 200).view_from_image.apply(CORNERS)
    return [("right" if x > 100 else "left", "bottom" if y > 100 else "top") for x, y in points]


@pytest.mark.parametrize(
    ("presentation", "expected"),
    [
        (Presentation(), [("left", "top"), ("right", "top"), ("left", "bottom")]),
        (
            Presentation(quarter_turns=1),
            [("right", "top"), ("right", "bottom"), ("left", "top")],
        ),
        (
            Presentation(flip_horizontal=True),
            [("right", "top"), ("left", "top"), ("right", "bottom")],
        ),
        (
            Presentation(flip_horizontal=True, quarter_turns=1),
            [("right", "bottom"), ("right", "top"), ("left", "bottom")],
        ),
        (
            Presentation(quarter_turns=2),
            [("right", "bottom"), ("left", "bottom"), ("right", "top")],
        ),
    ],
)
def test_corners_go_where_flip_and_turn_put_them(
    presentation: Presentation, expected: list[tuple[str, str]]
) -> None:
    assert corners_on_view(presentation) == expected


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("turns", range(4))
def test_letters_go_with_the_pixels_through_all_eight_orientations(flip: bool, turns: int) -> None:
    view = Presentation(flip_horizontal=flip, quarter_turns=turns)
    letters = shown_edges(EdgeLetters("R", "L", "H", "F"), view)
    assert letters is not None
    middle_right = np.array([[COLUMNS - 1.0, (ROWS - 1) / 2]])
    ((x, y),) = view_transform(frame(), view, 200, 200).view_from_image.apply(middle_right)
    side = {
        (True, False): letters.right if x > 100 else letters.left,
        (False, True): letters.bottom if y > 100 else letters.top,
    }[(abs(x - 100) > 5, abs(y - 100) > 5)]
    assert side == "L"


def test_without_orientation_in_the_file_there_are_no_letters() -> None:
    assert shown_edges(None, Presentation(quarter_turns=1)) is None


def test_fitting_shows_the_whole_image_and_no_more() -> None:
    transform = view_transform(frame(), Presentation(), 304, 1000)
    assert transform.zoom == pytest.approx(5.0)


def test_one_to_one_is_one_view_pixel_for_one_image_pixel() -> None:
    transform = view_transform(frame(), Presentation(zoom=1.0), 200, 200)
    points = transform.view_from_image.apply(np.array([[0.0, 0.0], [1.0, 1.0]]))
    np.testing.assert_allclose(points[1] - points[0], [1.0, 1.0])


def test_uneven_spacing_is_shown_in_true_proportion() -> None:
    spacing = PixelSpacing(2.0, 1.0, SpacingEvidence.PIXEL_SPACING)
    transform = view_transform(frame(spacing), Presentation(zoom=1.0), 200, 200)
    points = transform.view_from_image.apply(np.array([[0.0, 0.0], [10.0, 10.0]]))
    np.testing.assert_allclose(points[1] - points[0], [10.0, 20.0])


def test_a_pan_moves_the_image_by_as_many_view_pixels() -> None:
    still = view_transform(frame(), Presentation(), 200, 200).view_from_image.apply(CORNERS)
    moved = view_transform(
        frame(), Presentation(pan_view_px=(7.0, -3.0)), 200, 200
    ).view_from_image.apply(CORNERS)
    np.testing.assert_allclose(moved - still, [[7.0, -3.0]] * 3)


def state(area: DisplayedArea) -> PresentationState:
    references = (ObjectReference("1.2"), ObjectReference("1"))
    return PresentationState("9", "1", ("", "", "", ""), "L", "", "", references, areas=(area,))


@pytest.mark.parametrize("turns", range(4))
def test_the_displayed_area_of_a_state_is_centred_and_fills_the_view(make_frame, turns) -> None:
    image = make_frame(np.zeros((200, 300)))
    area = DisplayedArea((), (19.5, 29.5, 119.5, 79.5))
    view = Presentation(state=state(area), quarter_turns=turns)
    size = (404, 204) if turns % 2 == 0 else (204, 404)
    found = view_transform(image, view, *size)
    assert found.zoom == pytest.approx(4)
    corners = found.view_from_image.apply(np.array([[19.5, 29.5], [119.5, 79.5]]))
    assert corners.min(axis=0).tolist() == pytest.approx([2, 2])
    assert corners.max(axis=0).tolist() == pytest.approx([size[0] - 2, size[1] - 2])


def test_the_whole_image_is_centred_where_that_is_asked_for(make_frame) -> None:
    image = make_frame(np.zeros((200, 300)))
    view = Presentation(state=state(DisplayedArea((), (0, 0, 10, 10))), zoom=1.0)
    affine = view_transform(image, view, 300, 200, whole=True).view_from_image
    assert affine.apply(np.array([[-0.5, -0.5]])).tolist() == [[0, 0]]


def test_the_pixel_aspect_of_a_state_is_used_where_the_file_has_no_spacing(make_frame) -> None:
    image = make_frame(np.zeros((10, 10)))
    view = Presentation(state=state(DisplayedArea((), (-0.5, -0.5, 9.5, 9.5), aspect=2.0)))
    assert pixel_aspect(image, view) == (2.0, 1.0)
    assert pixel_aspect(image, Presentation()) == (1.0, 1.0)
    spacing = PixelSpacing(1.0, 1.0, SpacingEvidence.PIXEL_SPACING)
    spaced = make_frame(np.zeros((10, 10)), spacing=spacing)
    assert pixel_aspect(spaced, view) == (1.0, 1.0)


def test_a_magnified_area_begins_at_its_zoom() -> None:
    area = DisplayedArea((), (0, 0, 9, 9), SizeMode.MAGNIFY, 2.5)
    assert first_view(state(area), ("1.2", 0)).zoom == 2.5
    assert first_view(None, ("1.2", 0)) == Presentation()
