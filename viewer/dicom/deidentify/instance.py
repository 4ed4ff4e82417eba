"""One instance de-identified: header by the profile, sequences within, pixels where asked."""

from collections.abc import Callable, Sequence

from pydicom import DataElement, Dataset
from pydicom.dataset import FileMetaDataset
from pydicom.multival import MultiValue
from pydicom.tag import Tag

from viewer import __version__
from viewer.dicom.deidentify.pixels import RectanglePx, blanked
from viewer.dicom.deidentify.plan import Dates, Descriptors, Plan
from viewer.dicom.deidentify.profile import WELL_KNOWN, Action, action, vr_of
from viewer.dicom.deidentify.values import cleaned, dummy, shifted

METHOD = f"SecondRead {__version__}: PS3.15 Basic Profile"
PIXELS = {Tag("PixelData"), Tag("FloatPixelData"), Tag("DoubleFloatPixelData")}


def deidentified(dataset: Dataset, plan: Plan, blank: Sequence[RectanglePx] = ()) -> Dataset:
    """A new dataset; `dataset` stays as it is.

    Parameters
    ----------
    blank : rectangles of every frame to black out; the pixels are stored uncompressed then

    Raises
    ------
    DecodeError : the pixels are to be blanked and cannot be decoded
    """
    key = _patient_key(dataset)
    source = blanked(dataset, blank) if blank else dataset
    made = _cleaned_items(source, plan, plan.shift_days(key))
    pseudonym = plan.pseudonym(key)
    made.PatientName = made.PatientID = pseudonym
    _state(made, plan, bool(blank))
    made.file_meta = _file_meta(source, made)
    return made


def _patient_key(dataset: Dataset) -> str:
    stated = (dataset.get(keyword, "") for keyword in ("PatientID", "IssuerOfPatientID"))
    known = "\0".join(str(value) for value in stated)
    return known if dataset.get("PatientID") else f"{known}\0{dataset.get('PatientName', '')}"


def _cleaned_items(dataset: Dataset, plan: Plan, days: int) -> Dataset:
    made = Dataset()
    for element in dataset:
        kept = _treated(element, plan, days)
        if kept is not None:
            made[kept.tag] = kept
    return made


def _treated(element: DataElement, plan: Plan, days: int) -> DataElement | None:
    vr = vr_of(element.tag, element.VR) if element.VR == "UN" else element.VR
    if element.tag in PIXELS:
        return element
    todo = action(element.tag, vr, plan)
    if vr == "SQ" and todo in (Action.KEEP, Action.DUMMY, Action.ITEMS):
        items = [_cleaned_items(item, plan, days) for item in element.value or ()]
        return DataElement(element.tag, "SQ", items)
    return _simple(element, vr, todo, plan, days)


def _simple(
    element: DataElement, vr: str, todo: Action, plan: Plan, days: int
) -> DataElement | None:
    if todo is Action.REMOVE:
        return None
    if todo is Action.KEEP:
        return element
    if todo is Action.NEW_UID:
        return DataElement(element.tag, vr, _each(element.value, lambda uid: _mapped(uid, plan)))
    if todo is Action.SHIFT_DATE:
        return DataElement(element.tag, vr, _each(element.value, lambda at: shifted(at, days)))
    if todo is Action.CLEAN_WORDS:
        return DataElement(element.tag, vr, _each(element.value, cleaned))
    if todo is Action.EMPTY or vr == "SQ":
        return DataElement(element.tag, vr, [] if vr == "SQ" else None)
    return DataElement(element.tag, vr, dummy(vr))


def _each(value: object, change: Callable[[str], str]) -> object:
    if value is None or value == "":
        return value
    if isinstance(value, MultiValue | list | tuple):
        return [change(str(one)) for one in value]
    return change(str(value))


def _mapped(uid: str, plan: Plan) -> str:
    return uid if uid.startswith(WELL_KNOWN) or not uid else plan.uid(uid)


def _state(made: Dataset, plan: Plan, pixels_cleaned: bool) -> None:
    """What was done, by code (PS3.15 E.1.1; CID 7050)."""
    made.PatientIdentityRemoved = "YES"
    made.DeidentificationMethod = METHOD
    codes = [("113100", "Basic Application Confidentiality Profile")]
    if pixels_cleaned:
        codes.append(("113101", "Clean Pixel Data Option"))
    if plan.descriptors is Descriptors.CLEANED:
        codes.append(("113105", "Clean Descriptors Option"))
    if plan.dates is Dates.SHIFTED:
        words = "Retain Longitudinal Temporal Information Modified Dates Option"
        codes.append(("113107", words))
    if plan.keep_characteristics:
        codes.append(("113108", "Retain Patient Characteristics Option"))
    made.DeidentificationMethodCodeSequence = [_code(*each) for each in codes]
    shifted_dates = plan.dates is Dates.SHIFTED
    made.LongitudinalTemporalInformationModified = "MODIFIED" if shifted_dates else "REMOVED"


def _code(value: str, meaning: str) -> Dataset:
    item = Dataset()
    item.CodeValue, item.CodingSchemeDesignator, item.CodeMeaning = value, "DCM", meaning
    return item


def _file_meta(source: Dataset, made: Dataset) -> FileMetaDataset:
    """New: the old one may name the sending system and hold private information."""
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = source.file_meta.TransferSyntaxUID
    meta.MediaStorageSOPClassUID = made.SOPClassUID
    meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    return meta
