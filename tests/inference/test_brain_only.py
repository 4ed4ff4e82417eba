"""Stripped brains of the right size pass; heads, wrong sizes and noise do not."""

import numpy as np
import pytest
from PIL import Image

from viewer.inference.brain_only import BrainSize, is_brain_only

MNI = BrainSize((115.0, 165.0), (150.0, 205.0))
PIXEL_MM = (1.0, 1.0)


def _ellipse(width_mm: float, length_mm: float) -> np.ndarray:
    row, column = np.mgrid[:220, :190]
    return np.hypot((column - 95) / (width_mm / 2), (row - 110) / (length_mm / 2))


def brain(width_mm: float = 140, length_mm: float = 175) -> np.ndarray:
    """An even brain on an even background."""
    return np.where(_ellipse(width_mm, length_mm) <= 1, 100.0, 0.0).astype(np.float32)


def head() -> np.ndarray:
    """Scalp, bone and brain, on an even background."""
    outside = _ellipse(160, 195)
    inside = _ellipse(136, 171)
    scalp = (outside <= 1) & (_ellipse(150, 185) > 1)
    values = np.where(outside <= 1, 8.0, 0.0)
    values[scalp] = 130.0
    values[inside <= 1] = 100.0
    return values.astype(np.float32)


def test_a_stripped_brain_passes() -> None:
    assert is_brain_only(brain(), PIXEL_MM, MNI)


def test_a_brain_with_a_bright_infarct_at_its_rim_passes() -> None:
    values = brain()
    row, column = np.mgrid[:220, :190]
    values[(np.hypot(row - 150, column - 140) < 22) & (values > 0)] = 220
    assert is_brain_only(values, PIXEL_MM, MNI)


@pytest.mark.parametrize(
    ("values", "pixel_mm"),
    [
        (head(), PIXEL_MM),
        (np.where(head() < 50, 0, head()), PIXEL_MM),
        (brain(width_mm=100), PIXEL_MM),
        (brain(), (0.7, 0.7)),
        (brain(), (1.0, 1.5)),
        (np.zeros((220, 190), np.float32), PIXEL_MM),
        (np.ones((220, 190), np.float32) * np.arange(190, dtype=np.float32), PIXEL_MM),
    ],
    ids=["head", "head without bone", "narrow", "small", "wide", "blank", "no background"],
)
def test_what_is_not_a_stripped_brain_of_that_size_does_not(
    values: np.ndarray, pixel_mm: tuple[float, float]
) -> None:
    assert not is_brain_only(values.astype(np.float32), pixel_mm, MNI)


def test_noise_around_a_brain_shows_that_it_was_not_stripped() -> None:
    noisy = brain() + np.random.default_rng(0).normal(5, 2, (220, 190)).astype(np.float32)
    assert not is_brain_only(noisy, PIXEL_MM, MNI)


def test_real_stripped_slices_pass_and_real_heads_do_not(shared_data) -> None:
    """Every eighth slice of the infarct set, every ninth of the tumour set at 0.9 mm."""
    stripped = sorted((shared_data / "brain_mr_infarct/images").glob("*.png"))[::8]
    heads = sorted((shared_data / "brain_mr_tumour").glob("*/*.webp"))[::9]
    passed = [is_brain_only(_grey(path), PIXEL_MM, MNI) for path in stripped]
    wrong = [is_brain_only(_grey(path), (0.9, 0.9), MNI) for path in heads]
    assert np.mean(passed) >= 0.97
    assert not any(wrong)


def _grey(path) -> np.ndarray:
    return np.asarray(Image.open(path).convert("L"), dtype=np.float32)
