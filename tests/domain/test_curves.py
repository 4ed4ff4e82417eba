"""A circle is round in the patient, an ellipse runs through the ends of its axes; both end where they begin."""

import numpy as np
import pytest

from viewer.domain.curves import circle, ellipse


@pytest.mark.parametrize("size", [(1.0, 1.0), (0.5, 2.0)])
def test_every_point_of_a_circle_is_as_far_from_its_centre_in_mm(size: tuple[float, float]) -> None:
    centre, edge, size_mm = np.array([10.0, 20.0]), np.array([14.0, 23.0]), np.array(size)
    around = circle(np.array([centre, edge]), size_mm)
    radius = float(np.hypot(*((edge - centre) * size_mm)))
    assert np.hypot(*((around - centre) * size_mm).T) == pytest.approx(radius)
    assert around[0] == pytest.approx(around[-1])


def test_an_oblique_ellipse_runs_through_the_ends_of_its_axes() -> None:
    ends = np.array([[0.0, 0.0], [8.0, 6.0], [2.5, 5.0], [5.5, 1.0]])
    around = ellipse(ends)
    for end in ends:
        assert np.hypot(*(around - end).T).min() < 1e-9
    assert around[0] == pytest.approx(around[-1])
