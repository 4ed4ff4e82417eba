"""Shapes of a report lie on the image they name, or where they are in the patient, and nowhere else."""

from pathlib import Path

import numpy as np
import pytest

from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import ImagePlane, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Photometric
from viewer.domain.sr_document import Coordinates, InstanceLink, SrDocument, SrItem
from viewer.domain.sr_marks import SrMark, lines_on, may_be_drawn, sr_marks
from viewer.domain.study import Patient

REFERENCE = "1.5"
PLANE = ImagePlane((-10.0, -20.0, 30.0), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), REFERENCE)
SQUARE = PixelSpacing(0.5, 0.5, SpacingEvidence.PIXEL_SPACING)


def frame(
    uid: str = "1.2",
    number: int = 0,
    plane: ImagePlane | None = PLANE,
    spacing: PixelSpacing = SQUARE,
) -> Frame:
    return Frame(
        FrameRef(uid, number, Path("file")),
        np.zeros((64, 64), np.uint8),
        Photometric.MONOCHROME2,
        8,
        False,
        plane=plane,
        spacing=spacing,
    )


def flat(kind: str, *points: tuple[float, float], frames: tuple[int, ...] = ()) -> SrMark:
    return SrMark((1, 1), "mark", Coordinates(kind, points), (InstanceLink("1.2", frames=frames),))


def in_space(kind: str, *points: tuple[float, float, float], reference: str = REFERENCE) -> SrMark:
    return SrMark((1, 1), "mark", Coordinates(kind, points, True, reference))


def test_coordinates_count_from_the_corner_of_the_first_pixel() -> None:
    """0.0, 0.0 is its top left corner, 0.5, 0.5 its centre (PS3.3 C.18.6.1.1)."""
    (line,) = lines_on(flat("POINT", (0.5, 0.5)), frame(), None)
    assert line.points_px.tolist() == [[0.0, 0.0]]


def test_a_mark_lies_on_its_own_image_and_frame_alone() -> None:
    assert lines_on(flat("POINT", (5, 5)), frame("1.3"), None) == ()
    second = flat("POINT", (5, 5), frames=(1,))
    assert lines_on(second, frame(number=0), None) == ()
    assert lines_on(second, frame(number=1), None)


def test_many_points_are_many_crosses() -> None:
    lines = lines_on(flat("MULTIPOINT", (1, 1), (3, 3)), frame(), None)
    assert [len(line.points_px) for line in lines] == [1, 1]


def test_a_polyline_that_ends_where_it_began_is_closed() -> None:
    (open_line,) = lines_on(flat("POLYLINE", (1, 1), (3, 1), (3, 3)), frame(), None)
    (closed,) = lines_on(flat("POLYLINE", (1, 1), (3, 1), (3, 3), (1, 1)), frame(), None)
    assert (open_line.closed, closed.closed) == (False, True)


def test_a_circle_is_round_in_the_patient() -> None:
    tall = PixelSpacing(1.0, 0.5, SpacingEvidence.PIXEL_SPACING)
    (line,) = lines_on(flat("CIRCLE", (20.5, 20.5), (30.5, 20.5)), frame(spacing=tall), None)
    reach = np.ptp(line.points_px, axis=0)
    assert reach == pytest.approx([20, 10], abs=0.1), "10 columns of 0.5 mm are 5 rows of 1 mm"


def test_an_ellipse_goes_through_the_ends_of_both_axes() -> None:
    (line,) = lines_on(flat("ELLIPSE", (10, 20), (30, 20), (20, 15), (20, 25)), frame(), None)
    low, high = line.points_px.min(axis=0), line.points_px.max(axis=0)
    assert np.concatenate([low, high]) == pytest.approx([9.5, 14.5, 29.5, 24.5], abs=0.05)


def test_a_place_in_the_patient_is_found_on_the_slice_that_holds_it() -> None:
    (line,) = lines_on(in_space("POINT", (-5.0, -15.0, 30.4)), frame(), 1.0)
    assert line.points_px == pytest.approx(np.array([[10.0, 10.0]]))
    assert lines_on(in_space("POINT", (-5.0, -15.0, 30.6)), frame(), 1.0) == ()
    assert lines_on(in_space("POINT", (-5.0, -15.0, 30.6)), frame(), None) == ()


@pytest.mark.parametrize("reference", ["1.6", ""])
def test_another_or_no_frame_of_reference_is_drawn_nowhere(reference: str) -> None:
    assert lines_on(in_space("POINT", (-5, -15, 30), reference=reference), frame(), 5.0) == ()


def test_an_image_without_place_or_size_takes_no_mark_in_space() -> None:
    mark = in_space("POINT", (-5.0, -15.0, 30.0))
    assert lines_on(mark, frame(plane=None), 5.0) == ()
    detector = PixelSpacing(0.5, 0.5, SpacingEvidence.IMAGER_PIXEL_SPACING)
    assert lines_on(mark, frame(spacing=detector), 5.0) == ()


def test_a_contour_that_leaves_the_slice_is_not_drawn_in_part() -> None:
    inside = [(-5.0, -15.0, 30.0), (0.0, -15.0, 30.0), (0.0, -10.0, 30.0)]
    (line,) = lines_on(in_space("POLYGON", *inside), frame(), 2.0)
    assert line.closed
    assert lines_on(in_space("POLYGON", *inside[:2], (0.0, -10.0, 35.0)), frame(), 2.0) == ()


@pytest.mark.parametrize(
    ("kind", "count", "drawn"),
    [
        ("POINT", 1, True),
        ("ELLIPSE", 4, True),
        ("ELLIPSE", 3, False),
        ("CIRCLE", 1, False),
        ("ELLIPSOID", 6, False),
        ("SPIRAL", 9, False),
        ("POLYGON", 2, False),
    ],
)
def test_only_whole_shapes_of_known_kinds_are_drawn(kind: str, count: int, drawn: bool) -> None:
    mark = flat(kind, *[(float(n), float(n * n)) for n in range(count)])
    assert may_be_drawn(mark) is drawn
    assert bool(lines_on(mark, frame(), None)) is drawn


def concept(value: str, meaning: str) -> CodedConcept:
    return CodedConcept(value, "DCM", meaning)


def document(*items: SrItem) -> SrDocument:
    words = dict.fromkeys(("date", "time", "completion", "completion_note"), "")
    words |= dict.fromkeys(("verification", "preliminary"), "")
    root = SrItem((1,), "CONTAINER", None, children=items)
    patient = Patient("1", "A")
    return SrDocument(
        title="T", patient=patient, study_uid="1", verifiers=(), authors=(), devices=(),
        algorithms=(), root=root, **words,
    )  # fmt: skip


def region(path: tuple[int, ...], *children: SrItem) -> SrItem:
    name, shape = concept("111030", "Image Region"), Coordinates("POINT", ((1.0, 1.0),))
    return SrItem(path, "SCOORD", name, coordinates=shape, children=children)


def image(path: tuple[int, ...], **changed: object) -> SrItem:
    return SrItem(path, "IMAGE", None, links=(InstanceLink("1.2"),), **changed)  # type: ignore[arg-type]


def test_the_number_inferred_from_a_shape_names_it() -> None:
    shape = region((1, 1, 1), image((1, 1, 1, 1)))
    number = SrItem((1, 1), "NUM", concept("1", "Length"), "12.3 mm", children=(shape,))
    assert [mark.label for mark in sr_marks(document(number))] == ["Length: 12.3 mm"]


def test_finding_and_tracking_identifier_of_the_group_name_it() -> None:
    group = SrItem(
        (1, 1), "CONTAINER", None,
        children=(
            SrItem((1, 1, 1), "TEXT", concept("112039", "Tracking Identifier"), "Lesion 1"),
            SrItem((1, 1, 2), "CODE", concept("121071", "Finding"), "Nodule"),
            region((1, 1, 3), image((1, 1, 3, 1))),
        ),
    )  # fmt: skip
    assert [mark.label for mark in sr_marks(document(group))] == ["Nodule, Lesion 1"]


def test_an_image_given_by_reference_is_found() -> None:
    by_reference = SrItem((1, 2, 1), "", None, target=(1, 1))
    (mark,) = sr_marks(document(image((1, 1)), region((1, 2), by_reference)))
    assert mark.links == (InstanceLink("1.2"),)
    assert mark.label == "Image Region"


def test_a_shape_that_names_no_image_is_no_mark() -> None:
    assert sr_marks(document(region((1, 1)))) == ()


@pytest.mark.parametrize(
    ("kind", "marks"), [("CT Image", 1), ("VL Whole Slide Microscopy Image", 0)]
)
def test_coordinates_of_all_tiles_of_a_slide_are_not_those_of_a_tile(kind: str, marks: int) -> None:
    """Some writers say VOLUME of every image; it means something else than the frame only for tiles."""
    shape = Coordinates("POINT", ((1.0, 1.0),), of_all_tiles=True)
    source = SrItem((1, 1, 1), "IMAGE", None, links=(InstanceLink("1.2", kind),))
    item = SrItem((1, 1), "SCOORD", None, coordinates=shape, children=(source,))
    assert len(sr_marks(document(item))) == marks
