"""Axial slices are turned face up, and every pixel finds its way back."""

import numpy as np
import pytest

from viewer.base.errors import InferenceError
from viewer.domain.geometry import EdgeLetters, opposite
from viewer.inference.upright import upright


def _edges(right: str, bottom: str) -> EdgeLetters:
    return EdgeLetters.of_directions(right, bottom)


POSES = [(r, b) for r in "LRAP" for b in "LRAP" if b not in (r, opposite(r))]


@pytest.mark.parametrize(("right", "bottom"), POSES)
def test_every_pose_comes_out_face_up_and_finds_back(right: str, bottom: str) -> None:
    """The mark is put near the patient's left front, whatever way the slice is stored."""
    rows, columns = 6, 9
    towards = {right: (1, 0), opposite(right): (-1, 0), bottom: (0, 1), opposite(bottom): (0, -1)}
    across, down = np.add(towards["L"], towards["A"])
    column = columns - 1 if across > 0 else 0
    row = rows - 1 if down > 0 else 0
    values = np.zeros((rows, columns), np.float32)
    values[row, column] = 1.0
    turned, back, transposed = upright(values, _edges(right, bottom))
    assert turned.shape == ((columns, rows) if transposed else (rows, columns))
    assert turned[0, -1] == 1.0
    place = back.apply(np.array([[turned.shape[1] - 1.0, 0.0]]))
    np.testing.assert_allclose(place, [[column, row]])


def test_a_slice_as_it_hangs_is_left_alone() -> None:
    values = np.arange(12, dtype=np.float32).reshape(3, 4)
    turned, back, transposed = upright(values, _edges("L", "P"))
    np.testing.assert_array_equal(turned, values)
    assert back.matrix.tolist() == np.eye(3).tolist()
    assert not transposed


@pytest.mark.parametrize(("right", "bottom"), [("L", "F"), ("P", "F"), ("H", "A")])
def test_other_planes_are_refused(right: str, bottom: str) -> None:
    with pytest.raises(InferenceError, match="not axial"):
        upright(np.zeros((4, 4), np.float32), _edges(right, bottom))


def test_an_unknown_pose_is_refused() -> None:
    with pytest.raises(InferenceError, match="does not say how its slices lie"):
        upright(np.zeros((4, 4), np.float32), None)
