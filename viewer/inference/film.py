"""One frame of a radiograph to a network's input: modality values, padding made background, operations."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import InferenceError
from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.imaging.display import is_padding, shows_low_as_white
from viewer.imaging.modality_lut import modality_values
from viewer.inference.grey_levels import grey_levels
from viewer.inference.manifest_parts import InputSpec
from viewer.inference.preprocessing import Prepared, preprocess, preprocess_levels

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
    return prepare_values(frame, spec.operations)


def prepare_values(
    frame: Frame,
    operations: Sequence[Mapping[str, object]],
    pixel_mm: tuple[float, float] | None = None,
) -> Prepared:
    """The modality values of a greyscale frame, padding made background, through the operations."""
    levels = grey_levels(frame.stored)
    inverted = shows_low_as_white(frame)
    if levels is None:
        values = finite(without_padding(frame, modality_values(frame)))
        return preprocess(values, monochrome1=inverted, operations=operations, pixel_mm=pixel_mm)
    each = replace(frame, stored=levels.present[None])
    values = finite(without_padding(each, modality_values(each)))
    return preprocess_levels(
        levels, values[0], monochrome1=inverted, operations=operations, pixel_mm=pixel_mm
    )


def finite(values: Values) -> Values:
    """As they are; raises InferenceError where one is no number."""
    if not np.isfinite(values).all():
        raise InferenceError(
            _("The image holds values that are no numbers; it cannot be analysed.")
        )
    return values


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
