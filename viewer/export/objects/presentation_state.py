"""Marks and measurements of one image as a Grayscale Softcopy Presentation State (PS3.3 A.33.1).

The image's own Modality LUT, windows and size go with it unchanged: a presentation state replaces them.
"""

from collections.abc import Sequence

from highdicom.color import CIELabColor
from pydicom import Dataset
from pydicom.uid import GrayscaleSoftcopyPresentationStateStorage

from viewer.domain.finding import Source
from viewer.export.dicom_object import frame_count
from viewer.export.highdicom_sr.items import CORNER_FROM_CENTRE_PX, graphic_data
from viewer.export.key_image import MARK_COLOURS, NumberedMark
from viewer.export.objects.coded_item import has_spacing, image_reference
from viewer.export.objects.plain_object import PlainObject, plain_object
from viewer.export.uids import person_name
from viewer.review.report import SignedReport

KIND = "presentation state"
SERIES_NUMBER = 997
LAYERS = {Source.AI: "AI", Source.READER: "READER"}
DESCRIPTIONS = {
    Source.AI: "Marks drawn by AI; the report says whether they are confirmed",
    Source.READER: "Marks and measurements drawn by the reader",
}
MODALITY_LUT = ("RescaleIntercept", "RescaleSlope", "RescaleType", "ModalityLUTSequence")
WINDOWS = (
    "WindowCenter",
    "WindowWidth",
    "WindowCenterWidthExplanation",
    "VOILUTFunction",
    "VOILUTSequence",
)


def presentation_state(
    report: SignedReport, source: Dataset, marks: Sequence[tuple[int, NumberedMark]], number: int
) -> PlainObject:
    """The state of one greyscale image.

    marks: with the frame (0 is the first) each lies on. source: the image's header.
    """
    made = plain_object(
        report,
        source,
        kind=KIND,
        sop_class=GrayscaleSoftcopyPresentationStateStorage,
        modality="PR",
        series_number=SERIES_NUMBER,
        description="Marks of the second read",
        part=str(source.SOPInstanceUID),
        number=number,
    )
    made.ContentLabel = "SECOND_READ"
    made.ContentDescription = "Marks and measurements of the signed second read"
    made.PresentationCreationDate, made.PresentationCreationTime = (
        made.ContentDate,
        made.ContentTime,
    )
    del made.ContentDate, made.ContentTime
    made.ContentCreatorName = person_name(report.signature.reader)
    made.ReferencedSeriesSequence = [_series(source)]
    made.DisplayedAreaSelectionSequence = [_displayed_area(source)]
    made.GraphicAnnotationSequence = [_annotation(source, frame, mark) for frame, mark in marks]
    drawn_by = [who for who in LAYERS if who in {mark.source for _frame, mark in marks}]
    made.GraphicLayerSequence = [_layer(who, order) for order, who in enumerate(drawn_by, start=1)]
    _set_grey_scale(made, source)
    return made


def _set_grey_scale(made: Dataset, source: Dataset) -> None:
    """PS3.4 N.2.1: the image's own transformations, and the polarity of its photometric interpretation."""
    for keyword in MODALITY_LUT:
        if keyword in source:
            made[keyword] = source[keyword]
    if "RescaleSlope" in made and not made.get("RescaleType"):
        made.RescaleType = "US"
    windows = Dataset()
    for keyword in WINDOWS:
        if keyword in source:
            windows[keyword] = source[keyword]
    if len(windows):
        made.SoftcopyVOILUTSequence = [windows]
    inverse = source.PhotometricInterpretation == "MONOCHROME1"
    made.PresentationLUTShape = "INVERSE" if inverse else "IDENTITY"


def _framed(source: Dataset, frame: int) -> Dataset:
    return image_reference(source, frame if frame_count(source) > 1 else None)


def _series(source: Dataset) -> Dataset:
    item = Dataset()
    item.SeriesInstanceUID = source.SeriesInstanceUID
    item.ReferencedImageSequence = [image_reference(source)]
    return item


def _displayed_area(source: Dataset) -> Dataset:
    """All of the image (PS3.3 C.10.4); with its spacing, or square pixels where it states none."""
    item = Dataset()
    item.DisplayedAreaTopLeftHandCorner = [1, 1]
    item.DisplayedAreaBottomRightHandCorner = [int(source.Columns), int(source.Rows)]
    item.PresentationSizeMode = "SCALE TO FIT"
    if has_spacing(source):
        item.PresentationPixelSpacing = source.PixelSpacing
    else:
        item.PresentationPixelAspectRatio = list(source.get("PixelAspectRatio") or (1, 1))
    return item


def _annotation(source: Dataset, frame: int, numbered: NumberedMark) -> Dataset:
    item = Dataset()
    item.ReferencedImageSequence = [_framed(source, frame)]
    item.GraphicLayer = LAYERS[numbered.source]
    item.GraphicObjectSequence = [_graphic(numbered)]
    item.TextObjectSequence = [_text(numbered)]
    return item


def _graphic(numbered: NumberedMark) -> Dataset:
    """(column, row), (0, 0) is the corner of the top left pixel, as in SCOORD (PS3.3 C.10.5.1.2)."""
    points = graphic_data(numbered.mark)
    item = Dataset()
    item.GraphicAnnotationUnits = "PIXEL"
    item.GraphicDimensions = 2
    item.NumberOfGraphicPoints = len(points)
    item.GraphicData = [float(value) for value in points.reshape(-1)]
    item.GraphicType = "POINT" if len(points) == 1 else "POLYLINE"
    if numbered.mark.closed:
        item.GraphicFilled = "N"
    return item


def _text(numbered: NumberedMark) -> Dataset:
    """The number in the report and the label, anchored at the first point."""
    column, row = numbered.mark.points_px[0]
    item = Dataset()
    item.AnchorPointAnnotationUnits = "PIXEL"
    item.AnchorPoint = [column + CORNER_FROM_CENTRE_PX, row + CORNER_FROM_CENTRE_PX]
    item.AnchorPointVisibility = "N"
    item.UnformattedTextValue = " ".join(filter(None, (numbered.number, numbered.mark.label)))
    return item


def _layer(who: Source, order: int) -> Dataset:
    item = Dataset()
    item.GraphicLayer = LAYERS[who]
    item.GraphicLayerOrder = order
    item.GraphicLayerDescription = DESCRIPTIONS[who]
    item.GraphicLayerRecommendedDisplayCIELabValue = list(
        CIELabColor.from_rgb(*MARK_COLOURS[who]).value
    )
    return item
