"""Segmentation: segments of any program with the frames they lie on, and where those lie in the patient."""

from dataclasses import dataclass
from enum import Enum
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from viewer.domain.display_set import FramePlace
from viewer.domain.geometry import ImagePlane, PixelSpacing

Rgb = tuple[int, int, int]
FULL_WEIGHT = 255
"""Weight of a pixel that belongs to a segment wholly."""


class SegmentKind(Enum):
    """Segmentation Type (0062,0001), with the Fractional Type where there is one."""

    BINARY = "binary"
    PROBABILITY = "probability"
    OCCUPANCY = "occupancy"
    LABEL_MAP = "label map"


class SegmentMaker(Enum):
    """Segment Algorithm Type (0062,0008)."""

    AUTOMATIC = "AUTOMATIC"
    SEMIAUTOMATIC = "SEMIAUTOMATIC"
    MANUAL = "MANUAL"
    NOT_STATED = ""


@dataclass(frozen=True)
class Segment:
    """One segment (PS3.3 C.8.20.4). colour: recommended one as sRGB, or one of a fixed palette.

    meaning: its property type in words. algorithm: name, "" for one made by hand.
    """

    number: int
    label: str
    maker: SegmentMaker
    colour: Rgb
    meaning: str = ""
    algorithm: str = ""
    is_background: bool = False


@dataclass(frozen=True, eq=False)
class SegmentFrame:
    """One frame of a segmentation.

    segment: number; None in a label map, whose values are the numbers. values: ndarray, shape (rows,
    columns), uint8 or uint16, the stored ones; of a binary segment packed, 8 pixels a byte, the first
    in the lowest bit. sources: the frames it was made of, each (SOP Instance UID, frame; 0 is the
    first), a frame of None where only the instance is named. keeps_places: False where the file says
    that pixels do not lie where they lie in the source.
    """

    segment: int | None
    values: NDArray[np.uint8] | NDArray[np.uint16]
    rows: int
    columns: int
    plane: ImagePlane | None
    spacing: PixelSpacing
    sources: tuple[tuple[str, int | None], ...] = ()
    keeps_places: bool = True

    def names(self, place: FramePlace, *, alone: bool) -> bool:
        """Whether it was made of this frame. alone: it is the only frame of its instance."""
        uid, frame = place
        return (uid, frame) in self.sources or (alone and (uid, None) in self.sources)


@dataclass(frozen=True, eq=False)
class Segmentation:
    """A whole object. study_uid, patient_key: whose it is; `Patient.key`.

    largest: stored value that means wholly inside, for fractional ones. padding: of a label map, the
    value that means no segment, or None.
    """

    uid: str
    study_uid: str
    patient_key: tuple[str, str, str, str]
    title: str
    kind: SegmentKind
    segments: tuple[Segment, ...]
    frames: tuple[SegmentFrame, ...]
    largest: int = 1
    padding: int | None = None

    @cached_property
    def positions_lps_mm(self) -> NDArray[np.float64]:
        """ndarray, shape (frames, 3): of the first pixel of each frame, NaN where it is not stated."""
        nowhere = (np.nan,) * 3
        places = [frame.plane.position_lps_mm if frame.plane else nowhere for frame in self.frames]
        return np.array(places, np.float64).reshape(-1, 3)

    @cached_property
    def frames_of_source(self) -> dict[str, tuple[int, ...]]:
        """Positions in `frames` by the SOP Instance UID of an image they were made of."""
        found: dict[str, list[int]] = {}
        for number, frame in enumerate(self.frames):
            for uid in {uid for uid, _frame in frame.sources}:
                found.setdefault(uid, []).append(number)
        return {uid: tuple(numbers) for uid, numbers in found.items()}

    def segment(self, number: int) -> Segment | None:
        """The segment of that number."""
        return next((each for each in self.segments if each.number == number), None)

    def numbers_in(self, frame: SegmentFrame) -> tuple[int, ...]:
        """The segments that a frame may show."""
        if frame.segment is not None:
            return (frame.segment,)
        present = set(np.unique(frame.values).tolist()) - {self.padding}
        return tuple(each.number for each in self.segments if each.number in present)

    def weights(self, frame: SegmentFrame, number: int) -> NDArray[np.uint8]:
        """How far each pixel belongs to a segment.

        Returns
        -------
        ndarray, shape (rows, columns), uint8; 0 to FULL_WEIGHT
        """
        if self.kind is SegmentKind.LABEL_MAP:
            return np.where(frame.values == number, FULL_WEIGHT, 0).astype(np.uint8)
        if self.kind is SegmentKind.BINARY:
            count = frame.rows * frame.columns
            bits = np.unpackbits(np.asarray(frame.values, np.uint8), count=count, bitorder="little")
            return (bits * FULL_WEIGHT).reshape(frame.rows, frame.columns)
        share = frame.values.astype(np.float32) / self.largest
        return np.rint(np.clip(share, 0, 1) * FULL_WEIGHT).astype(np.uint8)
