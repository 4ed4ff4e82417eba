"""Covering the place that matters changes the score; agreement with the map is a rank correlation."""

from pathlib import Path

import numpy as np
import pytest
from bare_classifiers import build_imported
from classifier_packages import build_classifier
from phantom_films import REF, film

from viewer.base.errors import Cancelled
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.occlusion import GRID, agreement, covers, occlusion
from viewer.inference.session import Device, SessionPool


def ignore(_value: object) -> None:
    """Nobody listens."""


def heatmap(values: np.ndarray) -> Heatmap:
    return Heatmap(REF, "model", "map", "CAM", values.astype(np.float32), Affine2D())


@pytest.fixture
def classifier(tmp_path: Path) -> ModelPackage:
    return load_package(build_classifier(tmp_path / "grey_reader"))


def test_covering_what_is_bright_lowers_the_score_for_brightness(classifier: ModelPackage) -> None:
    bright = film()
    found = occlusion(classifier, bright, "brightness", SessionPool(), Device.CPU, ignore, ignore)
    assert found is not None and 0 < found.score < 1
    rows = np.linspace(0, bright.rows, GRID + 1).round().astype(int)
    columns = np.linspace(0, bright.columns, GRID + 1).round().astype(int)
    grey = np.array(
        [
            [
                bright.stored[rows[r] : rows[r + 1], columns[c] : columns[c + 1]].mean()
                for c in range(GRID)
            ]
            for r in range(GRID)
        ]
    )
    above = grey > bright.stored.mean()
    assert found.change[above].min() > 0 > found.change[~above].max()
    assert agreement(found.change, heatmap(np.kron(grey, np.ones((4, 4))))) > 0.95
    assert agreement(found.change, heatmap(np.kron(-grey, np.ones((4, 4))))) < -0.95


def test_a_place_without_which_nothing_is_stated_is_not_a_number(package: ModelPackage) -> None:
    """The phantom's heart covers few places: where it is covered too much, the ratio is refused."""
    key = "enlarged_cardiac_silhouette"
    found = occlusion(package, film(), key, SessionPool(), Device.CPU, ignore, ignore)
    assert found is not None
    assert found.change.shape == (GRID, GRID)
    assert found.change[0, 0] == pytest.approx(0.0)
    moved = np.isnan(found.change) | (np.abs(found.change) > 0.01)
    assert moved.any() and not moved[:1].any()


def test_what_the_model_does_not_state_has_no_occlusion_map(package: ModelPackage) -> None:
    assert occlusion(package, film(), "other", SessionPool(), Device.CPU, ignore, ignore) is None


def test_every_pixel_is_covered_once_and_the_tensor_is_left_alone() -> None:
    tensor = np.arange(70 * 90, dtype=np.float32).reshape(70, 90)
    before, times = tensor.copy(), np.zeros((70, 90), int)
    for _place, covered in covers(tensor):
        times += covered != tensor
    assert (tensor == before).all()
    assert times.max() == 1 and (times == 0).sum() <= 1


def test_an_even_map_agrees_with_nothing() -> None:
    assert np.isnan(agreement(np.arange(64.0).reshape(8, 8), heatmap(np.ones((32, 32)))))


def test_giving_up_ends_it(package: ModelPackage) -> None:
    def stop(_share: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        occlusion(
            package,
            film(),
            "enlarged_cardiac_silhouette",
            SessionPool(),
            Device.CPU,
            stop,
            ignore,
        )


def test_an_imported_network_of_three_channels_is_covered_in_all_of_them(tmp_path: Path) -> None:
    imported = load_package(build_imported(tmp_path / "borrowed"))
    found = occlusion(imported, film(), "pneumonia", SessionPool(), Device.CPU, ignore, ignore)
    assert found is not None and found.change.shape == (GRID, GRID)
    assert np.isfinite(found.change).all() and np.ptp(found.change) > 0
