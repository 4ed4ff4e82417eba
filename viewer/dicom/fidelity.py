"""Fidelity: how far the pixels are the acquired ones, from the header and the transfer syntax."""

from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
)

from viewer.dicom.decoders import RETIRED_JPEG
from viewer.dicom.scope import Scope
from viewer.domain.image import Fidelity

ALWAYS_LOSSY = (JPEGBaseline8Bit, JPEGExtended12Bit, *RETIRED_JPEG)
USUALLY_LOSSY = (JPEGLSNearLossless, JPEG2000, HTJ2K)
"""Lossy unless Lossy Image Compression (0028,2110) says "00"."""

RATIO_NOT_STATED = 0.0


def fidelity_of(scope: Scope, syntax: UID | None) -> Fidelity:
    """Lossy compression now or ever before, and derivation (PS3.3 C.7.6.1.1.5, C.7.6.1.1.2)."""
    stated = scope.text("LossyImageCompression")
    lossy = stated == "01" or syntax in ALWAYS_LOSSY or (syntax in USUALLY_LOSSY and stated != "00")
    ratios = scope.numbers("LossyImageCompressionRatio")
    ratio = max(ratios, default=RATIO_NOT_STATED)
    derived = scope.texts("ImageType")[:1] == ("DERIVED",)
    return Fidelity(syntax.name if syntax else "", ratio if lossy else None, derived)
