"""A head as the scanner made it, brought to the MNI space: aligned, checked, stripped, and the way back.

Whatever cannot be brought there for certain is refused with the reason: a wrong place is worse than none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cattrs
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Heatmap
from viewer.domain.volume import Volume
from viewer.imaging.heatmap import resample
from viewer.imaging.modality_lut import modality_values
from viewer.inference.alignment import Alignment, Grid, Matrix, align
from viewer.inference.brain_mask import brain_in
from viewer.inference.film import finite, without_padding
from viewer.inference.preprocessing import Prepared
from viewer.inference.task import Refusal, Tell

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]
Pair = tuple[float, float]

TEMPLATE = "mni152_head_2mm"
"""Name of the template in resources/templates."""

ACROSS_LPS_MM, DOWN_LPS_MM = (-78.0, 77.0), (-74.0, 114.0)
"""First and last column and row of a plane of the MNI space, 1 mm apart, upper edge the front, right
edge the patient's left: the field of the slices the network learned, found by matching their mean with
the template (levels 16 to 18 mm, scale 0.99 to 1.00)."""

FEWEST_SLICES = 12
"""A head on fewer is not aligned: 130 mm of brain need that many of 11 mm."""

AIR_MM = 10.0
"""Around the template's head that is compared too."""

MISPLACED_MM = 1.0
"""How far the last slice may lie from where the first one and the spacing put it."""

IN_PLANE_MM = 0.75
"""Finer pixels are averaged two by two before the head is aligned: nothing is gained by them."""

FAINTEST = 1e-3
"""Share of the brain's median that its darkest fluid keeps, so that it stays brain, not background."""


@dataclass(frozen=True)
class BrainSpace:
    """What a manifest demands of a head brought to the MNI space, `task.parameters.brain_space`.

    levels_mm : lowest and highest plane read, above the origin. The rest are limits for a refusal:
    least_similarity, least_lead : normalised mutual information, and by how much it must exceed that
    of the head turned front for back or up for down. most_spread_mm : between two searches.
    scale : lowest and highest size of the head against the template, in any direction. most_turn_deg.
    brain_ml : lowest and highest. least_covered : share of the brain within the series.
    """

    template: str
    levels_mm: Pair
    least_similarity: float
    least_lead: float
    most_spread_mm: float
    scale: Pair
    most_turn_deg: float
    brain_ml: Pair
    least_covered: float


@dataclass(frozen=True, eq=False)
class Brought:
    """A head in the MNI space. planes : ndarray, shape (levels, rows, columns), float32, 1 mm apart on
    every axis, 0 outside of the brain; patient_from_template : (4, 4); LPS mm."""

    planes: Values
    first_level_mm: float
    patient_from_template: Matrix
    native_from_patient: Matrix
    shape: tuple[int, int, int]

    def crossed(self) -> tuple[int, ...]:
        """Slices of the series that lie within the planes, where there is brain."""
        return tuple(
            index for index in range(self.shape[0]) if self._within(self._places(index)).any()
        )

    def onto_slices(
        self, prepared: Sequence[Prepared], maps: Values, scores: Values
    ) -> tuple[Values, Values]:
        """Answers on the planes back on the slices they cross.

        prepared : each plane as the network saw it; maps : ndarray, shape (planes, rows, columns) of
        the tensor; scores : (planes,)

        Returns
        -------
        maps, shape (slices crossed, rows, columns of the series), 0 beyond the planes, and the
        highest score of the planes that each slice crosses
        """
        laid = np.stack([self._on_plane(*one) for one in zip(prepared, maps, strict=True)])
        slices, rated = [], []
        for index in self.crossed():
            places = self._places(index)
            within = self._within(places)
            found = ndimage.map_coordinates(laid, places, order=1, mode="nearest") * within
            slices.append(found.reshape(self.shape[1:]).astype(np.float32))
            levels = np.clip(np.rint(places[0][within]).astype(int), 0, len(laid) - 1)
            rated.append(float(scores[np.unique(levels)].max()))
        return np.stack(slices), np.array(rated, np.float32)

    def _on_plane(self, prepared: Prepared, values: Values) -> Values:
        rows, columns = self.planes.shape[1:]
        ref = FrameRef("", 0, Path())
        shown = Heatmap(ref, "", "", "", values, prepared.image_from_tensor_px)
        return resample(shown, rows, columns)

    def _places(self, index: int) -> Matrix:
        """Of the pixels of a slice: (plane, row, column), shape (3, pixels)."""
        rows, columns = self.shape[1:]
        row, column = np.indices((rows, columns)).reshape(2, -1)
        ijk = np.stack([np.full(row.shape, index), row, column, np.ones(row.shape)])
        mm = np.linalg.inv(self.native_from_patient @ self.patient_from_template) @ ijk
        corner = np.array([[self.first_level_mm], [DOWN_LPS_MM[0]], [ACROSS_LPS_MM[0]]])
        places: Matrix = mm[[2, 1, 0]] - corner
        return places

    def _within(self, places: Matrix) -> Mask:
        """Which of the places lie in the planes, half a millimetre beyond the outermost included."""
        last = np.array(self.planes.shape)[:, None] - 0.5
        return np.asarray(((places >= -0.5) & (places <= last)).all(axis=0), bool)


def declared(parameters: Mapping[str, object]) -> BrainSpace | None:
    """What the manifest's task demands, or None where it reads no heads as the scanner makes them."""
    stated = parameters.get("brain_space")
    return cattrs.structure(stated, BrainSpace) if isinstance(stated, Mapping) else None


def bring(volume: Volume, wanted: BrainSpace, tell: Tell) -> Brought | Refusal:
    """Align, check and strip a head; a Refusal with the reason where any check fails.

    tell : takes the share done; may raise Cancelled
    """
    native = native_grid(volume)
    if native is None:
        return _refused(
            _("the files do not state where the slices lie, what they measure, or both")
        )
    template = _template()
    found = align(_thinned(native), template.head, template.compared, lambda s: tell(0.9 * s))
    reason = _unsure(found, wanted)
    if reason:
        return _refused(reason)
    return _stripped(native, found, template, wanted, lambda s: tell(0.9 + 0.1 * s))


def native_grid(volume: Volume) -> Grid | None:
    """The series as voxels (slice, row, column) in the patient; None where its places are not stated."""
    spacing, first, last = volume.spacing_mm, volume.frames[0].plane, volume.frames[-1].plane
    if spacing is None or first is None or last is None or len(volume.frames) < 2:
        return None
    matrix = np.eye(4)
    directions = (first.normal, np.array(first.column_cosines), np.array(first.row_cosines))
    matrix[:3, :3] = np.stack(directions, axis=1) * spacing
    matrix[:3, 3] = first.position_lps_mm
    end = matrix @ [len(volume.frames) - 1, 0, 0, 1]
    if np.linalg.norm(end[:3] - np.array(last.position_lps_mm)) > MISPLACED_MM:
        return None
    slices = [finite(without_padding(one, modality_values(one))) for one in volume.frames]
    values = np.stack(slices)
    return Grid(values - min(0.0, float(values.min())), matrix)


@dataclass(frozen=True, eq=False)
class Template:
    """head : FLAIR-like grey values; brain : (i, j, k), bool; compared : head with air around it."""

    head: Grid
    brain: Mask
    compared: Mask

    @property
    def spacing_mm(self) -> float:
        return float(self.head.space_mm_from_ijk[0, 0])


@cache
def _template() -> Template:
    with np.load(resource("templates", f"{TEMPLATE}.npz")) as kept:
        values, brain = kept["head"].astype(np.float32), kept["brain"].astype(bool)
        outline, matrix = kept["outline"].astype(bool), kept["lps_mm_from_ijk"].astype(np.float64)
    far = ndimage.distance_transform_edt(~outline, matrix[0, 0])
    return Template(Grid(values, matrix), brain, np.asarray(far <= AIR_MM, bool))


def _thinned(native: Grid) -> Grid:
    """Pixels finer than IN_PLANE_MM averaged two by two."""
    if native.space_mm_from_ijk[:3, 1].max() and _in_plane_mm(native) >= IN_PLANE_MM:
        return native
    rows, columns = (length // 2 * 2 for length in native.values.shape[1:])
    whole = native.values[:, :rows, :columns]
    halved = whole.reshape(len(whole), rows // 2, 2, columns // 2, 2).mean(axis=(2, 4))
    step = np.diag([1.0, 2.0, 2.0, 1.0])
    step[1:3, 3] = 0.5
    return Grid(halved.astype(np.float32), native.space_mm_from_ijk @ step)


def _in_plane_mm(native: Grid) -> float:
    return float(np.linalg.norm(native.space_mm_from_ijk[:3, 1:3], axis=0).min())


def _unsure(found: Alignment, wanted: BrainSpace) -> str:
    """Why the alignment is not trusted, or ""; the first reason that holds."""
    return next((reason for check in _CHECKS if (reason := check(found, wanted))), "")


def _unlike(found: Alignment, wanted: BrainSpace) -> str:
    if found.similarity >= wanted.least_similarity:
        return ""
    return _(
        "it is too unlike a head on FLAIR (similarity {found:.3f}, at least {least:.3f} is needed)"
    ).format(found=found.similarity, least=wanted.least_similarity)


def _ambiguous(found: Alignment, wanted: BrainSpace) -> str:
    if found.similarity - found.rival >= wanted.least_lead:
        return ""
    return _(
        "turned front for back or up for down it fits about as well ({rival:.3f} against"
        " {found:.3f}), so that the directions the file states are in doubt"
    ).format(rival=found.rival, found=found.similarity)


def _scattered(found: Alignment, wanted: BrainSpace) -> str:
    if found.spread_mm <= wanted.most_spread_mm:
        return ""
    return _("two searches end {found:.1f} mm apart, at most {most:.1f} mm are allowed").format(
        found=found.spread_mm, most=wanted.most_spread_mm
    )


def _misshapen(found: Alignment, wanted: BrainSpace) -> str:
    sizes = np.linalg.svd(found.patient_from_template[:3, :3])[1]
    if wanted.scale[0] <= sizes.min() and sizes.max() <= wanted.scale[1]:
        return ""
    return _(
        "the head would be {low:.2f} to {high:.2f} times the size of an average one; {least:.2f} to"
        " {most:.2f} are plausible"
    ).format(low=sizes.min(), high=sizes.max(), least=wanted.scale[0], most=wanted.scale[1])


def _turned(found: Alignment, wanted: BrainSpace) -> str:
    left, _sizes, right = np.linalg.svd(found.patient_from_template[:3, :3])
    angle = float(np.degrees(np.arccos(np.clip((np.trace(left @ right) - 1) / 2, -1, 1))))
    if angle <= wanted.most_turn_deg:
        return ""
    return _("the head would be turned by {found:.0f}°, at most {most:.0f}° are plausible").format(
        found=angle, most=wanted.most_turn_deg
    )


_CHECKS: tuple[Callable[[Alignment, BrainSpace], str], ...] = (
    _unlike,
    _ambiguous,
    _scattered,
    _misshapen,
    _turned,
)


def _refused(reason: str) -> Refusal:
    sentence = _(
        "The series could not be brought to the space in which the model learned: {reason}. Nothing"
        " was looked for."
    )
    return Refusal(sentence.format(reason=reason))


def _stripped(
    native: Grid, found: Alignment, template: Template, wanted: BrainSpace, tell: Tell
) -> Brought | Refusal:
    native_from_patient = np.linalg.inv(native.space_mm_from_ijk).astype(np.float64)
    native_from_template = native_from_patient @ found.patient_from_template
    values, seen = _sampled(
        native, native_from_template @ template.head.space_mm_from_ijk, template.brain.shape
    )
    tell(0.3)
    covered = float(seen[template.brain].mean())
    if covered < wanted.least_covered:
        return _refused(
            _("only {found:.0%} of the brain lie within the series, {least:.0%} are needed").format(
                found=covered, least=wanted.least_covered
            )
        )
    brain = brain_in(values, template.brain, template.spacing_mm)
    tell(0.7)
    size = abs(float(np.linalg.det(found.patient_from_template[:3, :3])))
    ml = float(brain.sum()) * template.spacing_mm**3 * size / 1000
    if not wanted.brain_ml[0] <= ml <= wanted.brain_ml[1]:
        return _refused(
            _(
                "the brain would measure {found:.0f} ml; {least:.0f} to {most:.0f} ml are plausible"
            ).format(found=ml, least=wanted.brain_ml[0], most=wanted.brain_ml[1])
        )
    planes = _planes(native, native_from_template, template, brain, wanted)
    if planes is None:
        return _refused(_("the level that the model reads does not lie whole within the series"))
    tell(1.0)
    return Brought(
        planes,
        wanted.levels_mm[0],
        found.patient_from_template,
        native_from_patient,
        (native.values.shape[0], native.values.shape[1], native.values.shape[2]),
    )


def _sampled(native: Grid, native_from_ijk: Matrix, shape: tuple[int, ...]) -> tuple[Values, Mask]:
    """The series at every voxel of a grid, and which of them lie in it."""
    ijk = np.indices(shape).reshape(3, -1)
    places = native_from_ijk[:3, :3] @ ijk + native_from_ijk[:3, 3:]
    last = np.array(native.values.shape)[:, None] - 0.5
    seen = ((places > -0.5) & (places < last)).all(axis=0)
    values = ndimage.map_coordinates(native.values, places, order=1, mode="nearest") * seen
    return values.reshape(shape).astype(np.float32), seen.reshape(shape)


def _planes(
    native: Grid,
    native_from_template: Matrix,
    template: Template,
    brain: Mask,
    wanted: BrainSpace,
) -> Values | None:
    """Stripped planes, shape (levels, rows, columns); None where one is not whole in the series."""
    levels, matrix = _plane_grid(wanted)
    rows, columns = (round(last - first) + 1 for first, last in (DOWN_LPS_MM, ACROSS_LPS_MM))
    shape = (levels, rows, columns)
    values, seen = _sampled(native, native_from_template @ matrix, shape)
    from_template = np.linalg.inv(template.head.space_mm_from_ijk) @ matrix
    ijk = np.indices(shape).reshape(3, -1)
    places = from_template[:3, :3] @ ijk + from_template[:3, 3:]
    share = ndimage.map_coordinates(brain.astype(np.float32), places, order=1).reshape(shape)
    inside = share >= 0.5
    if not seen[inside].all():
        return None
    least = FAINTEST * float(np.median(values[inside]))
    return np.where(inside, np.maximum(values, least), 0).astype(np.float32)


def _plane_grid(wanted: BrainSpace) -> tuple[int, Matrix]:
    """How many levels, and (level, row, column) to LPS mm of the template's space."""
    first, last = wanted.levels_mm
    matrix = np.zeros((4, 4))
    matrix[2, 0] = matrix[1, 1] = matrix[0, 2] = matrix[3, 3] = 1.0
    matrix[:3, 3] = ACROSS_LPS_MM[0], DOWN_LPS_MM[0], first
    return round(last - first) + 1, matrix
