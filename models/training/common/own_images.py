"""Own images, pictures or DICOM, with what their files say of them, prepared as the viewer prepares them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.common.own_settings import DataError
from viewer.domain.geometry import EdgeLetters
from viewer.inference.preprocessing import preprocess

PICTURES = (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp")


@dataclass(frozen=True)
class Loaded:
    """Modality values (rows, columns), float32, padding made background; a picture's grey values.

    pixel_mm, edges: None where the file states none.
    """

    values: np.ndarray
    monochrome1: bool = False
    pixel_mm: tuple[float, float] | None = None
    edges: EdgeLetters | None = None


def loaded(file: Path) -> Loaded:
    """One image; raises DataError for what is none, or several, or in colour."""
    if file.suffix.lower() in PICTURES:
        return Loaded(np.asarray(picture(file), dtype=np.float32))
    return _dicom(file)


def picture(file: Path) -> Image.Image:
    """In grey; raises DataError where it cannot be read."""
    try:
        with Image.open(file) as found:
            deep = found.mode.startswith(("I", "F"))
            return found.copy() if deep else found.convert("L")
    except OSError as error:
        raise DataError(f"{file} cannot be read: {error}.") from error


def prepared(file: Path, operations: Sequence[dict[str, object]]) -> np.ndarray:
    """The tensor (rows, columns), float32, as the viewer would make it."""
    image = loaded(file)
    return preprocess(image.values, monochrome1=image.monochrome1, operations=operations).tensor


def _dicom(file: Path) -> Loaded:
    from viewer.dicom.decoder import decode
    from viewer.dicom.indexer import index
    from viewer.imaging.display import shows_low_as_white
    from viewer.imaging.modality_lut import modality_values
    from viewer.inference.film import without_padding

    found = index((file,), lambda *_: None, lambda *_: None)
    refs = [ref for s in found.studies for one in s.display_sets for ref in one.frames]
    if len(refs) != 1:
        raise DataError(f"{file} holds {len(refs)} images; one file must be one image.")
    frame = decode(refs[0])
    if frame.is_colour:
        raise DataError(f"{file} is in colour; networks here read grey values.")
    values = without_padding(frame, modality_values(frame))
    spacing = frame.spacing
    known = (spacing.between_rows, spacing.between_columns) if spacing.unit == "mm" else None
    return Loaded(values, shows_low_as_white(frame), known, frame.edges)


def patient_id(file: Path) -> str:
    """Whose a DICOM file says it is; raises DataError where it does not say, or is none."""
    from pydicom import dcmread
    from pydicom.errors import InvalidDicomError

    try:
        patient = str(dcmread(file, stop_before_pixels=True).get("PatientID", "")).strip()
    except (InvalidDicomError, OSError) as error:
        raise DataError(f"{file} is neither a picture nor DICOM.") from error
    if not patient:
        raise DataError(f"{file} names no patient; give a CSV with a patient column.")
    return patient
