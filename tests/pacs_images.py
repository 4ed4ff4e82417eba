"""Small CT studies as files, for what is sent and fetched."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

CT_CLASS = "1.2.840.10008.5.1.4.1.1.2"


def write_instance(
    path: Path, study: str, series: str, number: int, side: int = 32, **changes: object
) -> Path:
    """One CT slice; keyword arguments are DICOM keywords."""
    dataset = Dataset()
    for keyword, value in {
        "SOPClassUID": CT_CLASS,
        "SOPInstanceUID": generate_uid(),
        "StudyInstanceUID": study,
        "SeriesInstanceUID": series,
        "StudyDate": "20260301",
        "StudyTime": "101500",
        "StudyDescription": "Chest routine",
        "AccessionNumber": "ACC-7",
        "PatientID": "P-7",
        "PatientName": "Doe^Jane",
        "PatientBirthDate": "19700101",
        "PatientSex": "F",
        "Modality": "CT",
        "BodyPartExamined": "CHEST",
        "SeriesNumber": 1,
        "InstanceNumber": number,
        "ImagePositionPatient": [0, 0, number],
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "PixelSpacing": [1, 1],
        "SamplesPerPixel": 1,
        "PhotometricInterpretation": "MONOCHROME2",
        "Rows": side,
        "Columns": side,
        "BitsAllocated": 16,
        "BitsStored": 16,
        "HighBit": 15,
        "PixelRepresentation": 1,
        "RescaleSlope": 1,
        "RescaleIntercept": 0,
        **changes,
    }.items():
        setattr(dataset, keyword, value)
    if "PixelData" not in changes:
        values = np.random.default_rng(number).integers(0, 2000, (side, side), dtype=np.int16)
        dataset.PixelData = values.tobytes()
        dataset["PixelData"].VR = "OW"
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.file_meta = meta
    path.parent.mkdir(parents=True, exist_ok=True)
    dataset.save_as(path, enforce_file_format=True)
    return path


def write_study(
    folder: Path, series: Sequence[int] = (6,), side: int = 32, **changes: object
) -> tuple[str, list[Path]]:
    """A study with that many slices in each series: its UID and its files."""
    study = generate_uid()
    files = []
    for number, count in enumerate(series, 1):
        uid = generate_uid()
        files += [
            write_instance(
                folder / f"s{number}_{place}.dcm",
                study,
                uid,
                place,
                side,
                SeriesNumber=number,
                **changes,
            )
            for place in range(1, count + 1)
        ]
    return study, files
