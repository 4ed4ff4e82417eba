"""Phantom films as DICOM files, so that commands meet them as they meet any file."""

from pathlib import Path

import numpy as np
from model_packages import phantom
from phantom_films import LARGE_HEART, WHITE
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

PATIENT_NAME, PATIENT_ID = "Doe^Jane", "ID-4711"


def write_film(
    path: Path,
    *,
    heart: tuple[float, float] = LARGE_HEART,
    study_uid: str | None = None,
    rows: int = 200,
    columns: int = 160,
    **header: str,
) -> Dataset:
    """Write a DX PA chest film of an adult; `header` replaces attributes by keyword, "" removes."""
    stored = np.round(phantom(rows, columns, heart) * WHITE).astype(np.uint16)
    dataset = Dataset()
    for keyword, value in {**_attributes(study_uid, rows, columns), **header}.items():
        if value != "":
            setattr(dataset, keyword, value)
    dataset.PixelData = stored.tobytes()
    dataset["PixelData"].VR = "OW"
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(path, enforce_file_format=True)
    return dataset


def _attributes(study_uid: str | None, rows: int, columns: int) -> dict[str, object]:
    return {
        "SOPClassUID": DigitalXRayImageStorageForPresentation,
        "SOPInstanceUID": generate_uid(),
        "StudyInstanceUID": study_uid or generate_uid(),
        "SeriesInstanceUID": generate_uid(),
        "PatientName": PATIENT_NAME,
        "PatientID": PATIENT_ID,
        "PatientAge": "054Y",
        "StudyDate": "20260101",
        "Modality": "DX",
        "SeriesNumber": "1",
        "InstanceNumber": "1",
        "BodyPartExamined": "CHEST",
        "ViewPosition": "PA",
        "PatientOrientation": ["L", "F"],
        "PhotometricInterpretation": "MONOCHROME2",
        "SamplesPerPixel": 1,
        "Rows": rows,
        "Columns": columns,
        "BitsAllocated": 16,
        "BitsStored": 10,
        "HighBit": 9,
        "PixelRepresentation": 0,
    }
