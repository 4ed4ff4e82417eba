"""Heart and lung probabilities to the cardiothoracic ratio; refuses what cannot be a chest.

Heart diameter: horizontal width of the heart, which is the greatest distance from the midline to
the right heart border plus that to the left (Danzer, Am J Med Sci 1919;157:513). Thoracic
diameter: horizontal distance from the outermost edge of one lung to that of the other. Both are
what the authors of the training masks measured (median difference from their table: 0.001).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.components import largest_component

Map = NDArray[np.float32]
Mask = NDArray[np.bool_]
PointPx = tuple[float, float]
SegmentPx = tuple[PointPx, PointPx]
Reason = Literal[
    "no_heart",
    "one_lung",
    "fragmented",
    "area_out_of_range",
    "ratio_out_of_range",
    "heart_on_right",
    "upside_down",
    "inverted",
]
Side = Literal[-1, 1]


@dataclass(frozen=True)
class Limits:
    """What a chest can look like; outside of it the model is refused, not believed.

    Attributes
    ----------
    mask_threshold : probability from which a pixel belongs to an organ
    plausible_ratio : smallest and largest cardiothoracic ratio
    heart_area, lung_area : smallest and largest share of the tensor, for the heart and each lung
    largest_component_share : least share of a mask that lies in its largest piece
    least_heart_offset : how far the heart's centre must lie to the patient's left of the middle
        between the outer edges of the lungs, as share of their distance; None: anywhere
    """

    mask_threshold: float
    plausible_ratio: tuple[float, float]
    heart_area: tuple[float, float]
    lung_area: tuple[float, float]
    largest_component_share: float
    least_heart_offset: float | None = None

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, object]) -> "Limits":
        """From a manifest's `task.parameters`; raises ModelError where one is missing."""
        return cls(
            _number(parameters, "mask_threshold"),
            _range(parameters, "plausible_ratio"),
            _range(parameters, "heart_area"),
            _range(parameters, "lung_area"),
            _number(parameters, "largest_component_share"),
            _optional(parameters, "least_heart_offset"),
        )


@dataclass(frozen=True)
class Diameters:
    """Two horizontal segments and their ratio.

    Attributes
    ----------
    heart, thorax : end points ((column, row), (column, row)), tensor px, the lesser column first;
        (0, 0) is the centre of the top left pixel. Columns are the extremes of the organ, found
        between pixels where the probability crosses the threshold; the row is midway between the
        rows of the two extremes, so that the segment is horizontal as readers draw it.
    ratio : heart width / thorax width; unit 1; unchanged by horizontal stretching
    """

    heart: SegmentPx
    thorax: SegmentPx
    ratio: float


@dataclass(frozen=True)
class Implausible:
    """Why no ratio is given; the key of a sentence for the physician."""

    reason: Reason


def diameters(
    heart: Map, right_lung: Map, left_lung: Map, limits: Limits, film: Map | None = None
) -> Diameters | Implausible:
    """Measure one film.

    Parameters
    ----------
    heart, right_lung, left_lung : ndarray, shape (rows, columns), float32 in 0..1; tensor px.
        The right lung is the patient's, on the left of a PA film.
    film : the network's input in the same grid, dense is bright; None leaves its greys unchecked
    """
    masks = [m >= limits.mask_threshold for m in (heart, right_lung, left_lung)]
    pieces = [largest_component(mask) for mask in masks]
    refusal = _refused(masks, pieces, limits) or _misplaced(pieces, limits, film)
    if refusal is not None:
        return Implausible(refusal)
    heart_segment = _segment(heart, pieces[0], heart, pieces[0], limits.mask_threshold)
    thorax_segment = _segment(right_lung, pieces[1], left_lung, pieces[2], limits.mask_threshold)
    return _ratio(heart_segment, thorax_segment, limits)


def _refused(masks: Sequence[Mask], pieces: Sequence[Mask], limits: Limits) -> Reason | None:
    if not pieces[0].any():
        return "no_heart"
    if not (pieces[1].any() and pieces[2].any()):
        return "one_lung"
    shares = [piece.sum() / mask.sum() for piece, mask in zip(pieces, masks, strict=True)]
    if min(shares) < limits.largest_component_share:
        return "fragmented"
    areas = (limits.heart_area, limits.lung_area, limits.lung_area)
    within = [_within(float(p.mean()), area) for p, area in zip(pieces, areas, strict=True)]
    return None if all(within) else "area_out_of_range"


def _misplaced(pieces: Sequence[Mask], limits: Limits, film: Map | None) -> Reason | None:
    """What anatomy forbids, whatever the outlines look like."""
    heart, lungs = pieces[0], pieces[1] | pieces[2]
    if film is not None and film[lungs & ~heart].mean() >= film[heart].mean():
        return "inverted"
    if _centre(heart, 0) <= _centre(lungs, 0):
        return "upside_down"
    edges = np.flatnonzero(lungs.any(axis=0))[[0, -1]]
    offset = (_centre(heart, 1) - edges.mean()) / max(1, edges[1] - edges[0])
    least = limits.least_heart_offset
    return "heart_on_right" if least is not None and offset < least else None


def _centre(mask: Mask, axis: int) -> float:
    return float(np.nonzero(mask)[axis].mean())


def _ratio(heart: SegmentPx, thorax: SegmentPx, limits: Limits) -> Diameters | Implausible:
    width = thorax[1][0] - thorax[0][0]
    ratio = (heart[1][0] - heart[0][0]) / width if width > 0 else float("inf")
    if not _within(ratio, limits.plausible_ratio):
        return Implausible("ratio_out_of_range")
    return Diameters(heart, thorax, ratio)


def _segment(left: Map, left_piece: Mask, right: Map, right_piece: Mask, level: float) -> SegmentPx:
    """From the leftmost crossing of one organ to the rightmost of another (or of the same)."""
    start, start_row = _extreme(left, left_piece, level, -1)
    end, end_row = _extreme(right, right_piece, level, 1)
    row = (start_row + end_row) / 2
    return (start, row), (end, row)


def _extreme(probability: Map, piece: Mask, level: float, side: Side) -> tuple[float, float]:
    """(column, row) where the piece reaches farthest to the left (-1) or right (1), sub-pixel."""
    if side == 1:
        column, row = _extreme(probability[:, ::-1], piece[:, ::-1], level, -1)
        return probability.shape[1] - 1 - column, row
    rows = np.flatnonzero(piece.any(axis=1))
    columns = piece[rows].argmax(axis=1)
    crossings = _crossings(probability, rows, columns, level)
    first = int(crossings.argmin())
    return float(crossings[first]), float(rows[first])


def _crossings(
    probability: Map, rows: NDArray[np.intp], columns: NDArray[np.intp], level: float
) -> NDArray[np.float64]:
    """Columns where the probability, read linearly, rises to `level` just left of each pixel.

    At the border of the tensor, where nothing lies to the left, it is the edge of the pixel.
    """
    inside = probability[rows, columns].astype(np.float64)
    outside = probability[rows, np.maximum(columns - 1, 0)].astype(np.float64)
    rise = np.maximum(inside - outside, np.finfo(np.float32).tiny)
    steps = np.clip((inside - level) / rise, 0.0, 1.0)
    return columns.astype(np.float64) - np.where(columns == 0, 0.5, steps)


def _within(number: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= number <= limits[1]


def _number(parameters: Mapping[str, object], name: str) -> float:
    number = parameters.get(name)
    if isinstance(number, int | float):
        return float(number)
    raise ModelError(_("The model's task parameters lack a number for {name!r}.").format(name=name))


def _optional(parameters: Mapping[str, object], name: str) -> float | None:
    return _number(parameters, name) if name in parameters else None


def _range(parameters: Mapping[str, object], name: str) -> tuple[float, float]:
    pair = parameters.get(name)
    if isinstance(pair, Sequence) and len(pair) == 2:
        return float(pair[0]), float(pair[1])
    wrong = _("The model's task parameters lack a pair of numbers for {name!r}.")
    raise ModelError(wrong.format(name=name))
