"""One frame of a radiograph to a network's input: modality values, padding made background, operations."""

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import InferenceError
from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.imaging.display import is_padding, shows_low_as_white
from viewer.imaging.modality_lut import modality_values
from viewer.inference.manifest_parts import InputSpec
from viewer.inference.preprocessing import Prepared, preprocess

Values = NDArray[np.float32]


def prepare_film(frame: Frame, spec: InputSpec) -> Prepared:
    """The input tensor of one greyscale frame.

    Raises
    ------
    InferenceError : the frame is in colour, holds no image, or its values are not all finite
    ModelError : an operation of the manifest is unknown
    """
    if frame.is_colour:
        raise InferenceError(_("The image is in colour; the network reads grey values."))
    values = without_padding(frame, modality_values(frame))
    if not np.isfinite(values).all():
        raise InferenceError(
            _("The image holds values that are no numbers; it cannot be analysed.")
        )
    return preprocess(values, monochrome1=shows_low_as_white(frame), operations=spec.operations)


def without_padding(frame: Frame, values: Values) -> Values:
    """Padding (PS3.3 C.7.5.1.1.2) takes the darkest value of the image, so it moves no percentile.

    Parameters
    ----------
    values : ndarray, shape (rows, columns), float32; modality values of the frame
    """
    padded = is_padding(frame, frame.stored)
    if padded is None or not padded.any():
        return values
    if padded.all():
        raise InferenceError(_("The image holds nothing but padding; there is nothing to analyse."))
    inside = values[~padded]
    darkest = inside.max() if shows_low_as_white(frame) else inside.min()
    return np.where(padded, darkest, values).astype(np.float32)
