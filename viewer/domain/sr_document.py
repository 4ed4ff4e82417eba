"""SrDocument: what a structured report of any program says, as plain values in the order of its tree."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from viewer.domain.coding import CodedConcept
from viewer.domain.study import Patient

ItemPath = tuple[int, ...]
"""Where an item stands: 1-based positions from the root on, as Referenced Content Item Identifier."""


@dataclass(frozen=True)
class InstanceLink:
    """An instance that an item names. frames: 0 is the first, empty for all; segments: of a SEG.

    class_name: what it is in words, such as "CT Image".
    """

    sop_instance_uid: str
    class_name: str = ""
    frames: tuple[int, ...] = ()
    segments: tuple[int, ...] = ()


@dataclass(frozen=True)
class Coordinates:
    """Graphic Data of an SCOORD or SCOORD3D item (PS3.3 C.18.6, C.18.9). kind: Graphic Type.

    points: (column, row) from the corner of the top left pixel, or x, y, z in LPS, mm, then with the
    frame of reference they are in. of_all_tiles: they count from the corner of all tiles of a slide.
    """

    kind: str
    points: tuple[tuple[float, ...], ...]
    in_patient: bool = False
    frame_of_reference_uid: str = ""
    of_all_tiles: bool = False

    @property
    def array(self) -> NDArray[np.float64]:
        """ndarray, shape (n, 2) or (n, 3), float64."""
        return np.array(self.points, np.float64)


@dataclass(frozen=True)
class SrItem:
    """One content item (PS3.3 C.17.3). kind: Value Type. value: in words, "" for a heading.

    relationship: to its parent, as stored. coded: the value of a CODE. target: the item meant, for an
    item given by reference.
    """

    path: ItemPath
    kind: str
    name: CodedConcept | None
    value: str = ""
    relationship: str = ""
    coded: CodedConcept | None = None
    links: tuple[InstanceLink, ...] = ()
    target: ItemPath = ()
    coordinates: Coordinates | None = None
    children: tuple["SrItem", ...] = ()

    def walk(self) -> Iterator["SrItem"]:
        """This item and all below it, in reading order."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Verifier:
    """Who verified the document, for whom and when (PS3.3 C.17.2); date_time: DT as stored."""

    name: str
    organization: str
    date_time: str


@dataclass(frozen=True)
class SrDocument:
    """A whole document. completion, verification, preliminary: the flags as stored, "" where missing.

    authors: people; devices: machines that say something in it, each in one line; algorithms: name and
    version. warnings: what of it could not be read. date, time: DA and TM as stored.
    """

    title: str
    patient: Patient
    study_uid: str
    date: str
    time: str
    completion: str
    completion_note: str
    verification: str
    preliminary: str
    verifiers: tuple[Verifier, ...]
    authors: tuple[str, ...]
    devices: tuple[str, ...]
    algorithms: tuple[str, ...]
    root: SrItem
    warnings: tuple[str, ...] = ()
