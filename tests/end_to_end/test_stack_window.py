"""A stack whose slices carry no window is shown through one, and the reader's own stays while scrolling."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from end_to_end_steps import Reader
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.uid import generate_uid
from PySide6.QtCore import Qt

from viewer.app.pictures import picture
from viewer.dicom.decoder import decode
from viewer.domain.presentation import VoiWindow
from viewer.ui.viewport.corner_text import stack_window_text

SLICES = 5


@pytest.fixture
def stack(tmp_path: Path) -> Path:
    """Slices of growing brightness; none states a window."""
    source = dcmread(str(get_testdata_file("CT_small.dcm", download=False)))
    for keyword in ("WindowCenter", "WindowWidth"):
        if keyword in source:
            del source[keyword]
    for number in range(SLICES):
        source.SOPInstanceUID = source.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        source.InstanceNumber = number
        source.ImagePositionPatient = [0, 0, 5 * number]
        values = np.full((128, 128), 100 * number, np.int16)
        values[0, 0] = 1000 + 500 * number
        source.PixelData = values.tobytes()
        source.save_as(tmp_path / f"{number}.dcm")
    return tmp_path


@pytest.fixture
def reader(stack: Path, make_program: Callable[[], Reader]) -> Reader:
    made = make_program()
    made.open(stack)
    made.wait(lambda: window(made) is not None)
    return made


def window(reader: Reader) -> VoiWindow | None:
    image = reader.program.window.viewport._image
    voi = image.voi(reader.session.presentation)
    assert voi is None or isinstance(voi, VoiWindow)
    return voi


def go(reader: Reader, key: Qt.Key, place: int) -> None:
    reader.press(key)
    assert reader.session.shown is not None
    assert reader.session.shown.position == place
    ref = reader.session.shown.ref
    reader.wait(lambda: reader.program.window.viewport.frame is not None)
    reader.wait(lambda: reader.program.window.viewport.frame.ref == ref)  # type: ignore[union-attr]


def test_scrolling_never_windows_a_stack_anew(reader: Reader) -> None:
    first = window(reader)
    go(reader, Qt.Key.Key_Home, 0)
    assert window(reader) == first
    go(reader, Qt.Key.Key_End, SLICES - 1)
    assert window(reader) == first
    said = stack_window_text(reader.session.presentation, window(reader))
    assert said == "No window in the file: one for the whole series"


def test_the_key_of_the_files_window_takes_the_range_of_the_slice_on_the_screen(
    reader: Reader,
) -> None:
    first = window(reader)
    go(reader, Qt.Key.Key_End, SLICES - 1)
    reader.press(Qt.Key.Key_0)
    last = window(reader)
    assert last != first
    go(reader, Qt.Key.Key_Home, 0)
    assert window(reader) == last


def test_the_readers_window_stays_while_scrolling(reader: Reader) -> None:
    reader.press(Qt.Key.Key_1)
    own = window(reader)
    assert own == reader.session.presentation.voi
    go(reader, Qt.Key.Key_Home, 0)
    assert window(reader) == own
    assert stack_window_text(reader.session.presentation, own) == ""


def test_saved_pictures_of_the_stack_have_one_window_too(reader: Reader) -> None:
    shown = reader.session.shown
    assert shown is not None
    greys = []
    for ref in shown.display_set.frames[2:]:
        view = reader.session.presentation_of(shown.display_set, ref)
        greys.append(np.asarray(picture(decode(ref), view))[64, 64])
    assert greys[0] < greys[1] < greys[2]


def test_the_panel_says_of_a_series_that_grew_what_holds_of_it_now(
    stack: Path, make_program: Callable[[], Reader]
) -> None:
    """Lung nodules are looked for from five slices on; while four were there the panel said so."""
    last = stack / f"{SLICES - 1}.dcm"
    content = last.read_bytes()
    last.unlink()
    reader = make_program()
    reader.open(stack)
    assert "this one has 4" in reader.words()
    last.write_bytes(content)
    reader.open(stack)
    shown = reader.session.shown
    assert shown is not None
    assert len(shown.display_set.frames) == SLICES
    assert "this one has 4" not in reader.words()


def test_the_value_under_a_resting_pointer_is_that_of_the_image_on_the_screen(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each slice has a value of its own there; a value of the one before would be taken for it."""
    window = reader.program.window
    viewport = window.viewport
    place = viewport.mapToGlobal(viewport.rect().center())
    monkeypatch.setattr("viewer.ui.viewport.viewport.QCursor.pos", lambda: place)
    monkeypatch.setattr(viewport, "underMouse", lambda: True)
    said = []
    for key, number in ((Qt.Key.Key_Home, 0), (Qt.Key.Key_End, SLICES - 1)):
        go(reader, key, number)
        said.append(window.statusBar()._probe.text())  # type: ignore[attr-defined]
    assert said[0] != said[1]
    intercept = -1024
    assert [words.split("  ")[1] for words in said] == [
        f"{100 * number + intercept} HU" for number in (0, SLICES - 1)
    ]
