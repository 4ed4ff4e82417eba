"""Outputs that break the manifest's promise stop the run."""

import numpy as np
import pytest

from viewer.base.errors import InferenceError
from viewer.inference.manifest_parts import OutputSpec
from viewer.inference.output_checks import check_outputs

SPEC = OutputSpec("maps", "probabilities", "NCHW", (1, 2, 4, 4))


def _maps(value: float) -> dict[str, np.ndarray]:
    maps = np.full(SPEC.shape, 0.5, np.float32)
    maps[0, 1, 2, 3] = value
    return {"maps": maps}


@pytest.mark.parametrize("value", [0.0, 1.0, 0.3, 1.00005, -0.00005])
def test_probabilities_pass_with_the_rounding_of_a_graphics_card(value: float) -> None:
    check_outputs([SPEC], _maps(value))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (float("nan"), "no numbers"),
        (float("inf"), "no numbers"),
        (1.01, "outside of 0 to 1"),
        (-0.01, "outside of 0 to 1"),
    ],
)
def test_what_is_no_probability_is_refused(value: float, words: str) -> None:
    with pytest.raises(InferenceError, match=words):
        check_outputs([SPEC], _maps(value))


def test_another_shape_is_refused() -> None:
    with pytest.raises(InferenceError, match=r"\[1, 2, 4, 3\]"):
        check_outputs([SPEC], {"maps": np.zeros((1, 2, 4, 3), np.float32)})


def test_activations_may_be_any_finite_number() -> None:
    spec = OutputSpec("maps", "activations", "NCHW", SPEC.shape)
    check_outputs([spec], _maps(-17.5))
    with pytest.raises(InferenceError, match="no numbers"):
        check_outputs([spec], _maps(float("nan")))
