"""DisplaySet: the frames shown together as one stack, with the header facts that go with them."""

from dataclasses import dataclass
from pathlib import Path

FramePlace = tuple[str, int]
"""(SOP Instance UID, frame; 0 is the first)."""


@dataclass(frozen=True)
class FrameRef:
    """One frame: which instance, which frame of it (0 is the first), and the file it lies in."""

    sop_instance_uid: str
    frame: int
    path: Path

    @property
    def place(self) -> FramePlace:
        """The frame, apart from what is said of it."""
        return (self.sop_instance_uid, self.frame)


@dataclass(frozen=True)
class Acquisition:
    """Header facts that decide which models apply; empty or None where the file does not say.

    view: View Position (0018,5101). photometric: (0028,0004). age_years: Patient's Age, or from
    the dates of birth and study. body_part: (0018,0015). image_type: (0008,0008).
    """

    modality: str
    body_part: str = ""
    view: str = ""
    patient_position: str = ""
    photometric: str = ""
    image_type: tuple[str, ...] = ()
    age_years: float | None = None
    rows: int = 0
    columns: int = 0
    laterality: str = ""
    burned_in_annotation: str = ""
    manufacturer: str = ""
    slice_thickness_mm: float | None = None
    sequence: str = ""
    """Kind of MR sequence: "FLAIR", "OTHER", or "" where the file describes none."""

    orientation: str = ""
    """Of the slices: AXIAL, CORONAL, SAGITTAL or OBLIQUE, or "" where the file does not say."""


@dataclass(frozen=True)
class DisplaySet:
    """Frames in reading order.

    uid: unique among open studies. notes: sentences on what was found odd (order, gaps, mixed sizes).
    frame_rate: frames per second at which the file asks to be played, None where it does not.
    """

    uid: str
    study_uid: str
    series_uid: str
    series_number: int | None
    description: str
    acquisition: Acquisition
    frames: tuple[FrameRef, ...]
    notes: tuple[str, ...] = ()
    frame_rate: float | None = None

    @property
    def modality(self) -> str:
        """Modality (0008,0060)."""
        return self.acquisition.modality
