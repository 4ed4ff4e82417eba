"""Graphic annotations and layers of a presentation state to domain values (PS3.3 C.10.5, C.10.7)."""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from viewer.base.i18n import _
from viewer.dicom.scope import Scope
from viewer.dicom.study_objects import reference_of
from viewer.domain.presentation_state import (
    AnnotationUnits,
    GraphicAnnotation,
    GraphicLayer,
    GraphicObject,
    GraphicType,
    Point,
    Rgb,
    TextObject,
)
from viewer.imaging.cielab import rgb_of_cielab

WHITEST = 65535
POINTS_NEEDED = {
    GraphicType.POINT: (1, 1),
    GraphicType.POLYLINE: (2, None),
    GraphicType.INTERPOLATED: (2, None),
    GraphicType.CIRCLE: (2, 2),
    GraphicType.ELLIPSE: (4, 4),
}
"""Fewest and most points of each shape (PS3.3 C.10.5.1.2); None is no limit."""

TO_PIXEL_CENTRES = 0.5
"""PIXEL units begin at the corner of the top left pixel, image pixels of SecondRead at its centre."""


def layers_of(scope: Scope) -> tuple[GraphicLayer, ...]:
    """The layers in drawing order."""
    layers = [_layer(Scope((item,))) for item in scope.items("GraphicLayerSequence")]
    return tuple(sorted(layers, key=lambda layer: layer.order))


def _layer(scope: Scope) -> GraphicLayer:
    return GraphicLayer(
        scope.text("GraphicLayer"), scope.integer("GraphicLayerOrder") or 0, _layer_colour(scope)
    )


def _layer_colour(scope: Scope) -> Rgb | None:
    """The recommended colour; the retired RGB where it is all there is, else the recommended grey."""
    lab = _colour(scope, "GraphicLayerRecommendedDisplayCIELabValue")
    if lab is not None:
        return lab
    rgb = scope.numbers("GraphicLayerRecommendedDisplayRGBValue")
    if len(rgb) == 3:
        red, green, blue = (_in_8_bits(value) for value in rgb)
        return red, green, blue
    grey = scope.number("GraphicLayerRecommendedDisplayGrayscaleValue")
    return None if grey is None else (_in_8_bits(grey),) * 3


def _in_8_bits(value: float) -> int:
    return round(min(max(value, 0.0), WHITEST) / WHITEST * 255)


def _colour(scope: Scope, keyword: str) -> Rgb | None:
    encoded = scope.numbers(keyword)
    return rgb_of_cielab(encoded) if len(encoded) == 3 else None


def annotations_of(scope: Scope) -> tuple[tuple[GraphicAnnotation, ...], tuple[str, ...]]:
    """The annotations, and in words what of them cannot be drawn."""
    omitted: list[str] = []
    found = tuple(
        _annotation(Scope((item,)), omitted) for item in scope.items("GraphicAnnotationSequence")
    )
    return found, tuple(dict.fromkeys(omitted))


def _annotation(scope: Scope, omitted: list[str]) -> GraphicAnnotation:
    return GraphicAnnotation(
        tuple(map(reference_of, scope.items("ReferencedImageSequence"))),
        scope.text("GraphicLayer"),
        tuple(_graphics(scope.items("GraphicObjectSequence"), omitted)),
        tuple(_texts(scope.items("TextObjectSequence"), omitted)),
    )


def _graphics(items: tuple[Dataset, ...], omitted: list[str]) -> Iterator[GraphicObject]:
    for item in items:
        made = _graphic(Scope((item,)))
        if made is None:
            omitted.append(_("a graphic that cannot be read"))
        else:
            yield made


def _graphic(scope: Scope) -> GraphicObject | None:
    kind = {one.value: one for one in GraphicType}.get(scope.text("GraphicType"))
    units, values = _units(scope, "GraphicAnnotationUnits"), scope.numbers("GraphicData")
    if kind is None or units is None or len(values) % 2:
        return None
    fewest, most = POINTS_NEEDED[kind]
    count = len(values) // 2
    if count < fewest or (most is not None and count > most):
        return None
    line, fill = (
        Scope(scope.items(keyword)[:1]) for keyword in ("LineStyleSequence", "FillStyleSequence")
    )
    filled = scope.text("GraphicFilled") == "Y"
    own = _colour(line, "PatternOnColorCIELabValue")
    return GraphicObject(
        kind,
        tuple(_point(pair, units) for pair in zip(values[::2], values[1::2], strict=True)),
        units,
        filled,
        (_colour(fill, "PatternOnColorCIELabValue") if filled else None) or own,
        line.number("LineThickness") or 1.0,
        line.text("LineDashingStyle") == "DASHED",
    )


def _texts(items: tuple[Dataset, ...], omitted: list[str]) -> Iterator[TextObject]:
    for item in items:
        made = _text(Scope((item,)))
        if made is None:
            omitted.append(_("a text without a place"))
        else:
            yield made


def _text(scope: Scope) -> TextObject | None:
    box_units, anchor_units = (
        _units(scope, f"{what}AnnotationUnits") for what in ("BoundingBox", "AnchorPoint")
    )
    corners = [
        _place(scope, f"BoundingBox{corner}HandCorner", box_units)
        for corner in ("TopLeft", "BottomRight")
    ]
    anchor = _place(scope, "AnchorPoint", anchor_units)
    first, last = corners
    box = None if first is None or last is None else (first, last)
    if box is None and anchor is None:
        return None
    style = Scope(scope.items("TextStyleSequence")[:1])
    return TextObject(
        "\n".join(str(scope.value("UnformattedTextValue") or "").splitlines()),
        box,
        box_units or AnnotationUnits.PIXEL,
        scope.text("BoundingBoxTextHorizontalJustification") or "LEFT",
        anchor,
        anchor_units or AnnotationUnits.PIXEL,
        scope.text("AnchorPointVisibility") == "Y",
        _colour(style, "TextColorCIELabValue"),
    )


def _place(scope: Scope, keyword: str, units: AnnotationUnits | None) -> Point | None:
    values = scope.numbers(keyword)
    if units is None or len(values) != 2:
        return None
    return _point((values[0], values[1]), units)


def _units(scope: Scope, keyword: str) -> AnnotationUnits | None:
    """None where they are not stated, or MATRIX, which is for tiled images."""
    return {one.value: one for one in AnnotationUnits}.get(scope.text(keyword))


def _point(pair: Point, units: AnnotationUnits) -> Point:
    if units is AnnotationUnits.DISPLAY:
        return pair
    return pair[0] - TO_PIXEL_CENTRES, pair[1] - TO_PIXEL_CENTRES
