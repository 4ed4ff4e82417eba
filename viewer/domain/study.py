"""Patient, Study, Series, Instance, Frame: the DICOM hierarchy as it was read, frozen."""

from dataclasses import dataclass
from pathlib import Path

from viewer.domain.display_set import DisplaySet
from viewer.domain.study_object import StudyObject


@dataclass(frozen=True)
class Patient:
    """Who the study says it is of; `name` is the PN value as stored, all component groups."""

    patient_id: str
    name: str
    birth_date: str = ""
    sex: str = ""
    issuer: str = ""

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What must agree before two studies are shown as one patient's."""
        return (self.patient_id, self.issuer, self.name, self.birth_date)


@dataclass(frozen=True)
class Instance:
    """One SOP Instance: a file with its identity and shape."""

    sop_instance_uid: str
    sop_class_uid: str
    path: Path
    transfer_syntax_uid: str
    frames: int
    rows: int
    columns: int
    number: int | None = None

    @property
    def has_pixels(self) -> bool:
        """Whether there is anything to show as an image."""
        return self.frames > 0


@dataclass(frozen=True)
class Series:
    """Instances of one Series Instance UID, split into what is shown together."""

    uid: str
    modality: str
    number: int | None
    description: str
    instances: tuple[Instance, ...]
    display_sets: tuple[DisplaySet, ...] = ()


@dataclass(frozen=True)
class Study:
    """One Study Instance UID of one patient. objects: what of it is no image, in series order."""

    uid: str
    patient: Patient
    date: str
    time: str
    description: str
    accession_number: str
    study_id: str
    series: tuple[Series, ...]
    objects: tuple[StudyObject, ...] = ()

    @property
    def display_sets(self) -> tuple[DisplaySet, ...]:
        """Everything that can be shown, in series order."""
        return tuple(shown for series in self.series for shown in series.display_sets)


@dataclass(frozen=True)
class Problem:
    """A file that could not be used, and why, in a sentence for the reader."""

    path: Path
    reason: str


@dataclass(frozen=True)
class StudyIndex:
    """What was found under the opened paths. Grows by replacement, never by change.

    skipped: files that are no DICOM objects (counted, not listed).
    """

    studies: tuple[Study, ...] = ()
    problems: tuple[Problem, ...] = ()
    skipped: int = 0
    files_seen: int = 0
