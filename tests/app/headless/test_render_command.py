"""`secondread render` writes exactly the display values, or one line that says why not."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread
from pydicom.data import get_testdata_file
from softcopy_states import attributes, write_state

from viewer.app.headless.render_command import LaidOver, run_render
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.presentation import VoiWindow
from viewer.imaging.display import display_values


def sample(name: str) -> Path:
    return Path(str(get_testdata_file(name, download=False)))


def test_the_png_holds_the_display_values_at_native_size(tmp_path) -> None:
    out = tmp_path / "out.png"
    assert run_render(sample("CT_small.dcm"), 1, (40.0, 400.0), out) == 0
    frame = decode(FrameRef("", 0, sample("CT_small.dcm")))
    assert np.array_equal(np.asarray(Image.open(out)), display_values(frame, VoiWindow(40, 400)))


def test_without_a_window_the_files_own_is_used(tmp_path) -> None:
    out = tmp_path / "out.png"
    assert run_render(sample("MR_small.dcm"), 1, None, out) == 0
    frame = decode(FrameRef("", 0, sample("MR_small.dcm")))
    assert np.array_equal(np.asarray(Image.open(out)), display_values(frame, frame.voi[0]))


def test_colour_is_written_as_rgb(tmp_path) -> None:
    out = tmp_path / "out.png"
    assert run_render(sample("examples_palette.dcm"), 1, None, out) == 0
    assert Image.open(out).mode == "RGB"


def refused(capsys, *arguments) -> str:
    assert run_render(*arguments) != 0
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_a_missing_frame_is_one_line_and_no_picture(tmp_path, capsys) -> None:
    out = tmp_path / "out.png"
    line = refused(capsys, sample("CT_small.dcm"), 2, None, out)
    assert "CT_small.dcm cannot be shown: it has 1 frames, not 2" in line
    assert not out.exists()


@pytest.mark.parametrize("width", [0.0, -5.0, float("nan")])
def test_an_impossible_window_is_refused(width, tmp_path, capsys) -> None:
    line = refused(capsys, sample("CT_small.dcm"), 1, (40.0, width), tmp_path / "x.png")
    assert "width of a window must be at least 1" in line


def test_a_folder_that_does_not_exist_is_named(tmp_path, capsys) -> None:
    out = tmp_path / "nowhere" / "x.png"
    assert "cannot be written" in refused(capsys, sample("CT_small.dcm"), 1, None, out)


def test_a_text_file_is_refused_by_name(tmp_path, capsys) -> None:
    text = tmp_path / "letter.txt"
    text.write_text("Dear colleague " * 20)
    line = refused(capsys, text, 1, None, tmp_path / "x.png")
    assert "letter.txt is not a DICOM file." in line


def _shuttered(folder: Path) -> Path:
    dataset = dcmread(sample("CT_small.dcm"))
    dataset.ShutterShape = "RECTANGULAR"
    dataset.ShutterLeftVerticalEdge, dataset.ShutterRightVerticalEdge = 11, 100
    dataset.ShutterUpperHorizontalEdge, dataset.ShutterLowerHorizontalEdge = 21, 120
    dataset.ShutterPresentationValue = 0x8000
    dataset.save_as(folder / "shuttered.dcm")
    return folder / "shuttered.dcm"


def test_the_shutter_hides_pixels_only_when_asked(tmp_path) -> None:
    file, out = _shuttered(tmp_path), tmp_path / "out.png"
    window = (40.0, 400.0)
    assert run_render(file, 1, window, out) == 0
    plain = np.asarray(Image.open(out))
    assert run_render(file, 1, window, out, LaidOver(shutter=True)) == 0
    made = np.asarray(Image.open(out))
    np.testing.assert_array_equal(made[20:120, 10:100], plain[20:120, 10:100])
    assert np.all(made[:20] == 128)
    assert not np.all(plain[:20] == 128)


def test_a_state_is_applied_to_the_image_it_names_and_to_no_other(tmp_path, capsys) -> None:
    turned = attributes(ImageRotation=90, ImageHorizontalFlip="N")
    state, out = write_state(sample("CT_small.dcm"), tmp_path, turned), tmp_path / "out.png"
    assert run_render(sample("CT_small.dcm"), 1, (40.0, 400.0), out, state=state) == 0
    frame = decode(FrameRef("", 0, sample("CT_small.dcm")))
    expected = np.rot90(display_values(frame, VoiWindow(40, 400)), -1)
    np.testing.assert_array_equal(np.asarray(Image.open(out)), expected)
    line = refused(capsys, sample("MR_small.dcm"), 1, None, tmp_path / "x.png", LaidOver(), state)
    assert "is not a presentation state for this image of this patient" in line
    assert not (tmp_path / "x.png").exists()
