"""Header attributes to what turns stored values into display values: Modality LUT, windows, padding, units."""

from collections.abc import Iterator

from viewer.dicom.lookup_tables import lookup_table
from viewer.dicom.scope import Scope
from viewer.domain.presentation import (
    LookupTable,
    ModalityTransform,
    Rescale,
    Voi,
    VoiLutFunction,
    VoiWindow,
)

CT_CLASSES = ("1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.2.1")
"""CT and Enhanced CT Image Storage: their values are HU unless Rescale Type says otherwise (C.8.2.1)."""

SMALLEST_WIDTH = {
    VoiLutFunction.LINEAR: 1.0,
    VoiLutFunction.LINEAR_EXACT: 0.0,
    VoiLutFunction.SIGMOID: 0.0,
}
"""Widths below (LINEAR), or not above, these are invalid (PS3.3 C.11.2.1.2, C.11.2.1.3)."""


def modality_transform(scope: Scope, *, little_endian: bool) -> ModalityTransform:
    """The Modality LUT: a table if there is one, else slope and intercept (PS3.3 C.11.1)."""
    for item in scope.items("ModalityLUTSequence"):
        table = lookup_table(item, little_endian=little_endian)
        if table is not None:
            return table
    slope, intercept = scope.number("RescaleSlope"), scope.number("RescaleIntercept")
    if not slope or intercept is None:
        return Rescale()
    return Rescale(slope, intercept)


def value_unit(scope: Scope, transform: ModalityTransform) -> str:
    """The unit the file entitles modality values to: Rescale Type, HU of CT, units of PET, or ""."""
    if isinstance(transform, LookupTable):
        return _known(transform.explanation)
    if scope.number("RescaleSlope") in (None, 0.0):
        return ""
    stated = scope.text("RescaleType") or scope.text("Units")
    return _known(stated) if stated else _unstated_unit(scope)


def _known(unit: str) -> str:
    return "" if unit.upper() in ("US", "UNSPECIFIED", "NONE") else unit


def _unstated_unit(scope: Scope) -> str:
    is_ct = scope.text("SOPClassUID") in CT_CLASSES
    return "HU" if is_ct and "LOCALIZER" not in scope.texts("ImageType") else ""


def voi_of(scope: Scope, *, little_endian: bool) -> tuple[Voi, ...]:
    """The file's own windows, then its VOI LUTs, in their order; invalid ones left out."""
    tables = (
        lookup_table(item, little_endian=little_endian) for item in scope.items("VOILUTSequence")
    )
    return (*_windows(scope), *(table for table in tables if table is not None))


def _windows(scope: Scope) -> Iterator[VoiWindow]:
    function = _function(scope.text("VOILUTFunction"))
    explanations = scope.texts("WindowCenterWidthExplanation")
    pairs = zip(scope.numbers("WindowCenter"), scope.numbers("WindowWidth"), strict=False)
    for number, (center, width) in enumerate(pairs):
        explanation = explanations[number] if number < len(explanations) else ""
        if width > 0 and width >= SMALLEST_WIDTH[function]:
            yield VoiWindow(center, width, function, explanation)


def _function(stated: str) -> VoiLutFunction:
    known = {function.value: function for function in VoiLutFunction}
    return known.get(stated, VoiLutFunction.LINEAR)


def padding_range(scope: Scope, *, bits_allocated: int, signed: bool) -> tuple[float, float] | None:
    """Pixel Padding Value to its Range Limit, inclusive, stored values (PS3.3 C.7.5.1.1.2)."""
    for kind in ("Float", "DoubleFloat"):
        real = scope.number(f"{kind}PixelPaddingValue")
        if real is not None:
            other = scope.number(f"{kind}PixelPaddingRangeLimit")
            return (real, real) if other is None else (min(real, other), max(real, other))
    value = scope.integer("PixelPaddingValue")
    if value is None:
        return None
    limit = scope.integer("PixelPaddingRangeLimit")
    ends = [_as_stored(end, bits_allocated, signed) for end in (value, limit) if end is not None]
    return (min(ends), max(ends))


def _as_stored(value: int, bits: int, signed: bool) -> float:
    """The value as the pixels' own type reads it: US and SS are often confused by writers."""
    wrapped = value & ((1 << bits) - 1)
    return float(wrapped - (1 << bits) if signed and wrapped >> (bits - 1) else wrapped)
