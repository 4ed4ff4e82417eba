"""The shutter hides only what the file states whole; a broken shape hides nothing."""

import pytest
from pydicom.dataset import Dataset

from viewer.dicom.scope import Scope, frame_scope
from viewer.dicom.shutter import shutter_of
from viewer.domain.overlay import Shutter

RECTANGLE = {
    "ShutterLeftVerticalEdge": 3,
    "ShutterRightVerticalEdge": 9,
    "ShutterUpperHorizontalEdge": 2,
    "ShutterLowerHorizontalEdge": 7,
}
CIRCLE = {"CenterOfCircularShutter": [5, 8], "RadiusOfCircularShutter": 4}


def dataset(shape: object, **attributes: object) -> Dataset:
    made = Dataset()
    made.ShutterShape = shape
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def found(shape: object, **attributes: object) -> Shutter | None:
    return shutter_of(Scope((dataset(shape, **attributes),)))


def test_edges_count_from_one() -> None:
    assert found("RECTANGULAR", **RECTANGLE) == Shutter(rectangle_px=(2, 1, 8, 6))


def test_the_centre_is_row_first() -> None:
    assert found("CIRCULAR", **CIRCLE) == Shutter(circle_px=(7, 4, 4))


def test_vertices_are_row_first() -> None:
    stated = found("POLYGONAL", VerticesOfThePolygonalShutter=[1, 2, 1, 9, 8, 5])
    assert stated == Shutter(polygon_px=((1, 0), (8, 0), (4, 7)))


def test_shapes_are_combined_and_the_presentation_value_is_a_p_value() -> None:
    both = found(["RECTANGULAR", "CIRCULAR"], ShutterPresentationValue=65535, **RECTANGLE, **CIRCLE)
    assert both == Shutter((2, 1, 8, 6), (7, 4, 4), grey=255)


@pytest.mark.parametrize(
    ("shape", "attributes"),
    [
        ("RECTANGULAR", {**RECTANGLE, "ShutterRightVerticalEdge": 1}),
        ("RECTANGULAR", {"ShutterLeftVerticalEdge": 3}),
        ("CIRCULAR", {**CIRCLE, "RadiusOfCircularShutter": 0}),
        ("CIRCULAR", {"RadiusOfCircularShutter": 4}),
        ("POLYGONAL", {"VerticesOfThePolygonalShutter": [1, 2, 1, 9]}),
        ("POLYGONAL", {"VerticesOfThePolygonalShutter": [1, 2, 1, 9, 8, 5, 4]}),
        ("BITMAP", {}),
        ("", RECTANGLE),
    ],
)
def test_a_shape_that_is_not_whole_hides_nothing(shape: str, attributes: dict) -> None:
    assert found(shape, **attributes) is None


def test_a_frames_own_shutter_is_found_in_its_functional_group() -> None:
    group, whole = Dataset(), Dataset()
    group.FrameDisplayShutterSequence = [dataset("CIRCULAR", **CIRCLE)]
    whole.PerFrameFunctionalGroupsSequence = [Dataset(), group]
    assert shutter_of(frame_scope(whole, 0)) is None
    assert shutter_of(frame_scope(whole, 1)) == Shutter(circle_px=(7, 4, 4))
