"""Content items: codes, texts, regions and image references of the report tree."""

from collections.abc import Sequence

import numpy as np
from highdicom.sr import (
    CodeContentItem,
    CodedConcept,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    GraphicTypeValues,
    ImageContentItem,
    NumContentItem,
    RelationshipTypeValues,
    ScoordContentItem,
    SourceImageForRegion,
    TextContentItem,
)
from numpy.typing import NDArray
from pydicom import Dataset

from viewer.domain import coding
from viewer.domain.finding import Mark
from viewer.export.dicom_object import referenced_frame
from viewer.export.sr_content import Region
from viewer.review.codes import report_code

CORNER_FROM_CENTRE_PX = 0.5
"""SCOORD counts from the corner of the top left pixel (PS3.3 C.18.6.1.2), Mark from its centre."""

CONTAINS = RelationshipTypeValues.CONTAINS
MODIFIES = RelationshipTypeValues.HAS_CONCEPT_MOD
ACQUIRED = RelationshipTypeValues.HAS_ACQ_CONTEXT


def concept(code: coding.CodedConcept) -> CodedConcept:
    """A code of ours as highdicom's."""
    return CodedConcept(code.value, code.scheme, code.meaning)


def named(key: str) -> CodedConcept:
    """A code of resources/codes/report.csv."""
    return concept(report_code(key))


def text(
    name: CodedConcept, value: str, relation: RelationshipTypeValues = CONTAINS
) -> ContentItem:
    """A TEXT item; line ends as DICOM wants them (PS3.5 6.1.2.3)."""
    lines = "\r\n".join(value.splitlines())
    return TextContentItem(name=name, value=lines, relationship_type=relation)


def container(key: str, children: Sequence[ContentItem]) -> ContainerContentItem:
    """A CONTAINER with its children."""
    item = ContainerContentItem(name=named(key), relationship_type=CONTAINS)
    item.ContentSequence = ContentSequence(children)
    return item


def region(marked: Region, source: Dataset) -> ScoordContentItem:
    """Image Region (111030,DCM): a mark with the frame it lies on (SCOORD has no other children)."""
    item = ScoordContentItem(
        name=named("image_region"),
        graphic_type=graphic_type(marked.mark),
        graphic_data=graphic_data(marked.mark),
        relationship_type=CONTAINS,
    )
    image = SourceImageForRegion(
        source.SOPClassUID, source.SOPInstanceUID, referenced_frame(source, marked.frame)
    )
    item.ContentSequence = ContentSequence([image])
    return item


def graphic_type(mark: Mark) -> GraphicTypeValues:
    """POINT for one point, else POLYLINE (PS3.3 C.18.6.1.1)."""
    return GraphicTypeValues.POINT if len(mark.points_px) == 1 else GraphicTypeValues.POLYLINE


def graphic_data(mark: Mark) -> NDArray[np.float64]:
    """The points of a mark as Graphic Data (0070,0022).

    Returns
    -------
    ndarray, shape (n, 2), float64; (column, row), (0, 0) is the corner of the top left pixel;
    a closed outline ends where it begins
    """
    points = [*mark.points_px]
    if mark.closed and points[0] != points[-1]:
        points.append(points[0])
    return np.array(points, np.float64) + CORNER_FROM_CENTRE_PX


def library_entry(source: Dataset) -> ImageContentItem:
    """TID 1601 with what the file states for certain: modality and size."""
    item = ImageContentItem(
        name=named("source"),
        referenced_sop_class_uid=source.SOPClassUID,
        referenced_sop_instance_uid=source.SOPInstanceUID,
        relationship_type=CONTAINS,
    )
    item.ContentSequence = ContentSequence(
        [
            *_modality(str(source.get("Modality", ""))),
            _size("pixel_data_rows", source.Rows),
            _size("pixel_data_columns", source.Columns),
        ]
    )
    return item


def _modality(value: str) -> list[ContentItem]:
    """CID 29; nothing for a modality the code table does not know."""
    try:
        code = named(f"modality_{value}")
    except KeyError:
        return []
    return [CodeContentItem(named("modality"), code, ACQUIRED)]


def _size(key: str, value: int) -> NumContentItem:
    return NumContentItem(named(key), int(value), named("pixels_unit"), relationship_type=ACQUIRED)
