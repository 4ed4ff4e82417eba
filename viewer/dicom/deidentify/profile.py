"""Table E.1-1 of PS3.15: what the Basic Profile does with each attribute, and what options change."""

import csv
from collections.abc import Mapping
from enum import Enum
from functools import cache

from pydicom.datadict import dictionary_VR
from pydicom.tag import BaseTag, Tag

from viewer.base.paths import resource
from viewer.dicom.deidentify.plan import Dates, Descriptors, Plan


class Action(Enum):
    """What is done with one attribute."""

    KEEP = "keep"
    REMOVE = "remove"
    EMPTY = "empty"
    DUMMY = "dummy"
    NEW_UID = "new UID"
    SHIFT_DATE = "shift date"
    CLEAN_WORDS = "clean words"
    ITEMS = "items"


_BASIC = {
    "X": Action.REMOVE,
    "Z": Action.EMPTY,
    "D": Action.DUMMY,
    "U": Action.NEW_UID,
    "X/Z": Action.EMPTY,
    "X/D": Action.DUMMY,
    "Z/D": Action.DUMMY,
    "X/Z/D": Action.DUMMY,
    "X/Z/U*": Action.ITEMS,
}
"""Where the table leaves a choice to the class of the object, the one that keeps every class legal."""

OVERLAY_GROUPS, CURVE_GROUPS = range(0x6000, 0x6100), range(0x5000, 0x5100)
CHARACTERISTICS = {
    Tag(keyword)
    for keyword in ("PatientSex", "PatientAge", "PatientSize", "PatientWeight", "PregnancyStatus")
}
"""Kept under the Retain Patient Characteristics Option (113108)."""

DATE_VRS = ("DA", "DT")
TIME_VR = "TM"
WORD_VRS = ("LO", "LT", "SH", "ST", "UC", "UT")
DESCRIBING = ("Description", "Protocol Name", "Sequence Name")
"""End of the names of attributes that describe an acquisition, not a person."""

WELL_KNOWN = "1.2.840.10008."
"""UIDs of the standard itself, which name no instance."""


@cache
def table() -> Mapping[BaseTag, tuple[str, str]]:
    """Code of the Basic Profile and name of each attribute of the table."""
    with resource("deidentification", "basic_profile.csv").open(encoding="utf-8") as file:
        return {
            Tag(int(row["group"], 16), int(row["element"], 16)): (row["action"], row["name"])
            for row in csv.DictReader(file)
        }


def action(tag: BaseTag, vr: str, plan: Plan) -> Action:
    """What to do with an attribute of VR `vr`.

    Attributes outside of the table: private, overlay and curve groups and names of persons go; UIDs
    that are not the standard's own are mapped, so that an attribute newer than the table keeps none.
    """
    if tag.is_private or tag.group in OVERLAY_GROUPS or tag.group in CURVE_GROUPS:
        return Action.REMOVE
    if tag in CHARACTERISTICS and plan.keep_characteristics:
        return Action.KEEP
    if tag not in table():
        return _outside(vr)
    code, name = table()[tag]
    todo = _by_option(vr, name, plan) or _BASIC[code]
    return Action.NEW_UID if todo is Action.DUMMY and vr == "UI" else todo


def _outside(vr: str) -> Action:
    return {"PN": Action.REMOVE, "UI": Action.NEW_UID, "SQ": Action.ITEMS}.get(vr, Action.KEEP)


def _by_option(vr: str, name: str, plan: Plan) -> Action | None:
    """What the Modified Dates (113107) and Clean Descriptors (113105) Options put in place."""
    if plan.dates is Dates.SHIFTED and "Birth" not in name:
        if vr in DATE_VRS:
            return Action.SHIFT_DATE
        if vr == TIME_VR:
            return Action.KEEP
    if plan.descriptors is Descriptors.CLEANED and vr in WORD_VRS and name.endswith(DESCRIBING):
        return Action.CLEAN_WORDS
    return None


def vr_of(tag: BaseTag, fallback: str) -> str:
    """VR by the dictionary, else as the file has it."""
    try:
        return dictionary_VR(tag)
    except KeyError:
        return fallback
