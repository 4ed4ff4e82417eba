"""A film by its grey values: counting each value once gives, bit by bit, what all pixels give."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from phantom_films import film

from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Rescale
from viewer.imaging.display import shows_low_as_white
from viewer.imaging.modality_lut import modality_values
from viewer.inference import grey_levels as grey_levels_module
from viewer.inference import preprocessing
from viewer.inference.film import finite, prepare_values, without_padding
from viewer.inference.grey_levels import GreyLevels, grey_levels, percentiles
from viewer.inference.preprocessing import Prepared, preprocess

OPERATIONS = (
    {"op": "invert_monochrome1"},
    {"op": "clip_percentiles", "low": 1.0, "high": 99.0},
    {"op": "scale_to_unit"},
    {"op": "square_pixels"},
    {"op": "resize", "rows": 64, "columns": 48, "aspect": "pad"},
    {"op": "standardise", "mean": 0.5, "std": 0.25},
)
WINDOWED = (
    {"op": "window", "low": -200, "high": 300},
    {"op": "standardise", "mean": 0.3, "std": 2.0},
)


def stored(kind: str) -> np.ndarray:
    random = np.random.default_rng(5)
    values = random.normal(0, 700, (391, 161)) + np.arange(161)
    limits = np.iinfo(kind)
    return (values + (0 if limits.min else 900)).clip(limits.min, limits.max).astype(kind)


def by_pixel(frame: Frame, operations, pixel_mm=None) -> Prepared:
    values = finite(without_padding(frame, modality_values(frame)))
    dark = shows_low_as_white(frame)
    return preprocess(values, monochrome1=dark, operations=operations, pixel_mm=pixel_mm)


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16", ">u2", ">i2"])
@pytest.mark.parametrize("photometric", [Photometric.MONOCHROME1, Photometric.MONOCHROME2])
def test_the_tensor_is_the_same_to_the_last_bit(kind: str, photometric: Photometric) -> None:
    plain = replace(film(), stored=stored(kind), photometric=photometric)
    for frame in (
        plain,
        replace(plain, modality=Rescale(slope=0.37, intercept=-1024.0)),
        replace(plain, modality=Rescale(slope=-1.0, intercept=4095.0), padding=(0.0, 40.0)),
    ):
        for operations in (OPERATIONS, WINDOWED, ()):
            found = prepare_values(frame, operations, (0.2, 0.3))
            expected = by_pixel(frame, operations, (0.2, 0.3))
            np.testing.assert_array_equal(found.tensor, expected.tensor)
            assert found.image_from_tensor_px == expected.image_from_tensor_px


@pytest.mark.parametrize("aspect", ["stretch", "pad"])
@pytest.mark.parametrize("kind", ["uint8", "uint16", ">i2"])
def test_a_large_film_that_is_never_painted_whole_gives_the_same_tensor_but_for_rounding(
    kind: str, aspect: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preprocessing, "LARGE_PX", 1)
    frame = replace(film(), stored=stored(kind), photometric=Photometric.MONOCHROME1)
    shrink = {"op": "resize", "rows": 64, "columns": 48, "aspect": aspect}
    operations = (*OPERATIONS[:3], shrink, OPERATIONS[-1])
    found, expected = prepare_values(frame, operations), by_pixel(frame, operations)
    np.testing.assert_allclose(found.tensor, expected.tensor, atol=1e-5)
    assert found.image_from_tensor_px == expected.image_from_tensor_px


def test_of_a_large_film_no_picture_as_large_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = replace(film(), stored=np.zeros((1500, 1500), np.uint16))
    painted: list[object] = []
    monkeypatch.setattr(GreyLevels, "painted", lambda *_given: painted.append(1))
    prepare_values(frame, ({"op": "resize", "rows": 64, "columns": 64, "aspect": "stretch"},))
    assert frame.stored.size >= preprocessing.LARGE_PX and not painted


@pytest.mark.parametrize("count", [1, 2, 3, 10, 101, 4096])
def test_percentiles_are_those_of_numpy(count: int) -> None:
    random = np.random.default_rng(count)
    pixels = random.integers(0, 50, count).astype(np.uint16)
    values, counts = np.unique(pixels, return_counts=True)
    scaled = values.astype(np.float32) * np.float32(-0.37)
    every = pixels.astype(np.float32) * np.float32(-0.37)
    limits = np.array([0.0, 1.0, 12.3, 50.0, 99.0, 99.5, 100.0])
    found = percentiles(scaled, counts, limits)
    np.testing.assert_array_equal(found, np.percentile(every, limits.tolist()))


def test_values_that_cannot_be_counted_are_left_to_the_pixels() -> None:
    assert grey_levels(np.zeros((4, 4), np.float32)) is None
    assert grey_levels(np.zeros((4, 4), np.int32)) is None
    assert grey_levels(np.zeros((4, 4, 3), np.uint8)) is None


@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16", ">u2", ">i2"])
def test_counts_are_those_of_numpy_however_many_are_taken_at_a_time(
    kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    values, counts = np.unique(stored(kind), return_counts=True)
    for at_a_time in (1, 5000, 1 << 24):
        monkeypatch.setattr(grey_levels_module, "COUNTED_PX", at_a_time)
        levels = grey_levels(stored(kind))
        assert levels is not None
        order = np.argsort(levels.present)
        np.testing.assert_array_equal(levels.present[order], values)
        np.testing.assert_array_equal(levels.counts[order], counts)


CURVES = {
    "rescaled": lambda level: 0.37 * level - 1024.0,
    "inverted": lambda level: -0.001 * level + 3.0,
    "windowed": lambda level: np.clip(level, -60.5, 40.25) / 100.0,
    "bent": lambda level: np.sqrt(np.abs(level)),
    "two values": lambda level: (level > 10.0) * 2.0,
    "even": lambda level: 0.0 * level,
}


@pytest.mark.parametrize("curve", CURVES.values(), ids=CURVES)
@pytest.mark.parametrize("kind", ["uint8", "uint16", "int16", ">i2"])
def test_rows_painted_a_few_at_a_time_are_those_of_the_whole_picture(
    kind: str, curve: Callable[[np.ndarray], np.ndarray]
) -> None:
    levels = grey_levels(stored(kind))
    assert levels is not None
    values = curve(levels.present.astype(np.float64)).astype(np.float32)
    (rows, finish), whole = levels.painter(values), levels.painted(values)
    tolerance = 2e-6 * (float(np.ptp(values)) + 1e-6)
    for first, last in ((0, 5), (3, 200), (200, 391)):
        painted = finish(rows(first, last))
        np.testing.assert_allclose(painted, whole[first:last], rtol=0, atol=tolerance)


def test_a_narrow_range_of_high_values_keeps_its_precision() -> None:
    picture = np.random.default_rng(7).integers(65_000, 65_500, (60, 70)).astype(np.uint16)
    levels = grey_levels(picture)
    assert levels is not None
    values = ((levels.present.astype(np.float64) - 65_000) / 500).astype(np.float32)
    rows, finish = levels.painter(values)
    np.testing.assert_allclose(finish(rows(0, 60)), (picture - 65_000.0) / 500, atol=1e-6)
