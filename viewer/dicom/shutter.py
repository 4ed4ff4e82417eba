"""Display shutter of the image itself: what of it is to be seen (PS3.3 C.7.6.11)."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from viewer.dicom.scope import Scope
from viewer.domain.overlay import Shutter

WHITEST = 65535
"""P-Value of white in Shutter Presentation Value (0018,1622)."""

FEWEST_VERTICES = 3


def shutter_of(scope: Scope) -> Shutter | None:
    """The shapes that are whole; None without any: a broken shape hides nothing."""
    none = Shutter(grey=grey_of(scope))
    shutter = none
    for shape in scope.texts("ShutterShape"):
        add = SHAPES.get(shape)
        shutter = add(scope, shutter) if add is not None else shutter
    return None if shutter == none else shutter


def grey_of(scope: Scope) -> int:
    """Shutter Presentation Value in 8 bits; black where it is not stated."""
    value = scope.number("ShutterPresentationValue")
    return round(min(max(value or 0.0, 0.0), WHITEST) / WHITEST * 255)


def _rectangle(scope: Scope, shutter: Shutter) -> Shutter:
    """Edges are columns and rows counted from 1; the pixels on them are still seen."""
    keywords = (
        "ShutterLeftVerticalEdge",
        "ShutterUpperHorizontalEdge",
        "ShutterRightVerticalEdge",
        "ShutterLowerHorizontalEdge",
    )
    edges = [value for value in map(scope.number, keywords) if value is not None]
    if len(edges) != len(keywords):
        return shutter
    left, top, right, bottom = (edge - 1 for edge in edges)
    whole = left <= right and top <= bottom
    return replace(shutter, rectangle_px=(left, top, right, bottom)) if whole else shutter


def _circle(scope: Scope, shutter: Shutter) -> Shutter:
    centre, radius = (
        scope.numbers("CenterOfCircularShutter"),
        scope.number("RadiusOfCircularShutter"),
    )
    if len(centre) != 2 or radius is None or radius <= 0:
        return shutter
    row, column = centre
    return replace(shutter, circle_px=(column - 1, row - 1, radius))


def _polygon(scope: Scope, shutter: Shutter) -> Shutter:
    values = scope.numbers("VerticesOfThePolygonalShutter")
    if len(values) % 2 or len(values) < 2 * FEWEST_VERTICES:
        return shutter
    pairs = zip(values[1::2], values[::2], strict=True)
    return replace(shutter, polygon_px=tuple((column - 1, row - 1) for column, row in pairs))


SHAPES: Mapping[str, Callable[[Scope, Shutter], Shutter]] = {
    "RECTANGULAR": _rectangle,
    "CIRCULAR": _circle,
    "POLYGONAL": _polygon,
}
