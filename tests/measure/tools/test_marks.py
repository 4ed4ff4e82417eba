"""Arrow and text: they show, and measure nothing."""

import numpy as np
import pytest

from viewer.measure.tool import known_tools


@pytest.mark.parametrize(("tool", "handles"), [("arrow", [[5, 5], [15, 5]]), ("text", [[5, 5]])])
def test_marks_measure_nothing(make_frame, measured, tool: str, handles: object) -> None:
    assert measured(tool, handles, make_frame()) == {}


def test_the_head_of_an_arrow_is_at_its_first_handle() -> None:
    shaft, head = known_tools()["arrow"].outline(np.array([[5.0, 5.0], [15.0, 5.0]]))
    np.testing.assert_array_equal(shaft.points_px, [[5, 5], [15, 5]])
    np.testing.assert_allclose(head.points_px, [[7, 5.8], [5, 5], [7, 4.2]])
