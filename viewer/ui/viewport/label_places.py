"""Places of labels over an image: inside of the view, and clear of each other as far as there is room."""

from collections.abc import Iterator, Sequence

from PySide6.QtCore import QPointF, QRectF

GAP_PX = 2.0
"""Between two labels, view px."""


def placed_labels(wanted: Sequence[QRectF], view: QRectF) -> list[QRectF]:
    """The boxes in their order, each moved as little as it takes; empty ones stay empty.

    A label that finds no free room lies where it was wanted, inside of the view.
    """
    taken: list[QRectF] = []
    for box in wanted:
        taken.append(QRectF() if box.isEmpty() else _free(_inside(box, view), taken, view))
    return taken


def _inside(box: QRectF, view: QRectF) -> QRectF:
    """Moved into the view; one that is larger begins at its left or upper edge."""
    left = max(min(box.left(), view.right() - box.width()), view.left())
    top = max(min(box.top(), view.bottom() - box.height()), view.top())
    return QRectF(QPointF(left, top), box.size())


def _free(box: QRectF, taken: Sequence[QRectF], view: QRectF) -> QRectF:
    around = [one for one in taken if not one.isEmpty()]
    free = [
        place
        for place in _moved(box, around)
        if view.contains(place) and not any(place.intersects(other) for other in around)
    ]
    return min(free, key=lambda place: _distance(place, box), default=box)


def _moved(box: QRectF, around: Sequence[QRectF]) -> Iterator[QRectF]:
    """Where it is, then below, above and beside each label that is there."""
    yield box
    for other in around:
        yield box.translated(0, other.bottom() + GAP_PX - box.top())
        yield box.translated(0, other.top() - GAP_PX - box.bottom())
        yield box.translated(other.right() + GAP_PX - box.left(), 0)
        yield box.translated(other.left() - GAP_PX - box.right(), 0)


def _distance(one: QRectF, other: QRectF) -> float:
    apart = one.topLeft() - other.topLeft()
    return abs(apart.x()) + abs(apart.y())
