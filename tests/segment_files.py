"""Segmentations written by highdicom over images made or real, so that another program says where they lie."""

from collections.abc import Sequence
from pathlib import Path

import highdicom as hd
import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset, dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.sr.codedict import codes
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian, generate_uid

ROWS, COLUMNS = 40, 56
OBLIQUE = (0.8, 0.6, 0.0, 0.0, 0.0, -1.0)
"""Neither axial nor symmetric: rows run to the left and back, columns downwards."""

NORMAL = np.cross(OBLIQUE[:3], OBLIQUE[3:])
SPACING = (1.5, 0.75)
"""Between rows, between columns, mm."""


def letter(slice_number: int) -> NDArray[np.bool_]:
    """An F that is no mirror image of itself, at another place on each slice."""
    mask = np.zeros((ROWS, COLUMNS), np.bool_)
    top, left = 3 + 4 * slice_number, 5 + 7 * slice_number
    mask[top : top + 12, left : left + 2] = True
    mask[top : top + 2, left : left + 9] = True
    mask[top + 5 : top + 7, left : left + 6] = True
    return mask


def write_slices(folder: Path, count: int = 4, **changes: object) -> list[Dataset]:
    """An oblique CT series of one patient; file names and instance numbers run against each other."""
    written = []
    series, reference = generate_uid(), generate_uid()
    for number in range(count):
        place = np.array((10.0, -20.0, 30.0)) + NORMAL * 4.0 * number
        slice_ = _slice(series, reference, place.tolist(), count - number)
        for keyword, value in changes.items():
            setattr(slice_, keyword, value)
        slice_.save_as(folder / f"slice{(number * 3) % 7}.dcm", enforce_file_format=True)
        written.append(slice_)
    return written


def _slice(series: str, reference: str, place: list[float], number: int) -> Dataset:
    made = Dataset()
    for keyword, value in {
        "SOPClassUID": CTImageStorage,
        "SOPInstanceUID": generate_uid(),
        "StudyInstanceUID": "2.25.1",
        "SeriesInstanceUID": series,
        "FrameOfReferenceUID": reference,
        "PatientName": "DOE^JANE",
        "PatientID": "ID-1",
        "PatientBirthDate": "19700101",
        "PatientSex": "F",
        "StudyDate": "20260101",
        "StudyTime": "101500",
        "StudyID": "S",
        "AccessionNumber": "A",
        "ReferringPhysicianName": "",
        "PositionReferenceIndicator": "",
        "Modality": "CT",
        "SeriesNumber": 3,
        "InstanceNumber": number,
        "ImageType": ["ORIGINAL", "PRIMARY", "AXIAL"],
        "ImagePositionPatient": [round(value, 6) for value in place],
        "ImageOrientationPatient": list(OBLIQUE),
        "PixelSpacing": list(SPACING),
        "SliceThickness": 4.0,
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": ROWS,
        "Columns": COLUMNS,
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 1,
        "RescaleSlope": 1,
        "RescaleIntercept": 0,
    }.items():
        setattr(made, keyword, value)
    made.PixelData = np.zeros((ROWS, COLUMNS), np.int16).tobytes()
    made["PixelData"].VR = "OW"
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    return made


def describe(number: int, label: str, *, automatic: bool = True) -> hd.seg.SegmentDescription:
    algorithm = hd.AlgorithmIdentificationSequence(
        name="Finder", version="2.1", family=codes.DCM.ArtificialIntelligence
    )
    kind = hd.seg.SegmentAlgorithmTypeValues.AUTOMATIC
    manual = hd.seg.SegmentAlgorithmTypeValues.MANUAL
    return hd.seg.SegmentDescription(
        segment_number=number,
        segment_label=label,
        segmented_property_category=codes.SCT.MorphologicallyAbnormalStructure,
        segmented_property_type=codes.SCT.Nodule,
        algorithm_type=kind if automatic else manual,
        algorithm_identification=algorithm if automatic else None,
    )


def write_seg(
    path: Path,
    sources: Sequence[Dataset],
    masks: NDArray[np.generic],
    kind: str = "BINARY",
    segments: Sequence[hd.seg.SegmentDescription] = (),
    **changes: object,
) -> Dataset:
    """A SEG of the sources, in their order; masks: shape (frames, rows, columns) or with segments last."""
    made = hd.seg.Segmentation(
        source_images=list(sources),
        pixel_array=masks,
        segmentation_type=kind,
        segment_descriptions=list(segments) or [describe(1, "Nodule")],
        series_instance_uid=generate_uid(),
        series_number=30,
        sop_instance_uid=generate_uid(),
        instance_number=1,
        manufacturer="Test",
        manufacturer_model_name="Test",
        software_versions="1",
        device_serial_number="1",
        series_description="Nodules",
    )
    for keyword, value in changes.items():
        setattr(made, keyword, value)
    made.save_as(path, enforce_file_format=True)
    return dcmread(path)
