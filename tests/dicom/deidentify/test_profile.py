"""Table E.1-1 of PS3.15: ours is the published one, and each attribute is treated as it says."""

from dataclasses import replace
from datetime import datetime

import pytest
from dicomanonymizer.dicom_anonymization_databases import dicomfields_2026c as published
from pydicom import DataElement, Dataset
from pydicom.datadict import dictionary_VR
from pydicom.dataset import FileMetaDataset
from pydicom.tag import BaseTag, Tag
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian

from viewer.dicom.deidentify.instance import deidentified
from viewer.dicom.deidentify.plan import Dates, Descriptors, Plan
from viewer.dicom.deidentify.profile import CHARACTERISTICS, Action, action, table
from viewer.dicom.deidentify.values import DUMMIES

PLAN = Plan(b"0123456789abcdef")
CODES = {
    "D": published.D_TAGS,
    "Z": published.Z_TAGS,
    "X": published.X_TAGS,
    "U": published.U_TAGS,
    "Z/D": published.Z_D_TAGS,
    "X/Z": published.X_Z_TAGS,
    "X/D": published.X_D_TAGS,
    "X/Z/D": published.X_Z_D_TAGS,
    "X/Z/U*": published.X_Z_U_STAR_TAGS,
}
TEXT = {
    "AS": "054Y",
    "CS": "SECRET",
    "DA": "20240131",
    "DT": "20240131120000",
    "IS": "77",
    "DS": "77.5",
    "TM": "120000",
    "UI": "1.2.3.4.5",
}
FIXED = {Tag("PatientName"), Tag("PatientID"), Tag("SOPClassUID")}
"""Replaced by a pseudonym, or the standard's own."""

NOT_IN_A_DATASET = (0x0000, 0x0002, 0x0004)
"""Groups of messages, of the file's own header and of directories."""


def vr_of(tag: BaseTag) -> str:
    return dictionary_VR(tag).split(" or ")[0]


def known() -> list[BaseTag]:
    """Attributes of the table that the dictionary knows and an image can hold."""
    tags = []
    for tag in table():
        try:
            vr_of(tag)
        except KeyError:
            continue
        if tag.group not in NOT_IN_A_DATASET:
            tags.append(tag)
    return tags


def image(*elements: DataElement) -> Dataset:
    dataset = Dataset()
    dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, "1.2.3"
    dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "1.2.4", "1.2.5"
    dataset.PatientID, dataset.PatientName = "SECRET", "SECRET^NAME"
    for element in elements:
        dataset[element.tag] = element
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    return dataset


def telling(tag: BaseTag) -> DataElement:
    """The attribute with a value that gives somebody away."""
    vr = vr_of(tag)
    if vr == "SQ":
        item = Dataset()
        item.PatientName, item.ReferencedSOPInstanceUID = "SECRET^NAME", "1.2.3.4.5"
        return DataElement(tag, vr, [item])
    if vr in ("OB", "OW", "UN", "OF", "OD"):
        return DataElement(tag, vr, b"SECRET")
    if vr in ("US", "UL", "SS", "SL", "FD", "FL"):
        return DataElement(tag, vr, 77)
    return DataElement(tag, vr, TEXT.get(vr, "SECRET"))


def test_the_table_is_the_published_one() -> None:
    expected = {Tag(*tag): code for code, tags in CODES.items() for tag in tags if len(tag) == 2}
    assert {tag: code for tag, (code, _name) in table().items()} == expected
    assert len(expected) > 600


@pytest.mark.parametrize("tag", known(), ids=str)
def test_no_attribute_of_the_table_keeps_what_it_said(tag: BaseTag) -> None:
    """Attribute by attribute, in the dataset and within the item of a sequence."""
    item = Dataset()
    item[tag] = telling(tag)
    nested = DataElement(Tag("SourceImageSequence"), "SQ", [item])
    made = deidentified(image(telling(tag), nested), PLAN)
    if tag in FIXED:
        return
    for holder in (made, *made.get("SourceImageSequence", [])):
        if tag not in holder:
            continue
        kept = holder[tag]
        stated = str(kept.value)
        assert "SECRET" not in stated
        assert "20240131" not in stated and "1.2.3.4.5" not in stated.split()
        assert (
            kept.VR == "SQ"
            or kept.value in (None, "", [], *DUMMIES.values(), b"\0\0")
            or (action(tag, kept.VR, PLAN) in (Action.NEW_UID, Action.KEEP))
        )


@pytest.mark.parametrize("tag", known(), ids=str)
def test_the_action_is_the_one_of_the_table(tag: BaseTag) -> None:
    code, _name = table()[tag]
    made = deidentified(image(telling(tag)), PLAN)
    if tag in FIXED or Tag("PatientIdentityRemoved") == tag:
        return
    if code == "X":
        assert tag not in made or tag in (Tag("DeidentificationMethod"),)
    elif code == "Z":
        assert not made[tag].value
    elif code == "U":
        assert str(made[tag].value).startswith("2.25.")
    else:
        assert tag in made


def test_private_attributes_overlays_curves_and_unknown_names_go() -> None:
    extra = [
        DataElement(0x00090010, "LO", "MAKER"),
        DataElement(0x00091001, "PN", "SECRET^NAME"),
        DataElement(0x60003000, "OW", b"SECRET"),
        DataElement(0x60020010, "US", 4),
        DataElement(0x50003000, "OW", b"SECRET"),
    ]
    made = deidentified(image(*extra), PLAN)
    assert not any(element.tag.group in (0x0009, 0x6000, 0x6002, 0x5000) for element in made)


def test_a_uid_is_replaced_alike_wherever_it_appears_and_the_standards_own_stay() -> None:
    item = Dataset()
    item.ReferencedSOPInstanceUID, item.ReferencedSOPClassUID = "1.2.3", CTImageStorage
    made = deidentified(image(DataElement(Tag("SourceImageSequence"), "SQ", [item])), PLAN)
    assert made.SOPInstanceUID == PLAN.uid("1.2.3") != "1.2.3"
    (reference,) = made.SourceImageSequence
    assert reference.ReferencedSOPInstanceUID == made.SOPInstanceUID
    assert (made.SOPClassUID, reference.ReferencedSOPClassUID) == (CTImageStorage, CTImageStorage)
    assert made.file_meta.MediaStorageSOPInstanceUID == made.SOPInstanceUID


def test_another_secret_gives_other_replacements() -> None:
    other = replace(PLAN, secret=b"fedcba9876543210")
    assert PLAN.uid("1.2.3") != other.uid("1.2.3")
    assert PLAN.pseudonym("a") != other.pseudonym("a") != other.pseudonym("b")


def test_shifted_dates_keep_their_distance_and_times() -> None:
    plan = replace(PLAN, dates=Dates.SHIFTED)
    source = image()
    source.StudyDate, source.SeriesDate, source.StudyTime = "20240131", "20240203", "101112"
    source.PatientBirthDate = "19700101"
    made = deidentified(source, plan)
    assert made.StudyDate not in ("20240131", "")
    assert (_day(made.SeriesDate) - _day(made.StudyDate)).days == 3
    assert made.StudyTime == "101112"
    assert not made.PatientBirthDate
    assert made.LongitudinalTemporalInformationModified == "MODIFIED"


def _day(stored: str) -> datetime:
    return datetime.strptime(stored, "%Y%m%d")


def test_a_date_that_cannot_be_read_is_emptied_not_kept() -> None:
    source = image()
    source.StudyDate = "Jan 2024"
    assert not deidentified(source, replace(PLAN, dates=Dates.SHIFTED)).StudyDate


def test_cleaned_descriptions_keep_imaging_words_only() -> None:
    source = image()
    source.SeriesDescription = "CT Chest with contrast for Mr Miller 1.2.1950"
    plan = replace(PLAN, descriptors=Descriptors.CLEANED)
    assert deidentified(source, plan).SeriesDescription == "CT Chest with contrast"
    assert "SeriesDescription" not in deidentified(source, PLAN)


def test_characteristics_stay_only_where_asked() -> None:
    source = image()
    source.PatientSex, source.PatientAge = "F", "054Y"
    assert not deidentified(source, PLAN).get("PatientAge")
    kept = deidentified(source, replace(PLAN, keep_characteristics=True))
    assert (kept.PatientSex, kept.PatientAge) == ("F", "054Y")
    assert {Tag("PatientSex"), Tag("PatientAge")} <= CHARACTERISTICS


def test_what_was_done_is_stated_by_code() -> None:
    plan = Plan(PLAN.secret, Dates.SHIFTED, Descriptors.CLEANED, keep_characteristics=True)
    made = deidentified(image(), plan)
    assert made.PatientIdentityRemoved == "YES"
    codes = [str(item.CodeValue) for item in made.DeidentificationMethodCodeSequence]
    assert codes == ["113100", "113105", "113107", "113108"]


def test_the_source_stays_as_it_is() -> None:
    source = image()
    source.PatientBirthDate = "19700101"
    deidentified(source, PLAN)
    assert (source.PatientID, source.PatientBirthDate) == ("SECRET", "19700101")
