"""Fidelity: how far the pixels are the acquired ones, from the header and the transfer syntax."""

from io import BytesIO

from PIL import ImageCms
from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    UID,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSNearLossless,
)

from viewer.base.i18n import _
from viewer.dicom.decoders import RETIRED_JPEG
from viewer.dicom.scope import Scope
from viewer.domain.image import Fidelity

ALWAYS_LOSSY = (JPEGBaseline8Bit, JPEGExtended12Bit, *RETIRED_JPEG)
USUALLY_LOSSY = (JPEGLSNearLossless, JPEG2000, HTJ2K)
"""Lossy unless Lossy Image Compression (0028,2110) says "00"."""

RATIO_NOT_STATED = 0.0
SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
"""Secondary Capture Image Storage; the multi-frame classes carry one number more."""

RESAMPLED = frozenset(
    {
        "RESAMPLED",
        "REFORMATTED",
        "MPR",
        "CURVED_MPR",
        "MIP",
        "MINIP",
        "PROJECTION IMAGE",
        "RENDERED",
    }
)
"""Values of Image Type (0008,0008) that say so (PS3.3 C.8.16.1.3 and common use)."""


def fidelity_of(scope: Scope, syntax: UID | None) -> Fidelity:
    """Lossy compression now or ever before, and derivation (PS3.3 C.7.6.1.1.5, C.7.6.1.1.2);
    captured pictures and burned-in text (C.8.6, C.7.6.1).
    """
    stated = scope.text("LossyImageCompression")
    lossy = stated == "01" or syntax in ALWAYS_LOSSY or (syntax in USUALLY_LOSSY and stated != "00")
    ratios = scope.numbers("LossyImageCompressionRatio")
    ratio = max(ratios, default=RATIO_NOT_STATED)
    kinds = scope.texts("ImageType")
    return Fidelity(
        syntax.name if syntax else "",
        ratio if lossy else None,
        derived=kinds[:1] == ("DERIVED",),
        resampled=not RESAMPLED.isdisjoint(kind.upper() for kind in kinds),
        secondary_capture=_is_secondary_capture(scope.text("SOPClassUID")),
        burned_in=scope.text("BurnedInAnnotation").upper() == "YES",
        icc_profile=_icc_name(scope),
    )


def _is_secondary_capture(sop_class: str) -> bool:
    return sop_class == SECONDARY_CAPTURE or sop_class.startswith(f"{SECONDARY_CAPTURE}.")


def _icc_name(scope: Scope) -> str:
    """Description in the ICC Profile (0028,2000), else Color Space (0028,2002), else that it has no name."""
    profile = scope.value("ICCProfile")
    if not isinstance(profile, bytes):
        return ""
    try:
        name = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(profile))).strip()
    except (ImageCms.PyCMSError, OSError):
        name = ""
    return name or scope.text("ColorSpace") or _("without a name")
