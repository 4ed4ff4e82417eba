"""What a segmentation network outlined as a DICOM Segmentation (PS3.3 A.51): binary, in the image's grid."""

from collections.abc import Mapping, Sequence

import numpy as np
from highdicom import AlgorithmIdentificationSequence
from highdicom.seg import Segmentation, SegmentDescription
from numpy.typing import NDArray
from pydicom import Dataset

from viewer.domain.finding import Algorithm
from viewer.domain.image import Heatmap
from viewer.export.dicom_object import (
    TEXT_LIMIT,
    OfAnyClass,
    finished,
    frame_count,
    heading,
    skeleton,
)
from viewer.export.highdicom_sr.items import concept, named
from viewer.export.objects.coded_item import has_spacing
from viewer.export.uids import derived_uid, device_uid
from viewer.imaging.heatmap import resample
from viewer.review.report import SignedReport

KIND = "segmentation"
SERIES_NUMBER = 996
OUTLINED = 0.5
"""Probability from which a pixel is inside."""

GEOMETRY = (
    "Modality",
    "Rows",
    "Columns",
    "NumberOfFrames",
    "FrameOfReferenceUID",
    "PositionReferenceIndicator",
    "PixelSpacing",
    "SliceThickness",
    "SpacingBetweenSlices",
    "ImageOrientationPatient",
    "ImagePositionPatient",
    "PatientOrientation",
    "BodyPartExamined",
    "ImageType",
    "SharedFunctionalGroupsSequence",
    "PerFrameFunctionalGroupsSequence",
    "DimensionOrganizationSequence",
    "DimensionIndexSequence",
)
"""What a segmentation needs of its source images, beside their identity."""


class OutlinedSegments(OfAnyClass, Segmentation):
    """highdicom's object."""


def segmentation(
    report: SignedReport,
    algorithm: Algorithm,
    maps: Sequence[Heatmap],
    sources: Mapping[str, Dataset],
    number: int,
) -> OutlinedSegments:
    """One network's outlines on the images of one size; a segment for each label.

    maps: of that network, each with `segment`. sources: headers by SOP Instance UID, in stack order.
    """
    images = [_image(source) for source in sources.values()]
    labels = list(dict.fromkeys(one.label for one in maps))
    kind = f"{KIND} {algorithm.model_id}"
    made = OutlinedSegments(
        source_images=images,
        pixel_array=_mask(maps, labels, sources),
        segmentation_type="BINARY",
        segment_descriptions=[
            _segment(index, label, maps, algorithm, report)
            for index, label in enumerate(labels, start=1)
        ],
        device_serial_number=device_uid(algorithm.sha256)[:TEXT_LIMIT],
        content_label="AI_OUTLINE",
        content_description="Outlined by AI; see the report for verdicts"[:TEXT_LIMIT],
        **heading(report, kind, SERIES_NUMBER, "AI outlines", number, f" {number}"),
        omit_empty_frames=True,
    )
    first = next(iter(sources.values()))
    finished(made, report, first)
    if first.get("PatientOrientation") and "FrameOfReferenceUID" not in first:
        made.PatientOrientation = first.PatientOrientation
    return made


def _image(source: Dataset) -> Dataset:
    kept = GEOMETRY if has_spacing(source) else tuple(k for k in GEOMETRY if k != "PixelSpacing")
    return skeleton(source, *kept)


def _mask(
    maps: Sequence[Heatmap], labels: Sequence[str], sources: Mapping[str, Dataset]
) -> NDArray[np.uint8]:
    """ndarray, shape (frames, rows, columns, segments), uint8, 0 or 1; frames in order of the sources."""
    starts, frames = {}, 0
    for uid, source in sources.items():
        starts[uid] = frames
        frames += frame_count(source)
    first = next(iter(sources.values()))
    mask = np.zeros((frames, int(first.Rows), int(first.Columns), len(labels)), np.uint8)
    for one in maps:
        inside = resample(one, int(first.Rows), int(first.Columns)) >= OUTLINED
        place = starts[one.ref.sop_instance_uid] + one.ref.frame
        mask[place, :, :, labels.index(one.label)] |= inside
    return mask


def _segment(
    index: int, label: str, maps: Sequence[Heatmap], algorithm: Algorithm, report: SignedReport
) -> SegmentDescription:
    code = next(one.segment for one in maps if one.label == label and one.segment)
    return SegmentDescription(
        segment_number=index,
        segment_label=label[:TEXT_LIMIT],
        segmented_property_category=named(_category(code.scheme, code.value)),
        segmented_property_type=concept(code),
        algorithm_type="AUTOMATIC",
        algorithm_identification=AlgorithmIdentificationSequence(
            name=algorithm.name[:TEXT_LIMIT],
            version=algorithm.version[:TEXT_LIMIT],
            family=named("artificial_intelligence"),
            source=algorithm.manufacturer[:TEXT_LIMIT] or None,
        ),
        tracking_id=f"{algorithm.model_id} {label}"[:TEXT_LIMIT],
        tracking_uid=derived_uid("segment", report.report_uid, algorithm.sha256, label),
    )


ORGANS = {"80891009", "39607008", "12738006"}
"""Heart, lung, brain: anatomical structures; what else is outlined is abnormal."""


def _category(scheme: str, value: str) -> str:
    """CID 7150."""
    return "anatomical_structure" if scheme == "SCT" and value in ORGANS else "abnormality"
