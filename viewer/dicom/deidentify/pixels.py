"""Burned-in text: where it is to be expected, and rectangles blacked out of the pixels (113101)."""

from collections.abc import Sequence
from copy import copy

import numpy as np
from pydicom import Dataset
from pydicom.uid import ExplicitVRLittleEndian

from viewer.base.errors import DecodeError
from viewer.base.i18n import _

RectanglePx = tuple[int, int, int, int]
"""(left, top, right, bottom); right and bottom are not included."""

TEXT_LIKELY = ("US", "SC", "OT", "XC", "ES", "GM", "SM", "IVUS", "DOC", "SR")
"""Modalities whose pictures usually carry text of the machine or a person."""

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"


def burned_in_reason(dataset: Dataset) -> str:
    """Why the pixels may show who the patient is, in a sentence; "" where nothing speaks for it."""
    stated = str(dataset.get("BurnedInAnnotation") or "")
    if stated == "YES":
        return _("The file says that text is burned into the image.")
    if stated == "NO":
        return ""
    modality = str(dataset.get("Modality") or "")
    if modality in TEXT_LIKELY:
        return _("{modality} images usually have text burned in.").format(modality=modality)
    if str(dataset.get("SOPClassUID") or "").startswith(SECONDARY_CAPTURE):
        return _("A secondary capture may have text burned in.")
    return ""


def blanked(dataset: Dataset, rectangles: Sequence[RectanglePx]) -> Dataset:
    """A copy, uncompressed, with the smallest stored value in each rectangle of each frame.

    Raises
    ------
    DecodeError : the pixels cannot be decoded
    """
    made = copy(dataset)
    made.file_meta = copy(dataset.file_meta)
    try:
        if made.file_meta.TransferSyntaxUID.is_encapsulated:
            made.decompress(as_rgb=False, generate_instance_uid=False)
        values = made.pixel_array.copy()
    except (ValueError, RuntimeError, AttributeError, NotImplementedError, KeyError) as error:
        raise DecodeError(
            _("The pixels cannot be decoded, so nothing was blanked: {reason}").format(reason=error)
        ) from error
    rows = 0 if values.ndim == 2 or (values.ndim == 3 and dataset.SamplesPerPixel == 3) else 1
    framed = values[None] if rows == 0 else values
    for left, top, right, bottom in rectangles:
        framed[:, max(top, 0) : max(bottom, 0), max(left, 0) : max(right, 0)] = values.min()
    made.PixelData = _stored(framed, made)
    made["PixelData"].VR = "OW" if made.BitsAllocated > 8 else "OB"
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return made


def _stored(framed: np.ndarray, made: Dataset) -> bytes:
    """Frames as the header says they lie (PS3.5 8.1.1); an even number of bytes."""
    if made.get("PlanarConfiguration") == 1:
        made.PlanarConfiguration = 0
    content = np.ascontiguousarray(framed, framed.dtype.newbyteorder("<")).tobytes()
    return content + b"\0" * (len(content) % 2)
