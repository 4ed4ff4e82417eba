"""What the window says about its own truth: the fidelity mark and its reasons."""

from collections.abc import Callable
from pathlib import Path

from end_to_end_steps import Reader
from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF

from viewer.ui.viewport.text_layer import MARGIN_PX


def test_hovering_over_the_mark_gives_its_reasons_and_elsewhere_nothing(
    make_program: Callable[[], Reader], two_films: Path, phantom_model: Path
) -> None:
    reader = make_program()
    reader.open(two_films)
    viewport = reader.program.window.viewport
    reader.session.present(zoom=0.5)
    height = QFontMetricsF(viewport.font()).height()
    corner = QPointF(viewport.width() - MARGIN_PX, viewport.height() - MARGIN_PX)
    hint = viewport.hint_at(corner - QPointF(5, height / 2))
    assert "Shown at 50 %" in hint
    assert viewport.hint_at(QPointF(5, 5)) == ""
