"""SrMark: a shape that a structured report draws, with the report's own label, and on which images it lies."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from viewer.domain.curves import circle, ellipse
from viewer.domain.geometry import ImagePlane, SpacingEvidence
from viewer.domain.image import Frame
from viewer.domain.sr_document import Coordinates, InstanceLink, ItemPath, SrDocument, SrItem

Points = NDArray[np.float64]

SAME_PLACE_MM = 0.5
"""Half a slice of a frame whose thickness is not stated: what lies further off is not on the image."""

WHOLE_SLIDE = "VL Whole Slide Microscopy Image"
"""Its frames are tiles; a writer's word that coordinates count from all tiles means the frame elsewhere."""

FINDING, TRACKING = ("121071", "DCM"), ("112039", "DCM")
"""Finding, and Tracking Identifier: what a group of measurements is about (PS3.16 TID 1411)."""


@dataclass(frozen=True)
class SrMark:
    """One shape. path: of its item. links: the images a two-dimensional one is drawn on, none for one in space."""

    path: ItemPath
    label: str
    coordinates: Coordinates
    links: tuple[InstanceLink, ...] = ()


@dataclass(frozen=True, eq=False)
class SrLine:
    """points_px: ndarray, shape (n, 2), float64; (column, row), the centre of the first pixel is 0, 0.

    One point alone is a cross.
    """

    points_px: Points
    closed: bool = False


def sr_marks(document: SrDocument) -> tuple[SrMark, ...]:
    """All shapes of a report that say on which image, or where in the patient, they lie."""
    items = {item.path: item for item in document.root.walk()}
    found = (
        SrMark(item.path, _label(item, items), item.coordinates, _links(item, items))
        for item in items.values()
        if item.coordinates is not None
    )
    return tuple(mark for mark in found if mark.links or mark.coordinates.in_patient)


def _links(item: SrItem, items: Mapping[ItemPath, SrItem]) -> tuple[InstanceLink, ...]:
    """The images it was selected from, stated below it or by reference (PS3.3 C.18.6)."""
    if item.coordinates is None or item.coordinates.in_patient:
        return ()
    below = (items.get(child.target, child) for child in item.children)
    links = (link for child in below if child.kind == "IMAGE" for link in child.links)
    tiled = item.coordinates.of_all_tiles
    return tuple(link for link in links if not (tiled and link.class_name == WHOLE_SLIDE))


def _label(item: SrItem, items: Mapping[ItemPath, SrItem]) -> str:
    """What the report calls it: the number inferred from it, or what its group is about, or its own name."""
    parent = items.get(item.path[:-1])
    if parent is None:
        return _name(item)
    if parent.value:
        return f"{_name(parent)}: {parent.value}"
    siblings = {(one.name.value, one.name.scheme): one for one in parent.children if one.name}
    told = [siblings[code].value for code in (FINDING, TRACKING) if code in siblings]
    return ", ".join(filter(None, told)) or _name(item)


def _name(item: SrItem) -> str:
    return "" if item.name is None else item.name.meaning or item.name.value


def lines_on(mark: SrMark, frame: Frame, thickness_mm: float | None) -> tuple[SrLine, ...]:
    """What of a mark lies on a frame: by instance and frame number, or by place in the patient; else nothing.

    thickness_mm: Slice Thickness; a shape in space is drawn where all of it lies within half of it.
    """
    stated = mark.coordinates
    if not stated.in_patient:
        uid, number = frame.ref.place
        here = any(
            link.sop_instance_uid == uid and (not link.frames or number in link.frames)
            for link in mark.links
        )
        return _shapes(stated.kind, stated.array - 0.5, _stretch(frame)) if here else ()
    points = _in_plane(stated, frame, thickness_mm)
    return () if points is None else _shapes(stated.kind, points, _stretch(frame))


def _stretch(frame: Frame) -> Points:
    return np.array([frame.spacing.between_columns, frame.spacing.between_rows])


def _in_plane(stated: Coordinates, frame: Frame, thickness_mm: float | None) -> Points | None:
    """Places in the patient as pixels; None where they lie elsewhere or the frame does not say where it is."""
    plane, spacing = frame.plane, frame.spacing
    known = plane is not None and spacing.evidence is SpacingEvidence.PIXEL_SPACING
    if plane is None or not known or not stated.frame_of_reference_uid:
        return None
    if plane.frame_of_reference_uid != stated.frame_of_reference_uid:
        return None
    return _on_plane(stated.array, plane, _stretch(frame), thickness_mm, stated.kind)


def _on_plane(
    places: Points, plane: ImagePlane, size_mm: Points, thickness_mm: float | None, kind: str
) -> Points | None:
    apart = places - np.array(plane.position_lps_mm)
    reach = thickness_mm / 2 if thickness_mm else SAME_PLACE_MM
    here = np.abs(apart @ plane.normal) <= reach
    if kind in SEPARATE:
        apart = apart[here]
    elif not here.all():
        return None
    axes = np.stack([plane.row_cosines, plane.column_cosines], axis=1)
    points: Points = (apart @ axes) / size_mm
    return points if len(points) else None


def _separate(points: Points, _size: Points) -> Iterator[SrLine]:
    yield from (SrLine(point[None]) for point in points)


def _polyline(points: Points, _size: Points) -> Iterator[SrLine]:
    closed = len(points) > 2 and bool(np.allclose(points[0], points[-1]))
    yield SrLine(points[:-1] if closed else points, closed)


def _polygon(points: Points, _size: Points) -> Iterator[SrLine]:
    yield SrLine(points, closed=True)


def _circle(points: Points, size: Points) -> Iterator[SrLine]:
    yield SrLine(circle(points, size)[:-1], closed=True)


def _ellipse(points: Points, _size: Points) -> Iterator[SrLine]:
    yield SrLine(ellipse(points)[:-1], closed=True)


SEPARATE = frozenset({"POINT", "MULTIPOINT"})
SHAPES: Mapping[str, tuple[int, Callable[[Points, Points], Iterator[SrLine]]]] = MappingProxyType(
    {
        "POINT": (1, _separate),
        "MULTIPOINT": (1, _separate),
        "POLYLINE": (2, _polyline),
        "POLYGON": (3, _polygon),
        "CIRCLE": (2, _circle),
        "ELLIPSE": (4, _ellipse),
    }
)
"""By Graphic Type: the fewest points it needs, and its lines; an ELLIPSOID lies in no plane."""


def may_be_drawn(mark: SrMark) -> bool:
    """Whether the shape is of a kind that is drawn, with all of its points."""
    fewest, _lines = SHAPES.get(mark.coordinates.kind, (0, None))
    return 0 < fewest <= len(mark.coordinates.points)


def _shapes(kind: str, points: Points, size: Points) -> tuple[SrLine, ...]:
    fewest, lines = SHAPES.get(kind, (0, None))
    return tuple(lines(points, size)) if lines is not None and len(points) >= fewest else ()
