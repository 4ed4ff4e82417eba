"""Modality values to the input tensor of a network: a closed list of operations, named in a manifest.

The same function prepares films for training and for reading, so that what a network meets in the
clinic is what it met when it was trained. Pure numpy and Pillow.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.base.errors import InferenceError, ModelError
from viewer.base.i18n import _
from viewer.domain.geometry import Affine2D
from viewer.inference.grey_levels import GreyLevels, percentiles
from viewer.inference.shrink import shrunk

Values = NDArray[np.float32]
T = TypeVar("T")


@dataclass(frozen=True)
class Prepared:
    """One frame as a network wants it, and the way back to the frame.

    Attributes
    ----------
    tensor : ndarray, shape (rows, columns), float32; network input units
    image_from_tensor_px : Affine2D; (column, row) of the tensor to (column, row) of the source
        frame, where (0, 0) is the centre of the top left pixel in both
        (DICOM PS3.3 C.7.6.2.1.1 uses the same origin)
    """

    tensor: Values
    image_from_tensor_px: Affine2D


@dataclass(frozen=True)
class _Step:
    """What an operation receives and returns: values, the way back, and how the film is stored.

    pixel_mm: between rows and between columns of the values, None where the file does not say.
    levels: where given, values hold one for each of its grey values, shape (1, n), instead of pixels.
    """

    values: Values
    image_from_tensor_px: Affine2D
    monochrome1: bool
    pixel_mm: tuple[float, float] | None = None
    levels: GreyLevels | None = None

    def with_values(self, values: NDArray[np.floating]) -> "_Step":
        return replace(self, values=values.astype(np.float32))

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the picture."""
        rows, columns = (self.values if self.levels is None else self.levels.stored).shape
        return rows, columns

    def painted(self) -> "_Step":
        """With the pixels themselves as values."""
        if self.levels is None:
            return self
        return replace(self, values=self.levels.painted(self.values[0]), levels=None)


LARGE_PX = 1 << 21
"""Pixels from which a picture is shrunk a few rows at a time; below, Pillow is quicker."""

Parameters = Mapping[str, object]
Operation = Callable[[_Step, Parameters], _Step]


def preprocess(
    values: Values,
    *,
    monochrome1: bool,
    operations: Sequence[Parameters],
    pixel_mm: tuple[float, float] | None = None,
) -> Prepared:
    """Run a manifest's `input.operations` in order on one frame.

    Parameters
    ----------
    values : ndarray, shape (rows, columns), float32; modality values (PS3.3 C.11.1), before VOI
    monochrome1 : True when the smallest value is to be shown white (PS3.3 C.7.6.3.1.2)
    operations : each `{"op": name, ...parameters}`
    pixel_mm : between rows and between columns; None where the file does not state them

    Raises
    ------
    ModelError : an operation is unknown, or lacks a parameter; the frame is not two-dimensional
    InferenceError : an operation needs the pixel spacing, which the file does not state
    """
    if values.ndim != 2 or values.size == 0:
        wrong = _("This model reads one greyscale frame, not an array of {shape}.")
        raise ModelError(wrong.format(shape=values.shape))
    step = _Step(np.asarray(values, dtype=np.float32), _IDENTITY, monochrome1, pixel_mm)
    for parameters in operations:
        step = _operation(parameters)(step, parameters)
    return _prepared(step)


def preprocess_levels(
    levels: GreyLevels,
    values: Values,
    *,
    monochrome1: bool,
    operations: Sequence[Parameters],
    pixel_mm: tuple[float, float] | None = None,
) -> Prepared:
    """What `preprocess` gives of the whole frame, from each grey value that occurs in it.

    values : ndarray, shape (n,), float32; the modality value of each of `levels.present`
    """
    step = _Step(values[None], _IDENTITY, monochrome1, pixel_mm, levels)
    for parameters in operations:
        step = step if parameters.get("op") in _OF_LEVELS else step.painted()
        step = _operation(parameters)(step, parameters)
    return _prepared(step.painted())


def _prepared(step: _Step) -> Prepared:
    return Prepared(np.ascontiguousarray(step.values), step.image_from_tensor_px)


def _invert_monochrome1(step: _Step, parameters: Parameters) -> _Step:
    """Mirror the grey scale within its own range, so that dense is bright in every film."""
    if not step.monochrome1:
        return step
    return step.with_values(step.values.max() + step.values.min() - step.values)


def _clip_percentiles(step: _Step, parameters: Parameters) -> _Step:
    """Cut the tails of the histogram: markers, shutters and burnt-out corners."""
    limits = [_number(parameters, "low"), _number(parameters, "high")]
    if step.levels is None:
        low, high = np.percentile(step.values, limits)
    else:
        low, high = percentiles(step.values[0], step.levels.counts, np.array(limits))
    return step.with_values(np.clip(step.values, low, high))


def _scale_to_unit(step: _Step, parameters: Parameters) -> _Step:
    """Smallest value to 0, largest to 1; an even frame becomes 0 everywhere."""
    low, high = float(step.values.min()), float(step.values.max())
    return step.with_values((step.values - low) / (high - low) if high > low else step.values * 0)


def _resize(step: _Step, parameters: Parameters) -> _Step:
    """Antialiased bilinear resampling to `rows` x `columns`; `aspect` is stretch or pad."""
    rows, columns = round(_number(parameters, "rows")), round(_number(parameters, "columns"))
    fit = _looked_up(_ASPECTS, parameters.get("aspect"), "aspect")
    return fit(step, rows, columns)


def _stretch(step: _Step, rows: int, columns: int) -> _Step:
    """Fill the whole tensor; circles may become ellipses."""
    source_rows, source_columns = step.shape
    if (source_rows, source_columns) == (rows, columns):
        return step.painted()
    resized = _resampled(step, rows, columns)
    down, across = source_rows / rows, source_columns / columns
    matrix = step.image_from_tensor_px @ _centred_scale(across, down)
    pixel_mm = step.pixel_mm and (step.pixel_mm[0] * down, step.pixel_mm[1] * across)
    return _Step(resized, matrix, step.monochrome1, pixel_mm)


def _resampled(step: _Step, rows: int, columns: int) -> Values:
    """Antialiased bilinear; of a large picture known by its grey values without painting it whole."""
    smaller = rows <= step.shape[0] and columns <= step.shape[1]
    if step.levels is not None and smaller and step.levels.stored.size >= LARGE_PX:
        painted, finish = step.levels.painter(step.values[0])
        return finish(shrunk(painted, step.shape, (rows, columns)))
    whole = Image.fromarray(step.painted().values)
    return np.asarray(whole.resize((columns, rows), Image.Resampling.BILINEAR), dtype=np.float32)


def _pad(step: _Step, rows: int, columns: int) -> _Step:
    """Keep the shape of things; fill the rest, on both sides alike, with the smallest value."""
    source_rows, source_columns = step.shape
    scale = min(rows / source_rows, columns / source_columns)
    inner_rows = max(1, round(source_rows * scale))
    inner_columns = max(1, round(source_columns * scale))
    inner = _stretch(step, inner_rows, inner_columns)
    top, left = (rows - inner_rows) // 2, (columns - inner_columns) // 2
    padded = np.full((rows, columns), inner.values.min(), dtype=np.float32)
    padded[top : top + inner_rows, left : left + inner_columns] = inner.values
    shift = Affine2D.scale_translate(1.0, 1.0, -float(left), -float(top))
    return replace(inner, values=padded, image_from_tensor_px=inner.image_from_tensor_px @ shift)


def _window(step: _Step, parameters: Parameters) -> _Step:
    """Fixed limits in modality values, such as HU, to 0 and 1; beyond them is cut."""
    low, high = _number(parameters, "low"), _number(parameters, "high")
    return step.with_values((np.clip(step.values, low, high) - low) / (high - low))


def _square_pixels(step: _Step, parameters: Parameters) -> _Step:
    """Stretch the coarser direction, so that circles in the patient are circles; values that
    state no spacing are taken as they are."""
    if step.pixel_mm is None:
        return step
    finest = min(step.pixel_mm)
    rows, columns = (
        max(1, round(length * mm / finest))
        for length, mm in zip(step.values.shape, step.pixel_mm, strict=True)
    )
    return step if (rows, columns) == step.values.shape else _stretch(step, rows, columns)


def _resample(step: _Step, parameters: Parameters) -> _Step:
    """To pixels of `spacing_mm`, which takes a file that states its own."""
    if step.pixel_mm is None:
        raise InferenceError(_("The file does not state its pixel spacing, which the model needs."))
    wanted = _number(parameters, "spacing_mm")
    rows, columns = (
        max(1, round(length * mm / wanted))
        for length, mm in zip(step.values.shape, step.pixel_mm, strict=True)
    )
    return step if (rows, columns) == step.values.shape else _stretch(step, rows, columns)


def _centre_on_foreground(step: _Step, parameters: Parameters) -> _Step:
    """Crop and fill with the smallest value to `rows` x `columns` by whole pixels, so that the box
    around everything above the smallest value lies in the middle."""
    rows, columns = round(_number(parameters, "rows")), round(_number(parameters, "columns"))
    foreground = step.values > step.values.min()
    top = _first_for_centre(foreground.any(axis=1), rows)
    left = _first_for_centre(foreground.any(axis=0), columns)
    canvas = np.full((rows, columns), step.values.min(), dtype=np.float32)
    source_rows, source_columns = step.values.shape
    above, before = max(0, -top), max(0, -left)
    part = step.values[max(0, top) : min(top + rows, source_rows)]
    part = part[:, max(0, left) : min(left + columns, source_columns)]
    canvas[above : above + part.shape[0], before : before + part.shape[1]] = part
    shift = Affine2D.scale_translate(1.0, 1.0, float(left), float(top))
    return replace(step, values=canvas, image_from_tensor_px=step.image_from_tensor_px @ shift)


def _first_for_centre(filled: NDArray[np.bool_], length: int) -> int:
    """Where a window of this length starts that has the filled stretch in its middle."""
    places = np.flatnonzero(filled)
    middle = (int(places[0]) + int(places[-1]) + 1) / 2 if places.size else filled.size / 2
    return int(np.floor(middle - length / 2))


def _standardise(step: _Step, parameters: Parameters) -> _Step:
    """Subtract the training mean, divide by the training standard deviation."""
    mean, std = _number(parameters, "mean"), _number(parameters, "std")
    return step.with_values((step.values - mean) / std)


def _centred_scale(columns: float, rows: float) -> Affine2D:
    """Scaling that keeps pixel edges on pixel edges: x = (x' + 1/2) * s - 1/2."""
    return Affine2D.scale_translate(columns, rows, columns / 2 - 0.5, rows / 2 - 0.5)


def _operation(parameters: Parameters) -> Operation:
    return _looked_up(_OPERATIONS, parameters.get("op"), "op")


def _looked_up(table: Mapping[str, T], name: object, what: str) -> T:
    if isinstance(name, str) and name in table:
        return table[name]
    wrong = _("This model asks for {what} = {name!r}; known are: {known}.")
    raise ModelError(wrong.format(what=what, name=name, known=", ".join(table)))


def _number(parameters: Parameters, name: str) -> float:
    number = parameters.get(name)
    if isinstance(number, int | float):
        return float(number)
    wrong = _("The model's operation {op!r} needs a number for {name!r}.")
    raise ModelError(wrong.format(op=parameters.get("op"), name=name))


_IDENTITY = Affine2D.scale_translate(1.0, 1.0, 0.0, 0.0)

_ASPECTS: Mapping[str, Callable[[_Step, int, int], _Step]] = {"stretch": _stretch, "pad": _pad}

_OPERATIONS: Mapping[str, Operation] = {
    "invert_monochrome1": _invert_monochrome1,
    "clip_percentiles": _clip_percentiles,
    "scale_to_unit": _scale_to_unit,
    "resize": _resize,
    "centre_on_foreground": _centre_on_foreground,
    "window": _window,
    "square_pixels": _square_pixels,
    "resample": _resample,
    "standardise": _standardise,
}

_OF_VALUES = ("invert_monochrome1", "clip_percentiles", "scale_to_unit", "window", "standardise")
"""Operations that do to a pixel what its value and those of all pixels say, wherever it lies."""

_OF_LEVELS = (*_OF_VALUES, "resize")
"""Operations that can be done from the grey values of a picture, before it is painted."""

KNOWN_OPERATIONS = tuple(_OPERATIONS)
"""Names a manifest may use, for its JSON Schema and for messages."""
