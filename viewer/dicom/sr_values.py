"""Values of content items in words, one function for each Value Type (PS3.3 C.17.3.2, C.18)."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from pydicom.dataset import Dataset
from pydicom.uid import UID

from viewer.base.i18n import _, plural
from viewer.dicom.scope import Scope
from viewer.domain.coding import CodedConcept
from viewer.domain.readable import readable_date, readable_date_time, readable_name, readable_time
from viewer.domain.sr_document import Coordinates, InstanceLink

UNIT_SIGNS = {"1": "", "[hnsf'U]": "HU", "deg": "°", "Cel": "°C", "{pixels}": "px", "%": "%"}
"""UCUM codes that read better as a sign; no unit is no word."""

UNREADABLE_CODE_MARKS = frozenset("[]{}")
"""UCUM codes with these are shown by their meaning."""


def coded(items: tuple[Dataset, ...]) -> CodedConcept | None:
    """The first code of a code sequence, also of one with long or URN values (PS3.3 8)."""
    if not items:
        return None
    scope = Scope(items[:1])
    keywords = ("CodeValue", "LongCodeValue", "URNCodeValue")
    value = next(filter(None, map(scope.text, keywords)), "")
    return CodedConcept(value, scope.text("CodingSchemeDesignator"), scope.text("CodeMeaning"))


def words_of(concept: CodedConcept | None) -> str:
    """The meaning; a code without one as it stands."""
    if concept is None:
        return ""
    return concept.meaning or f"{concept.value} ({concept.scheme})"


def unit_words(unit: CodedConcept | None) -> str:
    """A unit as it is written after a number."""
    if unit is None:
        return _("(no unit stated)")
    if unit.scheme != "UCUM":
        return words_of(unit)
    if unit.value in UNIT_SIGNS:
        return UNIT_SIGNS[unit.value]
    return words_of(unit) if UNREADABLE_CODE_MARKS & set(unit.value) else unit.value


def _number(scope: Scope) -> str:
    measured = Scope(scope.items("MeasuredValueSequence")[:1])
    number = measured.text("NumericValue")
    if number:
        unit = unit_words(coded(measured.items("MeasurementUnitsCodeSequence")))
        return f"{number} {unit}".strip()
    reason = words_of(coded(scope.items("NumericValueQualifierCodeSequence")))
    return _("no value ({reason})").format(reason=reason) if reason else _("no value")


def _coordinates(scope: Scope) -> str:
    kind, count = scope.text("GraphicType").capitalize(), len(scope.numbers("GraphicData")) // 2
    points = plural("{n} point", "{n} points", count)
    return _("{kind} on the image, {points}").format(kind=kind, points=points)


def _patient_coordinates(scope: Scope) -> str:
    kind, count = scope.text("GraphicType").capitalize(), len(scope.numbers("GraphicData")) // 3
    points = plural("{n} point", "{n} points", count)
    return _("{kind} in the patient, {points}").format(kind=kind, points=points)


def _waveform_times(scope: Scope) -> str:
    return _("{kind} in time").format(kind=scope.text("TemporalRangeType").capitalize())


DIMENSIONS = {"SCOORD": 2, "SCOORD3D": 3}


def coordinates_of(scope: Scope, kind: str) -> Coordinates | None:
    """The shape of an item; None for other items and for broken ones."""
    size = DIMENSIONS.get(kind)
    if size is None:
        return None
    numbers = scope.numbers("GraphicData")
    if not numbers or len(numbers) % size:
        return None
    points = tuple(zip(*(numbers[axis::size] for axis in range(size)), strict=True))
    reference = scope.text("ReferencedFrameOfReferenceUID")
    return Coordinates(
        scope.text("GraphicType"),
        points,
        size == DIMENSIONS["SCOORD3D"],
        reference,
        scope.text("PixelOriginInterpretation") == "VOLUME",
    )


VALUES: Mapping[str, Callable[[Scope], str]] = MappingProxyType(
    {
        "CONTAINER": lambda _scope: "",
        "TEXT": lambda scope: str(scope.value("TextValue") or "").strip(),
        "NUM": _number,
        "CODE": lambda scope: words_of(coded(scope.items("ConceptCodeSequence"))),
        "DATETIME": lambda scope: readable_date_time(scope.text("DateTime")),
        "DATE": lambda scope: readable_date(scope.text("Date")),
        "TIME": lambda scope: readable_time(scope.text("Time")),
        "UIDREF": lambda scope: scope.text("UID"),
        "PNAME": lambda scope: readable_name(scope.text("PersonName")),
        "SCOORD": _coordinates,
        "SCOORD3D": _patient_coordinates,
        "TCOORD": _waveform_times,
        "IMAGE": lambda _scope: "",
        "COMPOSITE": lambda _scope: "",
        "WAVEFORM": lambda _scope: "",
    }
)
"""Words of a value; references to instances are links instead."""


def links_of(scope: Scope) -> tuple[InstanceLink, ...]:
    """The instances an IMAGE, COMPOSITE or WAVEFORM item names."""
    return tuple(map(_link, scope.items("ReferencedSOPSequence")))


def _link(item: Dataset) -> InstanceLink:
    scope = Scope((item,))
    return InstanceLink(
        scope.text("ReferencedSOPInstanceUID"),
        UID(scope.text("ReferencedSOPClassUID")).name.removesuffix(" Storage"),
        tuple(int(number) - 1 for number in scope.numbers("ReferencedFrameNumber")),
        tuple(int(number) for number in scope.numbers("ReferencedSegmentNumber")),
    )
