"""Labels stay in the view and off each other, and move no further than they must."""

import pytest
from PySide6.QtCore import QRectF

from viewer.ui.viewport.label_places import placed_labels

VIEW = QRectF(0, 0, 200, 100)


def test_a_label_that_is_free_stays_where_it_is() -> None:
    box = QRectF(20, 20, 50, 20)
    assert placed_labels([box], VIEW) == [box]


@pytest.mark.parametrize(
    ("wanted", "left", "top"),
    [
        (QRectF(180, 20, 50, 20), 150, 20),
        (QRectF(-30, 20, 50, 20), 0, 20),
        (QRectF(20, 95, 50, 20), 20, 80),
        (QRectF(20, -9, 50, 20), 20, 0),
        (QRectF(20, 20, 300, 20), 0, 20),
    ],
)
def test_a_label_is_moved_into_the_view(wanted: QRectF, left: float, top: float) -> None:
    (place,) = placed_labels([wanted], VIEW)
    assert (place.left(), place.top(), place.size()) == (left, top, wanted.size())


def test_labels_at_one_place_lie_beside_each_other() -> None:
    places = placed_labels([QRectF(20, 20, 50, 20)] * 4, VIEW)
    for number, one in enumerate(places):
        assert VIEW.contains(one)
        assert not any(one.intersects(other) for other in places[:number])
    assert places[0].topLeft() == QRectF(20, 20, 50, 20).topLeft(), "the first has its place"


def test_where_there_is_no_room_a_label_lies_over_another_rather_than_outside() -> None:
    whole = QRectF(0, 0, 200, 100)
    assert placed_labels([whole, whole], VIEW) == [whole, whole]


def test_a_drawing_without_words_takes_no_room() -> None:
    box = QRectF(20, 20, 50, 20)
    assert placed_labels([QRectF(), box, QRectF()], VIEW) == [QRectF(), box, QRectF()]
