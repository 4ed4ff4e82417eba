"""A head as the scanner made it, brought to the MNI space: aligned, checked, stripped, and the way back.

Whatever cannot be brought there for certain is refused with the reason: a wrong place is worse than none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from viewer.base.i18n import _
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Heatmap
from viewer.domain.volume import Volume
from viewer.imaging.heatmap import resample
from viewer.imaging.modality_lut import modality_values
from viewer.inference.alignment import Alignment, Grid, Matrix, align
from viewer.inference.brain_limits import BrainSpace, unsure
from viewer.inference.brain_mask import brain_in
from viewer.inference.brain_template import (
    ACROSS_LPS_MM,
    DOWN_LPS_MM,
    Template,
    plane_grid,
    sampled,
    template_head,
    tissues,
)
from viewer.inference.film import finite, without_padding
from viewer.inference.preprocessing import Prepared
from viewer.inference.task import Refusal, Tell

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]

MISPLACED_MM = 1.0
"""How far the last slice may lie from where the first one and the spacing put it."""

IN_PLANE_MM = 0.75
"""Finer pixels are averaged two by two before the head is aligned: nothing is gained by them."""

FEWEST_SLICES = 12
"""A head on fewer is not aligned: 130 mm of brain need that many of 11 mm."""

FAINTEST = 1e-3
"""Share of the brain's median that its darkest fluid keeps, so that it stays brain, not background."""


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


def bring(volume: Volume, wanted: BrainSpace, tell: Tell) -> Brought | Refusal:
    """Align, check and strip a head; a Refusal with the reason where any check fails.

    tell : takes the share done; may raise Cancelled
    """
    native = native_grid(volume, tell)
    if native is None:
        return _refused(
            _("the files do not state where the slices lie, what they measure, or both")
        )
    tell(0.0)
    template = template_head()
    tell(0.0)
    thinned = _thinned(native)
    found = align(thinned, template.head, template.compared, lambda s: tell(0.9 * s))
    reason = unsure(found, wanted)
    if reason:
        return _refused(reason)
    return _stripped(native, found, template, wanted, lambda s: tell(0.9 + 0.1 * s))


def native_grid(volume: Volume, tell: Tell) -> Grid | None:
    """The series as voxels (slice, row, column) in the patient; None where its places are not stated.

    tell : called at every slice
    """
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
    values = np.empty((len(volume.frames), *volume.frames[0].stored.shape), np.float32)
    for index, frame in enumerate(volume.frames):
        tell(0.0)
        values[index] = finite(without_padding(frame, modality_values(frame)))
    tell(0.0)
    values -= min(0.0, float(values.min()))
    return Grid(values, matrix)


def _thinned(native: Grid) -> Grid:
    """Pixels finer than IN_PLANE_MM averaged two by two."""
    if float(np.linalg.norm(native.space_mm_from_ijk[:3, 1:3], axis=0).min()) >= IN_PLANE_MM:
        return native
    rows, columns = (length // 2 * 2 for length in native.values.shape[1:])
    whole = native.values[:, :rows, :columns]
    halved = whole.reshape(len(whole), rows // 2, 2, columns // 2, 2).mean(axis=(2, 4))
    step = np.diag([1.0, 2.0, 2.0, 1.0])
    step[1:3, 3] = 0.5
    return Grid(halved.astype(np.float32), native.space_mm_from_ijk @ step)


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
    values, seen = sampled(
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
    brain = brain_in(values, template.brain, template.spacing_mm, lambda: tell(0.5))
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
    sequence = _other_sequence(planes, template, wanted)
    if sequence:
        return _refused(sequence)
    tell(1.0)
    return Brought(
        planes,
        wanted.levels_mm[0],
        found.patient_from_template,
        native_from_patient,
        (native.values.shape[0], native.values.shape[1], native.values.shape[2]),
    )


def _planes(
    native: Grid,
    native_from_template: Matrix,
    template: Template,
    brain: Mask,
    wanted: BrainSpace,
) -> Values | None:
    """Stripped planes, shape (levels, rows, columns); None where one is not whole in the series."""
    shape, matrix = plane_grid(wanted.levels_mm)
    values, seen = sampled(native, native_from_template @ matrix, shape)
    from_template = np.linalg.inv(template.head.space_mm_from_ijk) @ matrix
    ijk = np.indices(shape).reshape(3, -1)
    places = from_template[:3, :3] @ ijk + from_template[:3, 3:]
    share = ndimage.map_coordinates(brain.astype(np.float32), places, order=1).reshape(shape)
    inside = share >= 0.5
    if not seen[inside].all():
        return None
    least = FAINTEST * float(np.median(values[inside]))
    return np.where(inside, np.maximum(values, least), 0).astype(np.float32)


def _other_sequence(planes: Values, template: Template, wanted: BrainSpace) -> str:
    """Why the brightness of its tissues is not that of FLAIR, or ""."""
    white, grey, fluid = (planes[tissue] for tissue in tissues(template, wanted.levels_mm))
    usual = float(np.median(grey))
    whiter, wetter = float(np.median(white)) / usual, float(np.percentile(fluid, 25)) / usual
    if whiter > wanted.most_white_to_grey:
        return _(
            "white matter is {found:.2f} times as bright as grey matter, on FLAIR at most"
            " {most:.2f}: it may be a T1 sequence"
        ).format(found=whiter, most=wanted.most_white_to_grey)
    if wetter > wanted.most_fluid_to_grey:
        return _(
            "the fluid of the ventricles is {found:.2f} times as bright as grey matter, on FLAIR at"
            " most {most:.2f}: it may be a T2 sequence"
        ).format(found=wetter, most=wanted.most_fluid_to_grey)
    return ""
