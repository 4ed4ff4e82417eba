"""Nodules in a CT series: lungs, round places in them, a network's score of each, merged in 3-D.

The network sees a square of one slice around each place, and of its neighbours where the lesion
reaches them; their scores are averaged.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.base.i18n import _
from viewer.domain.finding import Mark
from viewer.domain.geometry import Affine2D
from viewer.domain.volume import Volume
from viewer.imaging.modality_lut import modality_values
from viewer.inference.blobs import Blob, blobs
from viewer.inference.film import without_padding
from viewer.inference.lesions import Lesion, box_px, lesions, longest_px, outline_px
from viewer.inference.lungs import (
    CoarseGrid,
    LungFacts,
    LungLimits,
    coarse_grid,
    lung_facts,
    lung_field,
)
from viewer.inference.manifest import Manifest, words
from viewer.inference.preprocessing import preprocess
from viewer.inference.quality_gate import without_ai
from viewer.inference.task import (
    LabelMap,
    Reading,
    Refusal,
    SeriesInput,
    Statement,
    Tell,
    Tensors,
)

Values = NDArray[np.float32]

GRID_DONE, LUNGS_DONE, BLOBS_DONE = 0.3, 0.45, 0.7
"""Share of the questions' time behind each step, roughly."""

NEIGHBOUR = 0.25
"""A slice this share of the diameter away still shows the lesion well."""

SMALLEST_SERIES_MM = 40.0
"""A shorter stack holds too little lung to be called a chest."""


@dataclass(frozen=True, eq=False)
class _Asked:
    """What was asked, to read the answers by. owner: for each patch, the index of its place."""

    volume: Volume
    manifest: Manifest
    grid: CoarseGrid
    field: NDArray[np.bool_]
    places: tuple[Blob, ...]
    owner: NDArray[np.intp]

    @cached_property
    def middle_lps_mm(self) -> NDArray[np.float64] | None:
        """Of both lungs, LPS."""
        counts = (self.field.sum(axis=axes) for axes in ((1, 2), (0, 2), (0, 1)))
        down, along, across = (float(np.average(np.arange(n.size), weights=n)) for n in counts)
        return self.volume.lps_mm(self.grid.in_series((down, along, across)))


class Detection:
    """Places in the lungs to one statement per lesion, with its slice, box, diameter and position."""

    key = "detection"

    def problems(self, manifest: Manifest) -> tuple[str, ...]:
        """Checks the parameters, and that one score answers one square patch."""
        return tuple(_problems(manifest))

    def ask(self, volume: Volume, manifest: Manifest, tell: Tell) -> SeriesInput | Refusal:
        """Patches around all places; refuses series without spacing or without lungs."""
        spacing_mm, refusal = _spacing(volume)
        if spacing_mm is None:
            return refusal
        count = len(volume.frames)
        grid = coarse_grid(
            lambda i: _hounsfield(volume, i), count, spacing_mm, _part(tell, 0, GRID_DONE)
        )
        field = lung_field(grid, _part(tell, GRID_DONE, LUNGS_DONE))
        if not field.any():
            return Refusal(
                _("No lung was recognised in this series, so nothing was looked for.")
                + without_ai()
            )
        implausible = _implausible(lung_facts(grid, field), manifest)
        if implausible:
            return Refusal(implausible + without_ai())
        most = int(_number(manifest, "max_candidates"))
        places = blobs(grid, field, most, _part(tell, LUNGS_DONE, BLOBS_DONE))
        batch, owner = _patches(volume, manifest, grid, places, _part(tell, BLOBS_DONE, 1.0))
        asked = _Asked(volume, manifest, grid, field, places, owner)
        return SeriesInput(batch, lambda outputs, told: _read(asked, outputs, told))


def _implausible(found: LungFacts, manifest: Manifest) -> str:
    """Why what was recognised cannot be lungs, or ""."""
    limits = _lung_limits(manifest)
    if limits is None:
        return ""
    if found.volume_ml < limits.least_ml:
        return _(
            "Only {found:.0f} ml of lung were recognised in this series, at least {least:.0f} ml are"
            " needed: it may show another body part, or too small a part of the chest."
        ).format(found=found.volume_ml, least=limits.least_ml)
    low, high = limits.mean_hu
    if not low <= found.mean_hu <= high:
        return _(
            "What was taken for lung has {found:.0f} HU on average, lung has {low:.0f} to"
            " {high:.0f} HU: it may be gas elsewhere, or the values are wrongly scaled."
        ).format(found=found.mean_hu, low=low, high=high)
    if found.spread_hu < limits.least_spread_hu:
        return _(
            "What was taken for lung is as even as air ({found:.0f} HU between its quartiles, lung"
            " has at least {least:.0f} HU): it may be a phantom or gas elsewhere."
        ).format(found=found.spread_hu, least=limits.least_spread_hu)
    return ""


def _lung_limits(manifest: Manifest) -> LungLimits | None:
    declared = manifest.task.parameters.get("lung")
    if not isinstance(declared, Mapping):
        return None
    low, high = declared["mean_hu"]
    return LungLimits(
        float(declared["least_ml"]), (float(low), float(high)), float(declared["least_spread_hu"])
    )


def _part(tell: Tell, first: float, last: float) -> Tell:
    return lambda share: tell(first + (last - first) * share)


def _spacing(volume: Volume) -> tuple[tuple[float, float, float] | None, Refusal]:
    spacing = volume.spacing_mm
    if spacing is None or volume.frames[0].plane is None:
        return None, Refusal(
            _(
                "The files do not state where the slices lie and how far apart; nothing was measured."
            )
            + without_ai()
        )
    if volume.frames[0].unit != "HU":
        return None, Refusal(
            _("The files do not give their values in Hounsfield units.") + without_ai()
        )
    if spacing[0] * len(volume.frames) < SMALLEST_SERIES_MM:
        return None, Refusal(_("The series is too short to be read as a chest.") + without_ai())
    return spacing, Refusal("")


def _hounsfield(volume: Volume, index: int) -> Values:
    frame = volume.frames[index]
    return without_padding(frame, modality_values(frame))


def _patches(
    volume: Volume, manifest: Manifest, grid: CoarseGrid, places: tuple[Blob, ...], tell: Tell
) -> tuple[Values, NDArray[np.intp]]:
    """All patches (n, 1, side, side), and the place that each belongs to; slice by slice."""
    wanted = sorted(_wanted(volume, grid, places))
    side = manifest.input.shape[-1]
    batch = np.zeros((len(wanted), 1, side, side), np.float32)
    values, loaded = np.zeros((0, 0), np.float32), -1
    for row, (slice_, owner) in enumerate(wanted):
        if slice_ != loaded:
            values, loaded = _hounsfield(volume, slice_), slice_
            tell(row / len(wanted))
        batch[row, 0] = _patch(values, volume, manifest, grid, places[owner])
    return batch, np.array([owner for _slice, owner in wanted], dtype=np.intp)


def _wanted(
    volume: Volume, grid: CoarseGrid, places: tuple[Blob, ...]
) -> Iterator[tuple[int, int]]:
    """(slice of the series, index of the place): the middle one and those the lesion reaches."""
    between = volume.slice_mm or 1.0
    last = len(volume.frames) - 1
    for owner, place in enumerate(places):
        middle = round(grid.in_series(place.place)[0])
        step = int(NEIGHBOUR * place.diameter_mm / between)
        for slice_ in {middle - step, middle, middle + step}:
            yield min(max(slice_, 0), last), owner


def _patch(
    values: Values, volume: Volume, manifest: Manifest, grid: CoarseGrid, place: Blob
) -> Values:
    """The square around a place at the network's scale; a large lesion at a smaller one."""
    assert volume.pixel_mm is not None
    side = manifest.input.shape[-1]
    shrink = max(1.0, place.diameter_mm / _number(manifest, "largest_in_patch_mm"))
    half_mm = side * _number(manifest, "patch_spacing_mm") * shrink / 2
    _slice, row, column = grid.in_series(place.place)
    square = _cut(
        values, (row, column), (half_mm / volume.pixel_mm[0], half_mm / volume.pixel_mm[1])
    )
    resized = np.asarray(
        Image.fromarray(square[0]).resize((side, side), Image.Resampling.BILINEAR, box=square[1]),
        dtype=np.float32,
    )
    return preprocess(resized, monochrome1=False, operations=manifest.input.operations).tensor


def _cut(
    values: Values, centre: tuple[float, float], half: tuple[float, float]
) -> tuple[Values, tuple[float, float, float, float]]:
    """Whole pixels around a square, continued at the image's edge, and the square's box in them."""
    first = [int(np.floor(at + 0.5 - reach)) - 1 for at, reach in zip(centre, half, strict=True)]
    last = [int(np.ceil(at + 0.5 + reach)) + 1 for at, reach in zip(centre, half, strict=True)]
    rows, columns = (
        np.clip(np.arange(start, end), 0, length - 1)
        for start, end, length in zip(first, last, values.shape, strict=True)
    )
    top, left = (at + 0.5 - reach - f for at, reach, f in zip(centre, half, first, strict=True))
    box = (left, top, left + 2 * half[1], top + 2 * half[0])
    return np.ascontiguousarray(values[np.ix_(rows, columns)]), box


def _read(asked: _Asked, outputs: Tensors, tell: Tell) -> Reading | Refusal:
    scores = outputs[asked.manifest.outputs[0].tensor][:, 0].astype(np.float64)
    counts = np.bincount(asked.owner, minlength=len(asked.places))
    sums = np.bincount(asked.owner, scores, minlength=len(asked.places))
    means = sums / np.maximum(counts, 1)
    most = int(_number(asked.manifest, "max_findings"))
    found = []
    for lesion in lesions(asked.grid, asked.field, asked.places, means, most + 1):
        found.append(lesion)
        tell(0.5 * len(found) / (most + 1))
    statements, maps = [], []
    for lesion in found[:most]:
        statement, own = _stated(asked, lesion)
        if statement is not None:
            statements.append(statement)
            maps += own
    return Reading(tuple(statements) or (_nothing(asked),), tuple(maps), _cautions(asked, found))


def _stated(asked: _Asked, lesion: Lesion) -> tuple[Statement | None, list[LabelMap]]:
    """One lesion in words and marks; None where it is smaller than what is reported."""
    assert asked.volume.pixel_mm is not None
    points = outline_px(asked.grid, lesion.inside[lesion.middle])
    ends, diameter = longest_px(points, asked.volume.pixel_mm)
    if diameter < _number(asked.manifest, "smallest_diameter_mm"):
        return None, []
    spec = asked.manifest.findings[0]
    slice_ = round(asked.grid.in_series((lesion.middle, 0, 0))[0])
    slice_ = min(max(slice_, 0), len(asked.volume.frames) - 1)
    title = _("{finding} {size:.0f} mm, slice {slice}").format(
        finding=words(spec.display), size=diameter, slice=asked.volume.number(slice_)
    )
    marks = [Mark(_position(asked, lesion, diameter), box_px(points), closed=True)]
    if diameter >= SHORTEST_DRAWN_MM:
        marks.append(Mark(_("{size:.0f} mm").format(size=diameter), ends))
    ref = asked.volume.frames[slice_].ref
    part = "/".join(str(index) for index in lesion.centre)
    statement = Statement(
        spec.key, lesion.score, tuple(marks), _side(asked, lesion), ref=ref, title=title, part=part
    )
    return statement, list(_maps(asked, lesion, title))


SHORTEST_DRAWN_MM = 12.0
"""A shorter diameter is said, not drawn: line and box would lie on top of one another."""


def _position(asked: _Asked, lesion: Lesion, diameter_mm: float) -> str:
    """How wide it is, and where its centre lies in the patient, by the letters of the biped."""
    place = asked.volume.lps_mm(asked.grid.in_series(lesion.centre))
    assert place is not None
    letters = (
        f"{positive if mm >= 0 else negative} {abs(mm):.0f}"
        for mm, positive, negative in zip(place.tolist(), "LPS", "RAI", strict=True)
    )
    return _("{size:.0f} mm at {place} mm").format(size=diameter_mm, place=", ".join(letters))


def _side(asked: _Asked, lesion: Lesion) -> str:
    """L or R of the middle of both lungs, along the patient's own left; "" where it is close."""
    place = asked.volume.lps_mm(asked.grid.in_series(lesion.centre))
    assert asked.middle_lps_mm is not None and place is not None
    offset = float(place[0] - asked.middle_lps_mm[0])
    if abs(offset) < MIDLINE_MM:
        return ""
    return "L" if offset > 0 else "R"


MIDLINE_MM = 20.0
"""Nearer to the middle of the lungs than this, no side is stated."""


def _maps(asked: _Asked, lesion: Lesion, title: str) -> Iterator[LabelMap]:
    """Its region on every slice of the series that it reaches, shaded by the score."""
    depth, height, width = asked.grid.block
    matrix = Affine2D.scale_translate(width, height, width / 2 - 0.5, height / 2 - 0.5)
    last = len(asked.volume.frames)
    for layer in np.flatnonzero(lesion.inside.any(axis=(1, 2))):
        values = lesion.inside[layer].astype(np.float32) * np.float32(lesion.score)
        for slice_ in range(int(layer) * depth, min((int(layer) + 1) * depth, last)):
            ref = asked.volume.frames[slice_].ref
            yield LabelMap(title, values, ref=ref, image_from_map_px=matrix)


def _nothing(asked: _Asked) -> Statement:
    """No place was worth the network's while: a score of 0, on the middle slice."""
    middle = asked.volume.frames[len(asked.volume.frames) // 2]
    return Statement(asked.manifest.findings[0].key, 0.0, ref=middle.ref)


def _cautions(asked: _Asked, found: list[Lesion]) -> tuple[str, ...]:
    most = int(_number(asked.manifest, "max_findings"))
    thresholds = asked.manifest.operating_point.thresholds
    limit = thresholds[asked.manifest.findings[0].key]
    if len(found) <= most or found[most].score <= limit:
        return asked.volume.cautions
    more = _(
        "More than {most} places are above the threshold; those with the highest score are shown."
    )
    return (*asked.volume.cautions, more.format(most=most))


def _problems(manifest: Manifest) -> Iterator[str]:
    first = manifest.outputs[0]
    if (first.type, first.layout, first.shape[1:]) != ("probabilities", "NC", (1,)):
        yield _("the first output must be one probability for each patch, in the layout NC")
    shape = manifest.input.shape
    if len(shape) != 4 or shape[1] != 1 or shape[2] != shape[3]:
        yield _("the input must be square patches of one channel")
    if len(manifest.findings) != 1:
        yield _("a task of this kind proposes one kind of finding")
    for name in PARAMETERS:
        if not isinstance(manifest.task.parameters.get(name), int | float):
            yield _("task.parameters.{name} must be a number").format(name=name)
    if manifest.explanation.method != "native_map":
        yield _("explanation.method of this kind is native_map: the region, shaded by its score")
    if not _is_lung(manifest.task.parameters.get("lung")):
        yield _("task.parameters.lung must hold least_ml, mean_hu (two) and least_spread_hu")


def _is_lung(declared: object) -> bool:
    """Whether the limits of what may be called lung are whole, or left out."""
    if declared is None:
        return True
    if not isinstance(declared, Mapping):
        return False
    mean = declared.get("mean_hu")
    numbers = [declared.get("least_ml"), declared.get("least_spread_hu")]
    numbers += mean if isinstance(mean, list) and len(mean) == 2 else [None]
    return all(isinstance(number, int | float) for number in numbers)


def _number(manifest: Manifest, name: str) -> float:
    parameters: Mapping[str, object] = manifest.task.parameters
    return float(str(parameters[name]))


PARAMETERS = (
    "patch_spacing_mm",
    "largest_in_patch_mm",
    "max_candidates",
    "max_findings",
    "smallest_diameter_mm",
)

PLUGIN = Detection()
