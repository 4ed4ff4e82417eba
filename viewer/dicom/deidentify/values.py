"""Replacement values: dummies by VR, shifted dates, cleaned words."""

import re
from datetime import datetime, timedelta
from functools import cache

from viewer.base.paths import resource

DUMMY_DATE, DUMMY_TIME = "19000101", "000000"
DUMMIES: dict[str, object] = {
    "AE": "ANON",
    "AS": "000Y",
    "CS": "ANON",
    "DA": DUMMY_DATE,
    "DS": "0",
    "DT": DUMMY_DATE + DUMMY_TIME,
    "FD": 0.0,
    "FL": 0.0,
    "IS": "0",
    "LO": "ANON",
    "LT": "ANON",
    "PN": "ANON",
    "SH": "ANON",
    "SL": 0,
    "SS": 0,
    "ST": "ANON",
    "TM": DUMMY_TIME,
    "UC": "ANON",
    "UL": 0,
    "UR": "",
    "US": 0,
    "UT": "ANON",
}
"""A legal value of each VR (PS3.5 6.2) that says nothing."""

BINARY_DUMMY = b"\0\0"


def dummy(vr: str) -> object:
    """A legal value that says nothing."""
    return DUMMIES.get(vr, BINARY_DUMMY)


def shifted(stored: str, days: int) -> str:
    """A DA or DT with its day moved, time and zone as they were; "" where it cannot be read."""
    try:
        day = datetime.strptime(stored[:8], "%Y%m%d") + timedelta(days=days)
    except (ValueError, OverflowError):
        return ""
    return f"{day:%Y%m%d}{stored[8:]}"


def cleaned(stored: str) -> str:
    """Only the words of resources/deidentification/descriptor_words.txt; names and numbers go."""
    words = re.findall(r"[A-Za-z0-9+\-]+", stored)
    return " ".join(word for word in words if word.lower() in _known())


@cache
def _known() -> frozenset[str]:
    path = resource("deidentification", "descriptor_words.txt")
    return frozenset(path.read_text(encoding="utf-8").split())
