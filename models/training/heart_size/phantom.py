"""A chest drawn from ellipses: no patient, the same for everybody, and plainly a chest."""

import numpy as np

from models.training.heart_size import settings
from viewer.inference.preprocessing import preprocess

ROWS, COLUMNS = 640, 560
"""Oblong, so that stretching is part of what is pinned."""

SOFT_TISSUE, LUNG, HEART, SPINE, RIB, NOISE = 1800.0, -1100.0, 850.0, 500.0, 130.0, 12.0
"""Detector values of a 12 bit film, dense is bright."""


def film() -> np.ndarray:
    """(ROWS, COLUMNS) float32; MONOCHROME2 modality values."""
    random = np.random.default_rng(settings.SEED)
    values = 250 + SOFT_TISSUE * _ellipse(0.5, 0.62, 0.47, 0.62)
    values += SOFT_TISSUE * 0.6 * _ellipse(0.5, 0.05, 0.11, 0.16)
    lungs = np.maximum(_lung(0.315), _lung(0.685))
    heart = np.maximum(_ellipse(0.555, 0.60, 0.165, 0.125, 25), _ellipse(0.5, 0.45, 0.065, 0.17))
    belly = _ellipse(0.31, 0.90, 0.27, 0.20) + _ellipse(0.69, 0.92, 0.27, 0.20)
    air = lungs * (1 - heart) * (1 - np.clip(belly, 0, 1))
    values += LUNG * air + HEART * heart * lungs + SPINE * _column(0.5, 0.03) + RIB * _ribs() * air
    return (values + random.normal(0, NOISE, values.shape)).clip(0, 4095).astype(np.float32)


def tensor() -> np.ndarray:
    """(SIZE, SIZE) float32, as the viewer would prepare the film."""
    return preprocess(film(), monochrome1=False, operations=settings.OPERATIONS).tensor


def _grid() -> tuple[np.ndarray, np.ndarray]:
    """Column and row of each pixel, as shares of the film."""
    return np.meshgrid((np.arange(COLUMNS) + 0.5) / COLUMNS, (np.arange(ROWS) + 0.5) / ROWS)


def _ellipse(x: float, y: float, rx: float, ry: float, degrees: float = 0) -> np.ndarray:
    """1 inside, 0 outside, about 1 % of the film soft in between; all lengths shares of the film."""
    across, along = _grid()
    turn = np.exp(-1j * np.radians(degrees)) * ((across - x) + 1j * (along - y))
    distance = np.hypot(turn.real / rx, turn.imag / ry)
    return 1 / (1 + np.exp((distance - 1) * min(rx, ry) / 0.004))


def _lung(x: float) -> np.ndarray:
    inner = 0.03 if x < 0.5 else -0.03
    return np.maximum(_ellipse(x + inner, 0.36, 0.125, 0.25), _ellipse(x, 0.56, 0.165, 0.27))


def _column(x: float, half_width: float) -> np.ndarray:
    across, _ = _grid()
    return 1 / (1 + np.exp((np.abs(across - x) - half_width) / 0.004))


def _ribs() -> np.ndarray:
    """Arcs that fall away from the spine, eleven to the film."""
    across, along = _grid()
    return np.cos(2 * np.pi * 11 * (along - 0.9 * (across - 0.5) ** 2)) ** 3
