"""What a network returned is what it promised: shape, finite numbers, probabilities from 0 to 1.

Activations, which come before the sigmoid, may be any finite number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import InferenceError
from viewer.base.i18n import _
from viewer.inference.manifest_parts import OutputSpec

ROUNDING = 1e-4
"""How far a probability may leave 0 to 1 by rounding on a graphics card."""


def check_outputs(
    specs: Sequence[OutputSpec],
    tensors: Mapping[str, NDArray[np.float32]],
    rows: int | None = None,
) -> None:
    """Raise InferenceError for the first output that is not as the manifest says.

    rows : of the batch that was run, where it is not the manifest's own
    """
    for spec in specs:
        shape = spec.shape if rows is None else (rows, *spec.shape[1:])
        _check(replace(spec, shape=shape), tensors[spec.tensor])


def _check(spec: OutputSpec, values: NDArray[np.float32]) -> None:
    if values.shape != spec.shape:
        raise InferenceError(
            _("The network returned {name} in the shape {found}, not {declared}.").format(
                name=spec.tensor, found=list(values.shape), declared=list(spec.shape)
            )
        )
    if not np.isfinite(values).all():
        raise InferenceError(
            _("The network returned values that are no numbers in {name}.").format(name=spec.tensor)
        )
    if spec.type == "probabilities":
        _check_range(spec, values)


def _check_range(spec: OutputSpec, values: NDArray[np.float32]) -> None:
    if values.min() < -ROUNDING or values.max() > 1.0 + ROUNDING:
        raise InferenceError(
            _("The network returned probabilities outside of 0 to 1 in {name}.").format(
                name=spec.tensor
            )
        )
