"""Scope: attributes asked of the frame first, then of the whole object; bad values read as absent."""

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.errors import BytesLengthException
from pydicom.multival import MultiValue
from pydicom.sequence import Sequence

MACROS = (
    "PixelMeasuresSequence",
    "PlanePositionSequence",
    "PlaneOrientationSequence",
    "PixelValueTransformationSequence",
    "FrameVOILUTSequence",
    "FrameAnatomySequence",
    "FrameDisplayShutterSequence",
)
"""Functional groups whose attributes also exist outside multi-frame objects (PS3.3 C.7.6.16.2)."""

REAL_WORLD = "RealWorldValueMappingSequence"
"""A functional group that is itself the sequence (C.7.6.16.2.11), so its holder is asked."""

BAD_VALUE = (
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    NotImplementedError,
    OverflowError,
    struct.error,
    BytesLengthException,
    LookupError,
    EOFError,
)
"""What pydicom raises on values that break their Value Representation."""


def value_of(dataset: Dataset, keyword: str) -> object:
    """The value of an attribute, or None where it is absent, empty or unreadable."""
    tag, present = _tag(keyword), dataset.keys()
    if tag is None or tag not in present:
        return None
    try:
        value: object = dataset[tag].value
    except BAD_VALUE:
        return None
    return None if value in (None, "") else value


@cache
def _tag(keyword: str) -> int | None:
    """Looked up once: pydicom seeks a keyword anew for every attribute of every file."""
    return tag_for_keyword(keyword)


def _finite(value: object) -> float | None:
    try:
        number = float(value)  # type: ignore[arg-type]  # whatever pydicom made of the bytes
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _listed(value: object) -> list[object]:
    if value is None:
        return []
    return list(value) if isinstance(value, MultiValue | list | tuple) else [value]


@dataclass(frozen=True, eq=False)
class Scope:
    """Datasets in the order they are asked; the first that holds an attribute answers."""

    datasets: tuple[Dataset, ...]

    def value(self, keyword: str) -> object:
        """The value as pydicom gives it, or None."""
        found = (value_of(dataset, keyword) for dataset in self.datasets)
        return next((value for value in found if value is not None), None)

    def texts(self, keyword: str) -> tuple[str, ...]:
        """All values as text, without padding."""
        return tuple(str(value).strip(" \0") for value in _listed(self.value(keyword)))

    def text(self, keyword: str) -> str:
        """The first value as text, or an empty string."""
        return next(iter(self.texts(keyword)), "")

    def numbers(self, keyword: str) -> tuple[float, ...]:
        """All values as finite numbers; empty where one of them is none."""
        values = [_finite(value) for value in _listed(self.value(keyword))]
        finite = tuple(value for value in values if value is not None)
        return finite if len(finite) == len(values) else ()

    def number(self, keyword: str) -> float | None:
        """The first value as a number, or None."""
        return next(iter(self.numbers(keyword)), None)

    def integer(self, keyword: str) -> int | None:
        """The first value as a whole number, or None."""
        number = self.number(keyword)
        return int(number) if number is not None and number == int(number) else None

    def private(self, creator: str, tag: tuple[int, int]) -> object:
        """The value of a private element of that creator, or None; tag: group, and element without block."""
        group, element = tag
        for dataset in self.datasets:
            try:
                value: object = dataset.private_block(group, creator)[element].value
            except BAD_VALUE:
                continue
            if value not in (None, ""):
                return value
        return None

    def private_number(self, creator: str, tag: tuple[int, int]) -> float | None:
        """The private value as a finite number, or None."""
        return _finite(self.private(creator, tag))

    def items(self, keyword: str) -> tuple[Dataset, ...]:
        """The items of a sequence."""
        items = (item for dataset in self.datasets for item in _items(dataset, keyword))
        return tuple(items)


def _items(dataset: Dataset, keyword: str) -> list[Dataset]:
    value = value_of(dataset, keyword)
    if not hasattr(value, "__iter__"):
        return []
    return [item for item in value if isinstance(item, Dataset)]


def _item_at(dataset: Dataset, keyword: str, place: int) -> tuple[Dataset, ...]:
    """The item at a place of a sequence of thousands, without a look at the others; or nothing."""
    value = value_of(dataset, keyword)
    if not isinstance(value, Sequence) or not 0 <= place < len(value):
        return ()
    return (value[place],)


def macros(group: Dataset) -> Iterator[Dataset]:
    """The macros of a functional group that also exist outside multi-frame objects."""
    for keyword in MACROS:
        yield from _items(group, keyword)[:1]
    if _items(group, REAL_WORLD):
        yield group


def frame_scope(dataset: Dataset, frame: int) -> Scope:
    """Attributes of one frame (0 is the first): its functional groups, the shared ones, the object."""
    own = _item_at(dataset, "PerFrameFunctionalGroupsSequence", frame)
    shared = _items(dataset, "SharedFunctionalGroupsSequence")[:1]
    stated = (macro for group in (*own, *shared) for macro in macros(group))
    return Scope((*stated, dataset))
