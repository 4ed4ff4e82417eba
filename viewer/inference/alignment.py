"""A head brought to a template head: affine, by normalised mutual information, from several starts.

Contrast does not matter, so that a FLAIR series is brought to a T1 template. Maes F et al. Multimodality
image registration by maximization of mutual information. IEEE Trans Med Imaging 1997;16:187-198;
Studholme C et al. An overlap invariant entropy measure of 3D medical image alignment. Pattern Recognit
1999;32:71-86.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import product

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, optimize

Values = NDArray[np.float32]
Matrix = NDArray[np.float64]
Tell = Callable[[float], None]

BINS = 32
"""Grey levels of the joint histogram, of each image."""

TAILS = (0.5, 99.5)
"""Percentiles between which the grey levels lie."""

LEAST_OVERLAP = 0.5
"""Share of the template's head that must lie in the series for the two to be compared."""

SEED = 20261123
"""Draws the places at which the heads are compared; the same for every run."""

PITCHES_DEG = (-20.0, 0.0, 20.0)
"""Nodding of the head from which the search starts."""

LIFTS_MM = (-25.0, 0.0, 25.0)
"""Height of the head from which the search starts, about the one where the tops of both meet."""

ELSEWHERE = np.array([4.0, -4.0, 7.0, 0.12, -0.05, 0.05, 0.05, 0.05, -0.05, 0.0, 0.0, 0.0])
"""Where the second search starts, from the end of the first: mm, radians, logarithms of scales."""

BEST_STARTS = 6
"""Of all starts, those searched from."""

PIVOT_LPS_MM = np.array([0.0, 18.0, 10.0])
"""About the middle of the brain in the template's space; the head turns about it."""

STEPS = np.array([4.0, 4.0, 4.0, 0.07, 0.07, 0.07, 0.06, 0.06, 0.06, 0.04, 0.04, 0.04])
"""First step of the search: mm, then radians, then logarithms of scales, then shears."""

RIGID_AND_SIZE, ALL = (0, 1, 2, 3, 4, 5, 6), tuple(range(12))
"""Parameters that the coarse search moves (6 then stands for all three scales), and the fine one."""

FLIPS = ((1.0, -1.0, 1.0), (1.0, 1.0, -1.0), (1.0, -1.0, -1.0))
"""Front for back, up for down, and both; left for right cannot be told from a head."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Voxels with their places. values : ndarray, shape (i, j, k), float32; space_mm_from_ijk : (4, 4)."""

    values: Values
    space_mm_from_ijk: Matrix


@dataclass(frozen=True)
class Level:
    """One pass. blur_mm : of both heads; places : compared; tolerance : of the search, share of a step;
    seed : draws the places."""

    blur_mm: float
    places: int
    tolerance: float
    seed: int = SEED


COARSE = Level(blur_mm=6.0, places=3000, tolerance=0.2)
MIDDLE = Level(blur_mm=4.0, places=12000, tolerance=0.1)
AGAIN = Level(blur_mm=4.0, places=12000, tolerance=0.1, seed=SEED + 1)
FINE = Level(blur_mm=2.5, places=25000, tolerance=0.05)
LEVELS = (COARSE, MIDDLE, AGAIN, FINE)


@dataclass(frozen=True, eq=False)
class Alignment:
    """Where a template's places lie in the patient.

    patient_from_template : ndarray, shape (4, 4), float64; LPS mm of the template's space to LPS mm of
        the patient (PS3.3 C.7.6.2.1.1)
    similarity : normalised mutual information of the coarse pass, 1 where nothing is shared, 2 at most
    rival : the highest of the same head flipped as in FLIPS
    spread_mm : how far a second search, from elsewhere and over other places of the head, ends from
        the first; mean over the places compared
    """

    patient_from_template: Matrix
    similarity: float
    rival: float
    spread_mm: float


@dataclass(frozen=True, eq=False)
class _Pair:
    """What one pass compares. ijk_from_mm : (4, 4) of the native grid; places_mm : (4, n) of the
    template; rows : (n,) where in the joint histogram the row of its grey level there begins."""

    native: Grid
    ijk_from_mm: Matrix
    places_mm: Matrix
    rows: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class _Blurred:
    """Both heads in grey levels, blurred alike."""

    native: Grid
    template: Grid


def align(native: Grid, template: Grid, head: NDArray[np.bool_], tell: Tell) -> Alignment:
    """The affine way from the template's space to the patient.

    head : ndarray, shape of the template, bool; where it is compared: the head and some air around it
    tell : takes the share done, and may raise Cancelled, at every 20th comparison
    """
    told = _Counted(tell)
    step = partial(tell, 0.0)
    blurs = {level.blur_mm for level in LEVELS}
    heads = {blur_mm: blurred_alike(native, template, blur_mm, step) for blur_mm in sorted(blurs)}
    coarse, middle, again, fine = (
        pair(heads[level.blur_mm], template, head, level, step) for level in LEVELS
    )
    own, similarity = searched(coarse, np.eye(3), told, native, head, template)
    rivals = [searched(coarse, np.diag(flip), told, native, head, template)[1] for flip in FLIPS]
    better = optimised(middle, np.eye(3), all_scales(own), ALL, MIDDLE.tolerance, told)
    best = optimised(fine, np.eye(3), better, ALL, FINE.tolerance, told)
    elsewhere = optimised(again, np.eye(3), better + ELSEWHERE, ALL, AGAIN.tolerance, told)
    tell(1.0)
    found = matrix_of(best, np.eye(3))
    spread = (found - matrix_of(elsewhere, np.eye(3))) @ fine.places_mm
    apart = float(np.linalg.norm(spread[:3], axis=0).mean())
    return Alignment(found, similarity, max(rivals), apart)


EXPECTED_COMPARISONS = 9000
"""Of a whole search, for the share told."""


class _Counted:
    """Tells how far the search is, at every 20th comparison."""

    def __init__(self, tell: Tell) -> None:
        self.tell, self.done = tell, 0

    def __call__(self) -> None:
        self.done += 1
        if self.done % 20 == 0:
            self.tell(min(0.99, self.done / EXPECTED_COMPARISONS))


def searched(
    pair: _Pair,
    flip: Matrix,
    told: Callable[[], None],
    native: Grid,
    head: NDArray[np.bool_],
    template: Grid,
) -> tuple[Matrix, float]:
    """The best of all starts and its similarity."""
    middle = _meeting(native, template, head, flip)
    found = []
    for pitch, lift in product(PITCHES_DEG, LIFTS_MM):
        start = np.zeros(12)
        start[:3], start[3] = middle + np.array([0.0, 0.0, lift]), np.radians(pitch)
        found.append((start, _similarity(pair, matrix_of(start, flip))))
        told()
    ends = [
        optimised(pair, flip, start, RIGID_AND_SIZE, COARSE.tolerance, told)
        for start, _likeness in sorted(found, key=lambda one: -one[1])[:BEST_STARTS]
    ]
    scored = [(end, _similarity(pair, matrix_of(all_scales(end), flip))) for end in ends]
    return max(scored, key=lambda one: one[1])


def all_scales(parameters: Matrix) -> Matrix:
    """The one scale of a coarse search given to all three directions."""
    spread = parameters.copy()
    spread[6:9] = parameters[6]
    return spread


def optimised(
    pair: _Pair,
    flip: Matrix,
    start: Matrix,
    free: tuple[int, ...],
    tolerance: float,
    told: Callable[[], None],
) -> Matrix:
    """Powell's search over the free parameters, in units of their steps."""
    chosen = list(free)

    def placed(units: Matrix) -> Matrix:
        moved = start.copy()
        moved[chosen] += units * STEPS[chosen]
        return moved if len(chosen) > 7 else all_scales(moved)

    def unlike(units: Matrix) -> float:
        told()
        return -_similarity(pair, matrix_of(placed(units), flip))

    found = optimize.minimize(
        unlike,
        np.zeros(len(chosen)),
        method="Powell",
        options={"xtol": tolerance, "ftol": 1e-5, "maxiter": 12},
    )
    return placed(found.x)


def matrix_of(parameters: Matrix, flip: Matrix) -> Matrix:
    """Template to patient, shape (4, 4): flipped, scaled and sheared, turned about the pivot, moved."""
    a, b, c = parameters[3:6]
    around_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    around_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    around_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    shear = np.eye(3)
    shear[0, 1], shear[0, 2], shear[1, 2] = parameters[9:12]
    linear = around_z @ around_y @ around_x @ flip @ shear @ np.diag(np.exp(parameters[6:9]))
    matrix = np.eye(4)
    matrix[:3, :3] = linear
    matrix[:3, 3] = PIVOT_LPS_MM + parameters[:3] - linear @ PIVOT_LPS_MM
    return matrix


def _similarity(pair: _Pair, patient_from_template: Matrix) -> float:
    """Normalised mutual information at the places that lie in the series; 0 where too few do."""
    ijk = pair.ijk_from_mm @ patient_from_template @ pair.places_mm
    values = ndimage.map_coordinates(pair.native.values, ijk[:3], order=1, cval=-1.0)
    inside = values >= 0
    if np.count_nonzero(inside) < LEAST_OVERLAP * len(inside):
        return 0.0
    return _shared(pair.rows[inside], values[inside])


def _shared(rows: NDArray[np.intp], values: Values) -> float:
    """Of rows of the joint histogram, shape (n,), with values 0 to BINS - 1, each spread over its two
    neighbours."""
    low = np.minimum(values.astype(np.intp), BINS - 2)
    above = values - low
    cells = rows + low
    joint = np.bincount(cells, 1 - above, BINS * BINS) + np.bincount(cells + 1, above, BINS * BINS)
    shares = joint.astype(np.float64).reshape(BINS, BINS) / len(values)
    return float((_entropy(shares.sum(axis=0)) + _entropy(shares.sum(axis=1))) / _entropy(shares))


def _entropy(shares: Matrix) -> float:
    some = shares[shares > 0]
    return max(float(-(some * np.log(some)).sum()), 1e-9)


def blurred_alike(
    native: Grid, template: Grid, blur_mm: float, told: Callable[[], None]
) -> _Blurred:
    """Both heads for one pass or several; `told` is called between steps."""
    told()
    smooth = _levels(_blurred(template, blur_mm))
    told()
    return _Blurred(_levels(_blurred(native, blur_mm)), smooth)


def pair(
    heads: _Blurred,
    template: Grid,
    head: NDArray[np.bool_],
    level: Level,
    told: Callable[[], None],
) -> _Pair:
    """What one pass compares; `told` is called between steps."""
    places = np.argwhere(head)
    told()
    chosen = np.random.default_rng(level.seed).permutation(len(places))[: level.places]
    ijk = places[chosen].T
    mm = template.space_mm_from_ijk @ np.concatenate([ijk, np.ones((1, ijk.shape[1]))])
    grey = np.rint(heads.template.values[tuple(ijk)]).astype(np.intp)
    ijk_from_mm = np.linalg.inv(heads.native.space_mm_from_ijk).astype(np.float64)
    return _Pair(heads.native, ijk_from_mm, mm, grey * BINS)


def _levels(grid: Grid) -> Grid:
    low, high = np.percentile(grid.values, TAILS)
    scaled = (grid.values - low) / max(float(high - low), 1e-6) * (BINS - 1)
    return replace(grid, values=np.clip(scaled, 0, BINS - 1).astype(np.float32))


def _blurred(grid: Grid, blur_mm: float) -> Grid:
    """Blurred to about that much, less what a voxel blurs by itself, and thinned to half of it."""
    spacing = np.linalg.norm(grid.space_mm_from_ijk[:3, :3], axis=0)
    own = 0.4 * spacing
    sigma = np.sqrt(np.maximum(blur_mm**2 - own**2, 0)) / spacing
    smooth = ndimage.gaussian_filter(grid.values, sigma, mode="nearest", truncate=3.0)
    every = np.maximum(1, (blur_mm / 2 / spacing).astype(int))
    thinned = np.diag([*every.astype(float), 1.0])
    values = np.ascontiguousarray(smooth[tuple(slice(None, None, step) for step in every)])
    return Grid(values, grid.space_mm_from_ijk @ thinned)


HEAD_MM = 150.0
"""Of a head from its top, by which its middle is found; what hangs below is not in all series."""


def _meeting(native: Grid, template: Grid, head: NDArray[np.bool_], flip: Matrix) -> Matrix:
    """The shift, LPS mm, that lays the flipped template's middle on the patient's."""
    from_template = _middle(replace(template, values=np.where(head, template.values, 0)), flip)
    around = flip @ -PIVOT_LPS_MM + PIVOT_LPS_MM
    shift: Matrix = _middle(native, np.eye(3)) - (from_template + around)
    return shift


def _middle(grid: Grid, flip: Matrix) -> Matrix:
    """Middle of the upper part of what is not air, LPS mm after the flip."""
    small = _blurred(grid, 8.0)
    values = small.values
    limit = values.min() + 0.2 * (np.percentile(values, 98) - values.min())
    ijk = np.argwhere(values > limit).T
    mm = flip @ (small.space_mm_from_ijk @ np.concatenate([ijk, np.ones((1, ijk.shape[1]))]))[:3]
    top = np.percentile(mm[2], 99.5)
    upper = mm[:, mm[2] > top - HEAD_MM]
    middle = (upper.min(axis=1) + upper.max(axis=1)) / 2
    middle[:2] = np.median(upper[:2], axis=1)
    middle[2] = top - HEAD_MM / 2
    return np.asarray(middle, np.float64)
