"""Playing a film in the real window: it moves while it plays, and only then."""

from collections.abc import Callable
from pathlib import Path

from end_to_end_steps import Reader
from pydicom.data import get_testdata_file
from PySide6.QtCore import Qt


def test_the_image_moves_while_playing_and_stays_when_paused(
    make_program: Callable[[], Reader],
) -> None:
    reader = make_program()
    reader.open(Path(get_testdata_file("examples_ybr_color.dcm")))
    timer = reader.program.window.cine_timer
    assert not timer.is_running
    seen: set[str] = set()
    reader.press(Qt.Key.Key_Period)
    assert timer.is_running

    def look() -> bool:
        frame = reader.program.window.viewport.frame
        seen.add("" if frame is None else str(frame.ref.frame))
        return len(seen) > 5

    reader.wait(look)
    reader.press(Qt.Key.Key_Period)
    assert not timer.is_running
    assert reader.strip == "Paused."
