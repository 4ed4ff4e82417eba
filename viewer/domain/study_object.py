"""StudyObject: an instance of a study that is read, drawn over images or applied to them, not scrolled."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from pathlib import Path

from viewer.domain.display_set import FramePlace


class ObjectKind(Enum):
    """What an instance is that is no image; the value names it in JSON."""

    REPORT = "structured report"
    DOCUMENT = "encapsulated PDF"
    SEGMENTATION = "segmentation"
    PRESENTATION_STATE = "presentation state"
    KEY_OBJECTS = "key object selection"
    OTHER = "other"


@dataclass(frozen=True)
class ObjectReference:
    """An instance that an object names. frames: 0 is the first; empty for all of them."""

    sop_instance_uid: str
    sop_class_uid: str = ""
    frames: tuple[int, ...] = ()

    def names(self, place: FramePlace) -> bool:
        """Whether that frame is meant."""
        uid, frame = place
        return uid == self.sop_instance_uid and (not self.frames or frame in self.frames)


References = tuple[ObjectReference, ...]


def by_instance(references: References) -> Mapping[str, References]:
    """References by SOP Instance UID: an object may name thousands, and is asked at every paint."""
    found: dict[str, References] = {}
    for reference in references:
        found[reference.sop_instance_uid] = (
            *found.get(reference.sop_instance_uid, ()),
            reference,
        )
    return found


@dataclass(frozen=True)
class StudyObject:
    """One such instance, as its header names it.

    study_uid, patient_key: whose it is; `Patient.key`. It belongs to no study of another patient, even
    under the same Study Instance UID. title: document title, content label or description, "" where
    none is stated. date, time: of the content, DA and TM as stored. references: the instances that the
    header names in the same study; for reports and key objects the evidence (PS3.3 C.17.2, C.12.4).
    """

    kind: ObjectKind
    sop_instance_uid: str
    sop_class_uid: str
    path: Path
    study_uid: str
    patient_key: tuple[str, str, str, str]
    series_uid: str
    series_number: int | None
    modality: str
    title: str = ""
    date: str = ""
    time: str = ""
    references: References = ()

    @cached_property
    def _by_instance(self) -> Mapping[str, References]:
        return by_instance(self.references)

    def names(self, place: FramePlace) -> bool:
        """Whether the header names that frame."""
        return any(reference.names(place) for reference in self._by_instance.get(place[0], ()))
