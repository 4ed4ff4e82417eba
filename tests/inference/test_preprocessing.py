"""Operations of a manifest, and that what the tensor shows can be found again on the film."""

import numpy as np
import pytest

from viewer.base.errors import InferenceError, ModelError
from viewer.inference.preprocessing import KNOWN_OPERATIONS, Prepared, preprocess

UNIT = [{"op": "invert_monochrome1"}, {"op": "scale_to_unit"}]


def run(values: object, *operations: dict[str, object], monochrome1: bool = False) -> Prepared:
    array = np.asarray(values, dtype=np.float32)
    return preprocess(array, monochrome1=monochrome1, operations=operations)


def spot(shape: tuple[int, int], column: int, row: int) -> np.ndarray:
    """A film that is dark but for a bright square, 9 px wide, around one pixel."""
    film = np.full(shape, 100, dtype=np.float32)
    film[row - 4 : row + 5, column - 4 : column + 5] = 4000
    return film


def centre_of_bright(tensor: np.ndarray) -> np.ndarray:
    """(1, 2) float64: column and row of the centre of mass above the darkest value."""
    weights = tensor - tensor.min()
    rows, columns = np.indices(tensor.shape)
    return np.array([[(columns * weights).sum(), (rows * weights).sum()]]) / weights.sum()


@pytest.mark.parametrize("aspect", ["stretch", "pad"])
@pytest.mark.parametrize("shape", [(400, 400), (400, 250), (250, 400), (1955, 1841), (90, 130)])
@pytest.mark.parametrize("tensor", [(256, 256), (64, 160)])
def test_a_spot_in_the_tensor_lies_within_a_pixel_of_the_spot_on_the_film(
    aspect: str, shape: tuple[int, int], tensor: tuple[int, int]
) -> None:
    column, row = shape[1] // 5, 2 * shape[0] // 3
    resize = {"op": "resize", "rows": tensor[0], "columns": tensor[1], "aspect": aspect}
    prepared = run(spot(shape, column, row), *UNIT, resize)
    assert prepared.tensor.shape == tensor
    found = prepared.image_from_tensor_px.apply(centre_of_bright(prepared.tensor))
    assert np.abs(found - [[column, row]]).max() < 1.0


@pytest.mark.parametrize("aspect", ["stretch", "pad"])
def test_the_corners_of_the_film_map_to_pixel_edges_not_to_pixel_centres(aspect: str) -> None:
    resize = {"op": "resize", "rows": 50, "columns": 50, "aspect": aspect}
    back = run(np.zeros((100, 100)), resize).image_from_tensor_px
    corners = back.apply(np.array([[-0.5, -0.5], [49.5, 49.5]]))
    assert corners == pytest.approx(np.array([[-0.5, -0.5], [99.5, 99.5]]))


def test_padding_keeps_circles_round_and_stretching_fills_the_tensor() -> None:
    film = np.zeros((100, 50))
    size = {"op": "resize", "rows": 40, "columns": 40}
    padded = run(film, {**size, "aspect": "pad"}).image_from_tensor_px
    stretched = run(film, {**size, "aspect": "stretch"}).image_from_tensor_px
    assert (padded.a, padded.d) == pytest.approx((2.5, 2.5))
    assert (stretched.a, stretched.d) == pytest.approx((1.25, 2.5))


def test_a_film_stored_as_monochrome1_gives_the_tensor_of_its_monochrome2_twin() -> None:
    film = np.random.default_rng(5).uniform(0, 4095, (30, 40)).astype(np.float32)
    twin = film.max() + film.min() - film
    one, two = run(twin, *UNIT, monochrome1=True), run(film, *UNIT)
    assert one.tensor == pytest.approx(two.tensor, abs=1e-5)


def test_percentiles_cut_a_marker_that_would_flatten_the_film() -> None:
    film = np.tile(np.linspace(0, 1000, 200, dtype=np.float32), (100, 1))
    film[0, 0] = 65535
    cut = run(film, {"op": "clip_percentiles", "low": 1.0, "high": 99.0}, {"op": "scale_to_unit"})
    assert np.median(cut.tensor) == pytest.approx(0.5, abs=0.01)


def test_an_even_frame_becomes_zero_instead_of_dividing_by_nothing() -> None:
    assert (run(np.full((8, 8), 300), {"op": "scale_to_unit"}).tensor == 0).all()


def test_standardising_subtracts_the_mean_and_divides_by_the_spread() -> None:
    prepared = run([[0.0, 1.0]], {"op": "standardise", "mean": 0.5, "std": 0.25})
    assert prepared.tensor.tolist() == [[-2.0, 2.0]]


def test_shrinking_averages_instead_of_skipping_pixels() -> None:
    stripes = np.tile(np.array([0.0, 1.0]), (64, 32))
    resize = {"op": "resize", "rows": 16, "columns": 16, "aspect": "stretch"}
    assert run(stripes, resize).tensor[4:-4, 4:-4] == pytest.approx(0.5, abs=0.05)


def test_the_tensor_is_float32_and_contiguous_for_the_runtime() -> None:
    tensor = run(np.eye(9), {"op": "scale_to_unit"}).tensor
    assert tensor.dtype == np.float32
    assert tensor.flags.c_contiguous


def test_the_film_itself_is_not_changed() -> None:
    film = spot((50, 60), 20, 30)
    before = film.copy()
    run(film, *UNIT, {"op": "clip_percentiles", "low": 1, "high": 99}, monochrome1=True)
    assert (film == before).all()


def test_an_unknown_operation_is_refused_and_the_known_ones_are_named() -> None:
    with pytest.raises(ModelError, match="sharpen") as refused:
        run(np.eye(4), {"op": "sharpen"})
    assert all(name in str(refused.value) for name in KNOWN_OPERATIONS)


def test_an_unknown_aspect_is_refused() -> None:
    with pytest.raises(ModelError, match="crop"):
        run(np.eye(4), {"op": "resize", "rows": 2, "columns": 2, "aspect": "crop"})


def test_an_operation_without_its_number_is_refused_by_name() -> None:
    with pytest.raises(ModelError, match="std"):
        run(np.eye(4), {"op": "standardise", "mean": 0.5})


@pytest.mark.parametrize("shape", [(3, 4, 5), (0, 4)])
def test_anything_but_one_grey_frame_is_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError, match="frame"):
        run(np.zeros(shape), {"op": "scale_to_unit"})


def test_a_window_in_hu_is_fixed_whatever_else_is_in_the_image() -> None:
    window = {"op": "window", "low": -1000, "high": 400}
    tensor = run([[-2000, -1000, -300, 400, 3000]], window).tensor
    np.testing.assert_allclose(tensor, [[0, 0, 0.5, 1, 1]])


def in_mm(values: np.ndarray, pixel_mm: tuple[float, float] | None, *operations: dict) -> Prepared:
    return preprocess(values, monochrome1=False, operations=operations, pixel_mm=pixel_mm)


@pytest.mark.parametrize("pixel_mm", [(1.0, 1.0), (0.5, 1.0), (2.0, 0.7), (0.9, 3.1)])
@pytest.mark.parametrize(
    "operation",
    [
        {"op": "square_pixels"},
        {"op": "resample", "spacing_mm": 0.8},
        {"op": "centre_on_foreground", "rows": 300, "columns": 310},
    ],
)
def test_a_spot_is_found_again_after_changing_the_spacing(
    pixel_mm: tuple[float, float], operation: dict
) -> None:
    column, row = 61, 97
    film = spot((180, 150), column, row)
    prepared = in_mm(film, pixel_mm, operation)
    found = prepared.image_from_tensor_px.apply(centre_of_bright(prepared.tensor))
    np.testing.assert_allclose(found, [[column, row]], atol=1.0)


def test_pixels_become_square_by_stretching_the_coarser_direction() -> None:
    assert in_mm(np.eye(40), (2.0, 1.0), {"op": "square_pixels"}).tensor.shape == (80, 40)
    assert in_mm(np.eye(40), (1.0, 1.0), {"op": "square_pixels"}).tensor.shape == (40, 40)
    assert in_mm(np.eye(40), None, {"op": "square_pixels"}).tensor.shape == (40, 40)


def test_resampling_needs_a_spacing_that_the_file_states() -> None:
    resample = {"op": "resample", "spacing_mm": 2.0}
    assert in_mm(np.eye(40), (1.0, 0.5), resample).tensor.shape == (20, 10)
    with pytest.raises(InferenceError, match="does not state its pixel spacing"):
        in_mm(np.eye(40), None, resample)


@pytest.mark.parametrize(("rows", "columns"), [(20, 24), (61, 80), (9, 9)])
def test_the_foreground_is_put_in_the_middle_by_whole_pixels(rows: int, columns: int) -> None:
    film = np.zeros((60, 50), np.float32)
    film[10:17, 30:41] = np.arange(77).reshape(7, 11) + 1
    prepared = run(film, {"op": "centre_on_foreground", "rows": rows, "columns": columns})
    assert prepared.tensor.shape == (rows, columns)
    place = prepared.image_from_tensor_px.apply(np.array([[(columns - 1) / 2, (rows - 1) / 2]]))
    np.testing.assert_allclose(place, [[35, 13]], atol=0.5)
    lit = np.argwhere(prepared.tensor)[:, ::-1].astype(np.float64)
    source = np.rint(prepared.image_from_tensor_px.apply(lit)).astype(int)
    np.testing.assert_array_equal(
        film[source[:, 1], source[:, 0]], prepared.tensor[prepared.tensor > 0]
    )


def test_a_blank_slice_is_cut_from_its_middle() -> None:
    centred = {"op": "centre_on_foreground", "rows": 4, "columns": 4}
    assert run(np.zeros((10, 10)), centred).tensor.shape == (4, 4)
