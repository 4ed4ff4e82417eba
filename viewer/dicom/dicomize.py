"""A PNG or JPEG written as a DICOM file under a header that somebody states; to measure models with.

Nothing but size, depth and colour is taken from the picture.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import (
    ComputedRadiographyImageStorage,
    CTImageStorage,
    DigitalXRayImageStorageForPresentation,
    ExplicitVRLittleEndian,
    MRImageStorage,
    SecondaryCaptureImageStorage,
    generate_uid,
)

from viewer.base.errors import FileProblem
from viewer.base.i18n import _

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")
"""Suffixes, lower case, of files that are taken for pictures and not for DICOM."""

CLASSES = {
    "CR": ComputedRadiographyImageStorage,
    "CT": CTImageStorage,
    "DX": DigitalXRayImageStorageForPresentation,
    "MR": MRImageStorage,
}
"""SOP Class by modality; Secondary Capture for others."""

SIXTEEN_BIT_MODES = ("I;16", "I;16L", "I;16B", "I")


def is_picture(path: Path) -> bool:
    """Whether the name says so."""
    return path.suffix.lower() in PICTURES


def dicomize(picture: Path, out: Path, header: Mapping[str, str]) -> Path:
    """Write `picture` to the DICOM file `out`; returns `out`.

    Parameters
    ----------
    header : attribute values by DICOM keyword, several values joined by a backslash

    Raises
    ------
    FileProblem : the picture cannot be read, or a keyword or value is not DICOM's
    """
    pixels = _pixels(picture)
    dataset = _dataset(pixels)
    dataset.SOPClassUID = CLASSES.get(header.get("Modality", ""), SecondaryCaptureImageStorage)
    for keyword, value in header.items():
        _state(dataset, keyword, value, picture)
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPClassUID = dataset.SOPClassUID
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    dataset.save_as(out, enforce_file_format=True)
    return out


def _pixels(picture: Path) -> NDArray[Any]:
    try:
        with Image.open(picture) as image:
            image.load()
            return _grey_or_colour(image)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise FileProblem(
            _("The picture {path} cannot be read: {reason}.").format(path=picture, reason=error)
        ) from error


def _grey_or_colour(image: Image.Image) -> NDArray[Any]:
    """Grey stays grey, also where it was stored as equal RGB; anything else is colour."""
    if image.mode in SIXTEEN_BIT_MODES:
        return np.asarray(image).astype(np.uint16)
    if image.mode in ("L", "1", "LA"):
        return np.asarray(image.convert("L"))
    colour = np.asarray(image.convert("RGB"))
    grey = (colour[..., :1] == colour).all()
    return colour[..., 0] if grey else colour


def _dataset(pixels: NDArray[Any]) -> Dataset:
    bits = 8 * pixels.dtype.itemsize
    dataset = Dataset()
    dataset.SOPInstanceUID = generate_uid()
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = generate_uid(), generate_uid()
    dataset.PatientID = dataset.PatientName = ""
    dataset.Rows, dataset.Columns = pixels.shape[:2]
    dataset.BitsAllocated = dataset.BitsStored = bits
    dataset.HighBit = bits - 1
    dataset.PixelRepresentation = 0
    dataset.SamplesPerPixel = 3 if pixels.ndim == 3 else 1
    dataset.PhotometricInterpretation = "RGB" if pixels.ndim == 3 else "MONOCHROME2"
    if pixels.ndim == 3:
        dataset.PlanarConfiguration = 0
    content = np.ascontiguousarray(pixels).tobytes()
    dataset.PixelData = content + b"\0" * (len(content) % 2)
    dataset["PixelData"].VR = "OW" if bits > 8 else "OB"
    return dataset


def _state(dataset: Dataset, keyword: str, value: str, picture: Path) -> None:
    """PhotometricInterpretation of a colour picture stays RGB, whatever is stated."""
    if keyword == "PhotometricInterpretation" and dataset.SamplesPerPixel == 3:
        return
    try:
        if tag_for_keyword(keyword) is None:
            raise ValueError(_("it is no DICOM keyword"))
        setattr(dataset, keyword, value.split("\\") if "\\" in value else value)
    except (ValueError, TypeError, AttributeError) as error:
        raise FileProblem(
            _("{keyword} = {value!r} cannot be stated of {path}: {reason}.").format(
                keyword=keyword, value=value, path=picture.name, reason=error
            )
        ) from error
