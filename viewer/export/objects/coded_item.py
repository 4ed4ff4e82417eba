"""What several objects need: the item of a code or of an image, and whether an image has a spacing."""

from pydicom import Dataset

from viewer.domain.coding import CodedConcept


def coded_item(code: CodedConcept) -> Dataset:
    """Code Sequence Macro (PS3.3 8.8)."""
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator = code.value, code.scheme
    item.CodeMeaning = code.meaning
    return item


def image_reference(source: Dataset, frame: int | None = None) -> Dataset:
    """SOP Instance Reference Macro (PS3.3 10.8). frame: 0 is the first; None for the whole instance."""
    item = Dataset()
    item.ReferencedSOPClassUID = source.SOPClassUID
    item.ReferencedSOPInstanceUID = source.SOPInstanceUID
    if frame is not None:
        item.ReferencedFrameNumber = frame + 1
    return item


def has_spacing(source: Dataset) -> bool:
    """Whether Pixel Spacing (0028,0030) is stated and no nonsense, such as zero."""
    spacing = source.get("PixelSpacing")
    return bool(spacing) and all(value > 0 for value in spacing)
