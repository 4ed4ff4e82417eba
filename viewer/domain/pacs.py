"""What another system is asked for and says it holds: studies, series, instances, scheduled steps."""

from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class StudyQuery:
    """What to look for; empty means any. Dates are DICOM DA, both ends included.

    Names and descriptions match anywhere in the text; identifiers match exactly unless they hold `*`.
    """

    patient_name: str = ""
    patient_id: str = ""
    accession_number: str = ""
    description: str = ""
    modality: str = ""
    date_from: str = ""
    date_to: str = ""
    study_uid: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it would ask for everything the node holds."""
        return self == StudyQuery()

    @property
    def date_range(self) -> str:
        """The dates as one range match (PS3.4 C.2.2.2.5)."""
        if self.date_from == self.date_to:
            return self.date_from
        return f"{self.date_from}-{self.date_to}"


@dataclass(frozen=True)
class StudyMatch:
    """One study as a node describes it; a count is None where the node does not say it."""

    uid: str
    patient_name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    date: str = ""
    time: str = ""
    description: str = ""
    accession_number: str = ""
    modalities: tuple[str, ...] = ()
    series: int | None = None
    instances: int | None = None


@dataclass(frozen=True)
class InstanceRef:
    """One instance a node says it holds."""

    sop_instance_uid: str
    sop_class_uid: str
    series_uid: str


@dataclass(frozen=True)
class ScheduledStep:
    """One entry of a Modality Worklist (PS3.4 annex K)."""

    patient_name: str = ""
    patient_id: str = ""
    birth_date: str = ""
    sex: str = ""
    accession_number: str = ""
    procedure: str = ""
    modality: str = ""
    start_date: str = ""
    start_time: str = ""
    station: str = ""
    study_uid: str = ""


class Kept(Enum):
    """What became of an instance that arrived."""

    NEW = "new"
    SAME = "same"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Progress:
    """How far a retrieval is. there: instances of the study on this disk; conflicts: kept aside.

    expected: None until the node has said it.
    """

    there: int = 0
    expected: int | None = None
    conflicts: int = 0

    @property
    def fraction(self) -> float:
        """0 to 1."""
        return min(self.there / self.expected, 1.0) if self.expected else 0.0


@dataclass(frozen=True)
class Received:
    """What a sender brought of one study until it was quiet, in instances. sender: its AE title.

    new: kept; same: was here already; conflicts: kept aside; not_taken: refused by the rules of the site;
    failed: could not be kept.
    """

    study_uid: str
    sender: str
    new: int = 0
    same: int = 0
    conflicts: int = 0
    not_taken: int = 0
    failed: int = 0


@dataclass(frozen=True)
class Sent:
    """What became of files that were sent. transcoded: sent uncompressed, because the node refused the syntax.

    refused: (file name, reason) of each that the node did not take. uids: (SOP class, SOP instance) of the rest.
    """

    uids: tuple[tuple[str, str], ...] = ()
    transcoded: int = 0
    refused: tuple[tuple[str, str], ...] = ()
