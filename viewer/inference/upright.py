"""Axial slices turned face up, as a network of brains learned them, and the way back."""

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import InferenceError
from viewer.base.i18n import _
from viewer.domain.geometry import Affine2D, EdgeLetters

Values = NDArray[np.float32]

LEFT_RIGHT, FRONT_BACK = frozenset("LR"), frozenset("AP")


def upright(values: Values, edges: EdgeLetters | None) -> tuple[Values, Affine2D, bool]:
    """Turn and flip a slice until its upper edge is the patient's front and its right edge the left.

    values : ndarray, shape (rows, columns), float32

    Returns
    -------
    the slice, (column, row) of it to (column, row) of `values`, and whether rows became columns

    Raises
    ------
    InferenceError : the file does not say how the slice lies, or it is not axial
    """
    if edges is None:
        raise InferenceError(_("The file does not say how its slices lie; they cannot be turned."))
    right, bottom = edges.right[:1], edges.bottom[:1]
    if not ({right, bottom} & LEFT_RIGHT and {right, bottom} & FRONT_BACK):
        raise InferenceError(_("The slices are not axial; the model reads axial slices."))
    back, turned = Affine2D(), right in FRONT_BACK
    if turned:
        values, back = values.T, Affine2D(0.0, 1.0, 1.0, 0.0)
        right, bottom = bottom, right
    if bottom == "A":
        back = back @ Affine2D.scale_translate(1.0, -1.0, 0.0, values.shape[0] - 1.0)
        values = values[::-1]
    if right == "R":
        back = back @ Affine2D.scale_translate(-1.0, 1.0, values.shape[1] - 1.0, 0.0)
        values = values[:, ::-1]
    return np.ascontiguousarray(values), back, turned
