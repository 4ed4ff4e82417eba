"""Saving pictures: as in the viewport, no patient text unless asked, nothing of the AI, nothing overwritten."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from dicom_films import write_film
from PIL import Image, ImageSequence
from pydicom.data import get_testdata_file

from viewer.app.commands import study as file_menu
from viewer.app.film import mp4
from viewer.app.open_study import open_paths
from viewer.app.pictures import PictureChoice, PictureFormat, picture
from viewer.app.save_images import write_pictures
from viewer.app.session import Shown
from viewer.app.workbench import Workbench
from viewer.base.errors import Cancelled, ExportError
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.imaging.display import display_values
from viewer.imaging.heatmap import colour_table
from viewer.imaging.laid_over import OVERLAY_RGB
from viewer.imaging.view_transform import view_transform

WINDOW = VoiWindow(2000, 3000)


def ignore(_fraction: float) -> None:
    pass


def always(view: Presentation) -> Callable[[FrameRef], Presentation]:
    """The same view of each frame."""
    return lambda _ref: view


@pytest.fixture
def shown(bench: Workbench, two_patients: Path) -> Shown:
    open_paths(bench, [two_patients / "jane.dcm"])
    assert bench.session.shown is not None
    return bench.session.shown


@pytest.fixture
def moving(bench: Workbench) -> Shown:
    open_paths(bench, [Path(get_testdata_file("examples_ybr_color.dcm"))])
    assert bench.session.shown is not None
    return bench.session.shown


def test_a_png_holds_the_values_of_the_viewport_exactly(shown: Shown, tmp_path: Path) -> None:
    view = Presentation(voi=WINDOW, inverted=True)
    path = write_pictures(
        shown, always(view), PictureChoice(tmp_path / "out", PictureFormat.PNG), ignore
    )
    expected = display_values(decode(shown.ref), WINDOW, inverted=True)
    np.testing.assert_array_equal(np.asarray(Image.open(path)), expected)


@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("turns", range(4))
def test_turns_and_flips_are_those_of_the_viewport(shown: Shown, turns: int, flipped: bool) -> None:
    view = Presentation(voi=WINDOW, quarter_turns=turns, flip_horizontal=flipped, zoom=1.0)
    frame = decode(shown.ref)
    made = np.asarray(picture(frame, view))
    points = np.array([[0, 0], [17, 5], [frame.columns - 1, 3], [40, frame.rows - 1]])
    to_view = view_transform(frame, view, made.shape[1], made.shape[0]).view_from_image
    on_picture = np.rint(to_view.apply(points.astype(float)) - 0.5).astype(int)
    values = display_values(frame, WINDOW)
    for (column, row), (x, y) in zip(points, on_picture, strict=True):
        assert made[y, x] == values[row, column]


def test_pixels_that_are_not_square_are_stretched_as_on_the_screen(shown: Shown) -> None:
    frame = decode(shown.ref)
    spaced = replace(
        frame, spacing=replace(frame.spacing, between_rows=2 * frame.spacing.between_columns)
    )
    assert picture(spaced, Presentation()).size == (frame.columns, 2 * frame.rows)
    turned = Presentation(quarter_turns=1)
    assert picture(spaced, turned).size == (2 * frame.rows, frame.columns)


def test_no_word_about_the_patient_is_in_picture_or_name_unless_asked(
    shown: Shown, tmp_path: Path
) -> None:
    choice = PictureChoice(tmp_path, PictureFormat.PNG)
    plain = write_pictures(shown, always(Presentation()), choice, ignore)
    made = Image.open(plain)
    assert made.size == (260, 300)
    assert not made.info
    assert "DOE" not in plain.name
    assert "ID-1" not in plain.name


def test_patient_text_stands_above_the_image_and_hides_no_pixel(
    shown: Shown, tmp_path: Path
) -> None:
    choice = PictureChoice(tmp_path, PictureFormat.PNG, patient_text=True)
    made = np.asarray(Image.open(write_pictures(shown, always(Presentation()), choice, ignore)))
    values = display_values(decode(shown.ref), None)
    band, left = made.shape[0] - 300, (made.shape[1] - 260) // 2
    np.testing.assert_array_equal(made[band:, left : left + 260], values)
    assert made[:band].max() == 255


def test_a_series_becomes_a_folder_of_all_its_images(moving: Shown, tmp_path: Path) -> None:
    choice = PictureChoice(tmp_path, PictureFormat.JPEG, series=True)
    folder = write_pictures(moving, always(Presentation()), choice, ignore)
    assert len(list(folder.glob("*.jpg"))) == len(moving.display_set.frames) == 30
    assert [path for path in tmp_path.iterdir() if path != folder] == []


def test_a_series_becomes_one_moving_picture(moving: Shown, tmp_path: Path) -> None:
    choice = PictureChoice(tmp_path, PictureFormat.GIF, series=True)
    path = write_pictures(moving, always(Presentation()), choice, ignore)
    made = Image.open(path)
    durations = [step.info["duration"] for step in ImageSequence.Iterator(made)]
    assert sum(durations) == 30 * 30, "frames that are alike are one, shown for longer"
    assert made.info["loop"] == 0


def test_nothing_is_overwritten(shown: Shown, tmp_path: Path) -> None:
    choice = PictureChoice(tmp_path, PictureFormat.PNG)
    first = write_pictures(shown, always(Presentation()), choice, ignore)
    before = first.read_bytes()
    second = write_pictures(shown, always(Presentation(inverted=True)), choice, ignore)
    assert second != first
    assert first.read_bytes() == before


def test_a_cancelled_series_leaves_nothing_behind(moving: Shown, tmp_path: Path) -> None:
    def give_up(fraction: float) -> None:
        if fraction > 0.5:
            raise Cancelled

    choice = PictureChoice(tmp_path, PictureFormat.PNG, series=True)
    with pytest.raises(Cancelled):
        write_pictures(moving, always(Presentation()), choice, give_up)
    assert list(tmp_path.iterdir()) == []


def test_an_image_that_cannot_be_shown_is_named_not_left_out(moving: Shown, tmp_path: Path) -> None:
    frames = moving.display_set.frames
    broken = replace(frames[3], path=tmp_path / "gone.dcm")
    display_set = replace(moving.display_set, frames=(*frames[:3], broken, *frames[4:]))
    choice = PictureChoice(tmp_path / "out", PictureFormat.PNG, series=True)
    with pytest.raises(ExportError, match=r"image 4 .*gone\.dcm"):
        write_pictures(
            replace(moving, display_set=display_set), always(Presentation()), choice, ignore
        )
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(shown: Shown, tmp_path: Path) -> None:
    taken = write_film(tmp_path / "file", np.zeros((4, 4), np.uint16))
    with pytest.raises(ExportError, match="Choose another"):
        write_pictures(
            shown, always(Presentation()), PictureChoice(taken, PictureFormat.PNG), ignore
        )


def test_with_the_ai_overlay_on_the_picture_is_the_same(
    bench: Workbench, shown: Shown, tmp_path: Path
) -> None:
    for visible in (False, True):
        bench.session.set_overlay(visible=visible, below=visible)
        bench.dialogs.pictures = PictureChoice(tmp_path, PictureFormat.PNG)  # type: ignore[attr-defined]
        file_menu.save_images(bench)
    without, with_overlay = sorted(
        tmp_path.glob("*.png"), key=lambda path: path.stat().st_mtime_ns
    )[-2:]
    assert without.read_bytes() == with_overlay.read_bytes()
    assert bench.session.saving is None
    assert bench.settings.values.pictures.folder == str(tmp_path)


def test_colours_are_saved_as_shown(shown: Shown) -> None:
    frame = decode(shown.ref)
    made = np.asarray(picture(frame, Presentation(voi=WINDOW, colour_map="hot_iron")))
    np.testing.assert_array_equal(made, colour_table("hot_iron")[display_values(frame, WINDOW)])


def played(path: Path) -> tuple[list[np.ndarray], float]:
    """All pictures of a film, RGB, and its frames per second."""
    film = cv2.VideoCapture(str(path))
    pictures = []
    while (step := film.read())[0]:
        pictures.append(step[1][..., ::-1])
    return pictures, film.get(cv2.CAP_PROP_FPS)


LOSS = 3.0
"""Mean difference of grey levels that the compression of a film may make."""


@pytest.mark.parametrize("patient_text", [False, True])
def test_a_series_becomes_a_film_of_all_its_images_at_the_rate_of_the_file(
    moving: Shown, tmp_path: Path, patient_text: bool
) -> None:
    choice = PictureChoice(tmp_path, PictureFormat.MP4, series=True, patient_text=patient_text)
    path = write_pictures(moving, always(Presentation()), choice, ignore)
    pictures, rate = played(path)
    assert moving.display_set.frame_rate is not None
    assert rate == pytest.approx(moving.display_set.frame_rate, rel=0.01)
    assert len(pictures) == 30
    still = PictureChoice(
        tmp_path / "still", PictureFormat.PNG, series=True, patient_text=patient_text
    )
    folder = write_pictures(moving, always(Presentation()), still, ignore)
    for made, png in zip(pictures, sorted(folder.glob("*.png")), strict=True):
        shown = np.asarray(Image.open(png).convert("RGB")).astype(int)
        assert np.abs(made[: shown.shape[0], : shown.shape[1]] - shown).mean() < LOSS
    assert {path.name for path in tmp_path.iterdir()} == {path.name, "still"}


def test_a_film_of_odd_size_keeps_its_last_column_and_row(tmp_path: Path) -> None:
    stripes = np.zeros((61, 75), np.uint8)
    stripes[:, 64:] = stripes[48:] = 240
    (tmp_path / "film.mp4").write_bytes(mp4(iter([Image.fromarray(stripes)] * 3), 5.0))
    pictures, rate = played(tmp_path / "film.mp4")
    assert (len(pictures), pictures[0].shape[:2], rate) == (3, (62, 76), 5.0)
    assert pictures[0][:61, 74].mean() > 200
    assert pictures[0][60, :75].mean() > 200


def test_images_of_two_sizes_are_no_film() -> None:
    sizes = (Image.new("L", (64, 64)), Image.new("L", (64, 32)))
    with pytest.raises(ExportError, match="differ in size"):
        mp4(iter(sizes), 5.0)


def test_shutter_and_overlays_are_in_the_picture_as_long_as_they_are_on_the_screen(
    shown: Shown,
) -> None:
    dot = OverlayPlane(1, 1, 5, 7, b"\1")
    frame = replace(
        decode(shown.ref), shutter=Shutter(rectangle_px=(20, 20, 200, 200)), overlays=(dot,)
    )
    turned = Presentation(voi=WINDOW, flip_horizontal=True)
    made = np.asarray(picture(frame, turned))
    assert tuple(made[5, frame.columns - 1 - 7]) == OVERLAY_RGB
    assert made[0].max() == 0
    lifted = picture(frame, replace(turned, shutter=False, file_overlays=False))
    plain = display_values(frame, WINDOW)[:, ::-1]
    np.testing.assert_array_equal(np.asarray(lifted), plain)
