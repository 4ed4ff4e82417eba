"""A heat map as a Secondary Capture image (PS3.3 A.8.1): to be looked at anywhere, never measured."""

import numpy as np
from numpy.typing import NDArray
from pydicom import Dataset
from pydicom.uid import SecondaryCaptureImageStorage

from viewer.domain.image import Heatmap
from viewer.export.objects.coded_item import coded_item, image_reference
from viewer.export.objects.plain_object import PlainObject, plain_object
from viewer.review.codes import report_code
from viewer.review.report import SignedReport

KIND = "heat maps"
SERIES_NUMBER = 995
CONVERTED_BY = "SYN"
"""Synthetic image (PS3.3 C.8.6.1)."""


def secondary_capture(
    report: SignedReport,
    source: Dataset,
    heatmap: Heatmap,
    picture: NDArray[np.uint8],
    number: int,
) -> PlainObject:
    """picture: ndarray, shape (rows, columns, 3), uint8, RGB. source: header of the image below it."""
    made = plain_object(
        report,
        source,
        kind=KIND,
        sop_class=SecondaryCaptureImageStorage,
        modality="OT",
        series_number=SERIES_NUMBER,
        description="AI heat maps",
        part=f"{heatmap.model_key} {heatmap.ref.place} {heatmap.label}",
        number=number,
    )
    made.ConversionType = CONVERTED_BY
    made.ImageType = ["DERIVED", "SECONDARY", "OTHER", "HEATMAP"]
    made.DerivationDescription = f"{heatmap.label}: {heatmap.method}"[:1024]
    made.PatientOrientation = ""
    made.BurnedInAnnotation = "NO"
    item = image_reference(source)
    item.PurposeOfReferenceCodeSequence = [coded_item(report_code("source_image_for_processing"))]
    made.SourceImageSequence = [item]
    _copy_lossy(made, source)
    _set_pixels(made, picture)
    return made


def _copy_lossy(made: Dataset, source: Dataset) -> None:
    """What was lost stays lost (PS3.3 C.7.6.1.1.5)."""
    made.LossyImageCompression = str(source.get("LossyImageCompression") or "00")
    for keyword in ("LossyImageCompressionRatio", "LossyImageCompressionMethod"):
        if keyword in source:
            made[keyword] = source[keyword]


def _set_pixels(made: Dataset, picture: NDArray[np.uint8]) -> None:
    made.Rows, made.Columns = picture.shape[:2]
    made.SamplesPerPixel, made.PlanarConfiguration = 3, 0
    made.PhotometricInterpretation = "RGB"
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation = 7, 0
    content = np.ascontiguousarray(picture).tobytes()
    made.PixelData = content + b"\0" * (len(content) % 2)
    made["PixelData"].VR = "OB"
