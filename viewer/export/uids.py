"""UIDs, names and times of exported objects: the same report always gives the same object."""

import hashlib
from datetime import datetime

from viewer.review.report import SignedReport

PERSON_NAME_LIMIT = 64
"""Characters of one component group of a PN (PS3.5 6.2)."""

_NOT_IN_A_NAME = str.maketrans({"\\": " ", "=": " ", "\n": " ", "\r": " "})


def derived_uid(*parts: str) -> str:
    """A UID under 2.25 that follows from `parts` alone (PS3.5 B.2)."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return f"2.25.{int.from_bytes(digest[:16], 'big')}"


def instance_uid(report_uid: str, kind: str) -> str:
    """SOP Instance UID of the object of `kind` made from a report."""
    return derived_uid("instance", kind, report_uid)


def series_uid(report_uid: str, kind: str) -> str:
    """Series Instance UID of that object."""
    return derived_uid("series", kind, report_uid)


def observation_uid(report: SignedReport, tracking_uid: str) -> str:
    """Observation UID (0040,A171) of one finding in this report."""
    return derived_uid("observation", report.report_uid, tracking_uid)


def device_uid(sha256: str) -> str:
    """Device UID (0018,1002) of a model: new weights are a new device (IHE AIR)."""
    return derived_uid("device", sha256)


def date_time(at: datetime) -> str:
    """DT with the zone it was stated in (PS3.5 6.2)."""
    return at.strftime("%Y%m%d%H%M%S.%f%z")[:26]


def person_name(printed: str) -> str:
    """A PN of a printed name: all of it in the first component, since its parts are not known."""
    name = " ".join(printed.translate(_NOT_IN_A_NAME).split())
    return name if "^" in name else f"{name[: PERSON_NAME_LIMIT - 1]}^"
