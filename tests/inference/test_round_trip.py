"""An asymmetric phantom through preprocessing and back: every spot lands within one pixel of itself.

In every position a film can be stored in, cropped or whole, of either polarity, with oblong pixels; by
the affine, and as a heat map drawn back over the image.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from phantom_films import REF, film

from viewer.domain.geometry import PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Heatmap, Photometric
from viewer.imaging.heatmap import resample
from viewer.inference.film import prepare_film
from viewer.inference.manifest_parts import InputSpec

SIDE = 160
SPOTS = ((40, 60), (190, 90), (120, 230))
"""(column, row): none of them comes to lie on another by a flip or turn of the film."""

GREY = 3800.0

TURNS = {
    f"turned {90 * turn}{', mirrored' if mirrored else ''}": (turn, mirrored)
    for turn, mirrored in product(range(4), (False, True))
}


def phantom(column: int, row: int) -> np.ndarray:
    """300 rows, 240 columns; one spot of 9 px."""
    stored = np.full((300, 240), 100.0)
    stored[row - 4 : row + 5, column - 4 : column + 5] = GREY
    return stored


def positioned(stored: np.ndarray, turn: int, mirrored: bool) -> np.ndarray:
    turned = np.rot90(stored, turn)
    return np.ascontiguousarray(turned[:, ::-1] if mirrored else turned)


def where(stored: np.ndarray) -> np.ndarray:
    """(1, 2): centre (column, row) of the spot; the truth, found without any affine."""
    rows, columns = np.nonzero(stored == GREY)
    return np.array([[columns.mean(), rows.mean()]])


def frame_of(stored: np.ndarray, photometric: Photometric) -> Frame:
    low_is_white = photometric is Photometric.MONOCHROME1
    values = 4095 - stored if low_is_white else stored
    frame = replace(film(), stored=values.astype(np.uint16), bits_stored=12)
    return replace(frame, photometric=photometric)


def spec(aspect: str, rows: int = SIDE, columns: int = SIDE) -> InputSpec:
    operations = (
        {"op": "invert_monochrome1"},
        {"op": "clip_percentiles", "low": 0.0, "high": 100.0},
        {"op": "scale_to_unit"},
        {"op": "resize", "rows": rows, "columns": columns, "aspect": aspect},
    )
    return InputSpec("image", "NCHW", "float32", (1, 1, rows, columns), operations)


def centre(values: np.ndarray) -> np.ndarray:
    rows, columns = np.indices(values.shape)
    return np.array([[(columns * values).sum(), (rows * values).sum()]]) / values.sum()


@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("photometric", [Photometric.MONOCHROME1, Photometric.MONOCHROME2])
@pytest.mark.parametrize("aspect", ["stretch", "pad"])
@pytest.mark.parametrize("position", TURNS)
def test_each_spot_comes_back_to_itself_in_every_position(
    photometric: Photometric, aspect: str, position: str, spot: tuple[int, int]
) -> None:
    stored = positioned(phantom(*spot), *TURNS[position])
    prepared = prepare_film(frame_of(stored, photometric), spec(aspect))
    found = prepared.image_from_tensor_px.apply(centre(prepared.tensor))
    assert np.abs(found - where(stored)).max() < 1.0


@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("crop", [(slice(20, 280), slice(10, 230)), (slice(7, 251), slice(0, 213))])
@pytest.mark.parametrize("position", TURNS)
def test_each_spot_comes_back_to_itself_on_a_cropped_film(
    crop: tuple[slice, slice], position: str, spot: tuple[int, int]
) -> None:
    stored = positioned(phantom(*spot)[crop], *TURNS[position])
    prepared = prepare_film(frame_of(stored, Photometric.MONOCHROME2), spec("stretch"))
    found = prepared.image_from_tensor_px.apply(centre(prepared.tensor))
    assert np.abs(found - where(stored)).max() < 1.0


@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("aspect", ["stretch", "pad"])
@pytest.mark.parametrize("spacing_mm", [(0.14, 0.14), (0.2, 0.1), (0.1, 0.3)])
def test_oblong_pixels_move_nothing(
    aspect: str, spacing_mm: tuple[float, float], spot: tuple[int, int]
) -> None:
    stored = phantom(*spot)
    plain = frame_of(stored, Photometric.MONOCHROME2)
    oblong = replace(plain, spacing=PixelSpacing(*spacing_mm, SpacingEvidence.PIXEL_SPACING))
    prepared = prepare_film(oblong, spec(aspect, rows=128, columns=192))
    found = prepared.image_from_tensor_px.apply(centre(prepared.tensor))
    assert np.abs(found - where(stored)).max() < 1.0


@pytest.mark.parametrize("spot", SPOTS)
@pytest.mark.parametrize("aspect", ["stretch", "pad"])
@pytest.mark.parametrize("position", TURNS)
def test_a_map_of_the_tensor_is_drawn_where_the_spot_lies(
    aspect: str, position: str, spot: tuple[int, int]
) -> None:
    stored = positioned(phantom(*spot), *TURNS[position])
    prepared = prepare_film(frame_of(stored, Photometric.MONOCHROME2), spec(aspect))
    shape, back = stored.shape, prepared.image_from_tensor_px
    heatmap = Heatmap(REF, "model", "spot", "map", prepared.tensor, back)
    assert np.abs(centre(resample(heatmap, *shape)) - where(stored)).max() < 1.0
