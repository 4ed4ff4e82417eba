"""Writes DX files around given pixels: what a chest film looks like when it comes from the modality."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import DigitalXRayImageStorageForPresentation, ExplicitVRLittleEndian, generate_uid

STUDY_UID = "2.25.1000"


def write_film(
    path: Path,
    grey: NDArray[np.uint16],
    name: str = "DOE^JANE",
    patient_id: str = "ID-1",
    study_uid: str = STUDY_UID,
    number: int = 1,
    view: str = "PA",
) -> Path:
    """A DX film of 12 bits, MONOCHROME2, bone white; no Pixel Spacing, as many films have none.

    grey : ndarray, shape (rows, columns), uint16, 0 to 4095
    """
    film = Dataset()
    film.SOPClassUID = DigitalXRayImageStorageForPresentation
    film.SOPInstanceUID = generate_uid(entropy_srcs=[study_uid, patient_id, str(number)])
    film.StudyInstanceUID = study_uid
    film.SeriesInstanceUID = generate_uid(entropy_srcs=[study_uid, "series", str(number)])
    film.PatientName, film.PatientID = name, patient_id
    film.PatientBirthDate, film.PatientSex, film.PatientAge = "19700101", "F", "056Y"
    film.StudyDate = film.SeriesDate = film.ContentDate = "20260101"
    film.StudyTime = film.SeriesTime = film.ContentTime = "101500"
    film.AccessionNumber, film.StudyID = "ACC-1", "S-1"
    film.ReferringPhysicianName = ""
    film.StudyDescription, film.SeriesDescription = "CHEST PA", f"Film {number}"
    film.Modality, film.BodyPartExamined, film.ViewPosition = "DX", "CHEST", view
    film.Manufacturer = "Test"
    film.SeriesNumber, film.InstanceNumber = number, 1
    film.PatientOrientation = ["L", "F"] if view == "PA" else ["P", "F"]
    film.ImageType = ["ORIGINAL", "PRIMARY"]
    film.SamplesPerPixel, film.PhotometricInterpretation = 1, "MONOCHROME2"
    film.Rows, film.Columns = grey.shape
    film.BitsAllocated, film.BitsStored, film.HighBit, film.PixelRepresentation = 16, 12, 11, 0
    film.PixelData = grey.astype("<u2").tobytes()
    film.file_meta = FileMetaDataset()
    film.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    film.save_as(path, enforce_file_format=True)
    return path
