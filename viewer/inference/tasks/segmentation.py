"""Lesions on the slices of a series, or on a film: a network's map of each, joined in 3-D, with their volume.

The network gives a map of probabilities and one score for each slice and label. It reads axial slices
turned face up, or, where the manifest says `"position": "as_stored"`, whatever hangs as it is stored.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from viewer.base.i18n import _
from viewer.domain.finding import Mark
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame, Heatmap
from viewer.domain.volume import Volume
from viewer.imaging.display import shows_low_as_white
from viewer.imaging.heatmap import resample
from viewer.imaging.modality_lut import modality_values
from viewer.inference import brain_limits, brain_space
from viewer.inference.applicability import orientation_refusal
from viewer.inference.brain_only import declared_size, is_brain_only
from viewer.inference.film import prepare_values, without_padding
from viewer.inference.lesions import box_px, longest_px
from viewer.inference.manifest import Manifest, words
from viewer.inference.manifest_parts import FindingSpec, LabelSpec
from viewer.inference.preprocessing import Prepared, preprocess
from viewer.inference.quality_gate import without_ai
from viewer.inference.segmentation_manifest import AS_STORED, POSITION, problems
from viewer.inference.task import (
    LabelMap,
    Reading,
    Refusal,
    SeriesInput,
    Statement,
    Tell,
    Tensors,
)
from viewer.inference.upright import upright

Mask = NDArray[np.bool_]
Values = NDArray[np.float32]

FAINTEST_MAP = 0.05
"""A slice whose map is fainter everywhere has nothing to show, and is not kept."""

LEAST_STRIPPED = 0.2
"""Share of the slices of a stripped brain that have the size of one at the ventricles; of a series with
fewer, the whole head is brought to the MNI space where the manifest says how."""

SORTED = 0.1
"""Share of the time of preparing such a head until its slices were looked at."""


@dataclass(frozen=True, eq=False)
class _Asked:
    """What was asked: slices of the volume by index, with the way from tensor to image.

    brought: where planes of a head brought to the MNI space were asked; `prepared` then are these,
    `slices` those that the planes cross.
    """

    volume: Volume
    manifest: Manifest
    slices: tuple[int, ...]
    prepared: tuple[Prepared, ...]
    brought: brain_space.Brought | None = None


@dataclass(frozen=True, eq=False)
class _Answer:
    """What the network says of one label. maps: shape (slices asked, rows, columns); scores: (slices asked)."""

    asked: _Asked
    label: LabelSpec
    spec: FindingSpec
    maps: Values
    scores: Values


@dataclass(frozen=True, eq=False)
class _Lesion:
    """One piece of the outline. inside: shape (slices, rows, columns) of the box; slices: of the volume."""

    inside: Mask
    corner: tuple[int, int, int]
    score: float


class Segmentation:
    """A map and a score per slice and label to one statement per lesion, with slice, box, diameter, volume."""

    key = "segmentation"

    def problems(self, manifest: Manifest) -> tuple[str, ...]:
        """Checks both outputs and the parameters."""
        return tuple(problems(manifest))

    def ask(self, volume: Volume, manifest: Manifest, tell: Tell) -> SeriesInput | Refusal:
        """All slices that the network can read; a Refusal where there is none."""
        sideways = _sideways(volume, manifest)
        if sideways:
            return Refusal(sideways)
        wanted = brain_limits.declared(manifest.task.parameters)
        indices, prepared = [], []
        for i, frame in enumerate(volume.frames):
            slice_ = _prepared(frame, volume.pixel_mm, manifest)
            if slice_ is not None:
                indices.append(i)
                prepared.append(slice_)
            tell((i + 1) / len(volume.frames) * (SORTED if wanted else 1.0))
        if (
            wanted
            and len(volume.frames) >= brain_space.FEWEST_SLICES
            and len(prepared) < LEAST_STRIPPED * len(volume.frames)
        ):
            return _of_heads(volume, manifest, wanted, _part(tell, SORTED, 1.0))
        if not prepared:
            return Refusal(_not_stripped() + without_ai())
        batch = np.stack([slice_.tensor for slice_ in prepared])[:, None]
        asked = _Asked(volume, manifest, tuple(indices), tuple(prepared))
        return SeriesInput(batch, lambda outputs, told: _read(asked, outputs, told))


def _of_heads(
    volume: Volume, manifest: Manifest, wanted: brain_limits.BrainSpace, tell: Tell
) -> SeriesInput | Refusal:
    """Planes of a head that was brought to the MNI space, whose answers are laid back on the slices."""
    brought = brain_space.bring(volume, wanted, tell)
    if isinstance(brought, Refusal):
        return Refusal(brought.reason + without_ai())
    size = declared_size(manifest.task.parameters)
    middle = brought.planes[len(brought.planes) // 2]
    if size is not None and not is_brain_only(middle, (1.0, 1.0), size):
        return Refusal(_not_clean() + without_ai())
    prepared = tuple(
        preprocess(
            plane, monochrome1=False, operations=manifest.input.operations, pixel_mm=(1.0, 1.0)
        )
        for plane in brought.planes
    )
    asked = _Asked(volume, manifest, brought.crossed(), prepared, brought)
    batch = np.stack([plane.tensor for plane in prepared])[:, None]
    return SeriesInput(batch, lambda outputs, told: _read(asked, outputs, told))


def _not_clean() -> str:
    return _(
        "The series was brought to the space in which the model learned, but skull or scalp are left"
        " on the brain, or it has not the size of one. Nothing was looked for."
    )


def _sideways(volume: Volume, manifest: Manifest) -> str:
    """Why a film that is read as it is stored hangs otherwise than those learned, or ""."""
    if not _as_stored(manifest):
        return ""
    return orientation_refusal(manifest, volume.frames[0].edges)


def _as_stored(manifest: Manifest) -> bool:
    return manifest.task.parameters.get(POSITION) == AS_STORED


def _not_stripped() -> str:
    return _(
        "The model learned brains without skull and scalp, aligned to the MNI space; these slices"
        " are not. A head is brought there from a whole series of it alone, of {least} slices or"
        " more. Nothing was looked for."
    ).format(least=brain_space.FEWEST_SLICES)


def _prepared(
    frame: Frame, pixel_mm: tuple[float, float] | None, manifest: Manifest
) -> Prepared | None:
    """One slice for the network, or None where it is not what the network reads."""
    if _as_stored(manifest):
        return prepare_values(frame, manifest.input.operations, pixel_mm)
    values = without_padding(frame, modality_values(frame))
    turned, back, transposed = upright(values, frame.edges)
    upright_mm = pixel_mm and (pixel_mm[::-1] if transposed else pixel_mm)
    size = declared_size(manifest.task.parameters)
    if size is not None and not (upright_mm and is_brain_only(turned, upright_mm, size)):
        return None
    made = preprocess(
        turned,
        monochrome1=shows_low_as_white(frame),
        operations=manifest.input.operations,
        pixel_mm=upright_mm,
    )
    return Prepared(made.tensor, back @ made.image_from_tensor_px)


def _read(asked: _Asked, outputs: Tensors, tell: Tell) -> Reading | Refusal:
    maps, scores = (outputs[output.tensor] for output in asked.manifest.outputs[:2])
    answers = tuple(_answers(asked, maps, scores))
    statements: list[Statement] = []
    shown: list[LabelMap] = []
    cautions = list(_cautions(asked))
    for number, answer in enumerate(answers):
        found = _found(answer, _part(tell, number / len(answers), (number + 1) / len(answers)))
        statements += _statements(answer, found)
        shown += _shown(answer)
        cautions += _cautions_of(answer, found)
    return Reading(tuple(statements), tuple(shown), tuple(dict.fromkeys(cautions)))


def _answers(asked: _Asked, maps: Values, scores: Values) -> Iterator[_Answer]:
    """One for each label; maps (n, labels, rows, columns), scores (n, labels)."""
    specs = {spec.key: spec for spec in asked.manifest.findings}
    for label in asked.manifest.labels:
        own = np.s_[:, label.index]
        shown, rated = maps[own], scores[own]
        if asked.brought is not None:
            shown, rated = asked.brought.onto_slices(asked.prepared, shown, rated)
        yield _Answer(asked, label, specs[label.key], shown, rated)


def _part(tell: Tell, first: float, last: float) -> Tell:
    return lambda share: tell(first + (last - first) * share)


def _found(answer: _Answer, tell: Tell) -> list[_Lesion]:
    """All pieces of one label, the highest score first."""
    inside = _outlined(answer, tell)
    return sorted(_lesions(answer, inside), key=lambda one: (-one.score, one.corner))


def _statements(answer: _Answer, found: list[_Lesion]) -> Iterator[Statement]:
    most = int(_number(answer.asked.manifest, "max_findings"))
    for number, lesion in enumerate(found[:most], start=1):
        yield _stated(answer, lesion, number, len(found))
    if not found:
        yield _nothing(answer)


def _shown(answer: _Answer) -> Iterator[LabelMap]:
    asked, label = answer.asked, answer.label
    for index, matrix, values in zip(asked.slices, _ways(asked), answer.maps, strict=True):
        if values.max() >= FAINTEST_MAP or len(asked.slices) == 1:
            ref = asked.volume.frames[index].ref
            yield LabelMap(
                words(label.display),
                values,
                label.code,
                ref=ref,
                image_from_map_px=matrix,
                key=label.key,
            )


def _outlined(answer: _Answer, tell: Tell) -> Mask:
    """The maps in the grid of the images, above the threshold; shape (slices, rows, columns)."""
    asked, maps = answer.asked, answer.maps
    first = asked.volume.frames[0]
    inside = np.zeros((len(asked.volume.frames), first.rows, first.columns), bool)
    limit = _number(asked.manifest, "mask_threshold")
    for i, (index, matrix) in enumerate(zip(asked.slices, _ways(asked), strict=True)):
        tell(i / len(asked.slices))
        if maps[i].max() >= limit:
            inside[index] = _in_image(asked.volume.frames[index], maps[i], matrix) >= limit
    return inside


def _ways(asked: _Asked) -> tuple[Affine2D, ...]:
    """From the map of each slice asked about to its pixels; maps of a head brought lie on these."""
    if asked.brought is not None:
        return (Affine2D(),) * len(asked.slices)
    return tuple(made.image_from_tensor_px for made in asked.prepared)


def _in_image(frame: Frame, values: NDArray[np.float32], way: Affine2D) -> NDArray[np.float32]:
    return resample(Heatmap(frame.ref, "", "", "", values, way), frame.rows, frame.columns)


def _lesions(answer: _Answer, inside: Mask) -> Iterator[_Lesion]:
    """Pieces that hang together, across slices too, without those too small on every slice."""
    asked = answer.asked
    labels, _count = ndimage.label(inside, _CONNECTED)
    by_slice = np.zeros(len(asked.volume.frames))
    by_slice[list(asked.slices)] = answer.scores
    least = _number(asked.manifest, "smallest_share") * _tensor_area_px(asked)
    for number, box in enumerate(ndimage.find_objects(labels), start=1):
        own = labels[box] == number
        areas = own.sum(axis=(1, 2))
        if areas.max() >= least:
            corner = (box[0].start, box[1].start, box[2].start)
            yield _Lesion(own, corner, float(by_slice[box[0]][areas > 0].max()))


_CONNECTED = np.ones((3, 3, 3), bool)


def _tensor_area_px(asked: _Asked) -> float:
    """Pixels of the image that the tensor covers."""
    rows, columns = asked.prepared[0].tensor.shape
    if asked.brought is not None:
        row_mm, column_mm = asked.volume.pixel_mm or (1.0, 1.0)
        return float(rows * columns / (row_mm * column_mm))
    matrix = asked.prepared[0].image_from_tensor_px.matrix[:2, :2]
    return float(rows * columns * abs(np.linalg.det(matrix)))


def _stated(answer: _Answer, lesion: _Lesion, number: int, of: int) -> Statement:
    asked, spec = answer.asked, answer.spec
    areas = lesion.inside.sum(axis=(1, 2))
    middle = int(areas.argmax())
    points = _points_px(lesion, middle)
    title = _title(
        asked, lesion, words(spec.display) if of == 1 else f"{words(spec.display)} {number}"
    )
    ref = asked.volume.frames[lesion.corner[0] + middle].ref
    marks = [Mark(title, box_px(points), closed=True)]
    if asked.volume.pixel_mm is not None:
        ends, diameter = longest_px(points, asked.volume.pixel_mm)
        marks.append(Mark(_("{size:.0f} mm").format(size=diameter), ends))
    part = "/".join(str(index) for index in lesion.corner)
    return Statement(spec.key, lesion.score, tuple(marks), ref=ref, title=title, part=part)


def _points_px(lesion: _Lesion, layer: int) -> NDArray[np.float64]:
    """Corners of the piece's pixels on one slice, (column, row) px of the image, shape (n, 2)."""
    rows, columns = np.nonzero(lesion.inside[layer])
    column, row = columns + lesion.corner[2], rows + lesion.corner[1]
    corners = [(column + dx, row + dy) for dx in (-0.5, 0.5) for dy in (-0.5, 0.5)]
    return np.concatenate([np.stack(corner, axis=1) for corner in corners]).astype(np.float64)


def _title(asked: _Asked, lesion: _Lesion, name: str) -> str:
    """Its name with its volume, where the files state what a pixel and a slice measure."""
    spacing = asked.volume.spacing_mm
    if spacing is None:
        return name
    ml = float(lesion.inside.sum()) * float(np.prod(spacing)) / 1000
    return _("{finding}, {volume:.1f} ml").format(finding=name, volume=ml)


def _nothing(answer: _Answer) -> Statement:
    """No outline: the highest score of any slice, on that slice."""
    best = int(answer.scores.argmax())
    ref = answer.asked.volume.frames[answer.asked.slices[best]].ref
    return Statement(answer.spec.key, float(answer.scores[best]), ref=ref)


def _cautions(asked: _Asked) -> Iterator[str]:
    """On the series, whatever was found."""
    yield from asked.volume.cautions
    if asked.brought is not None:
        yield _brought_caution(asked)
        wanted = brain_limits.declared(asked.manifest.task.parameters)
        if wanted is not None and wanted.caution:
            yield _(wanted.caution)
        return
    left_out = len(asked.volume.frames) - len(asked.slices)
    if left_out:
        yield _(
            "{n} of {all} slices are not of the kind the model learned and were not read."
        ).format(n=left_out, all=len(asked.volume.frames))


def _brought_caution(asked: _Asked) -> str:
    numbers = sorted(asked.volume.number(index) for index in asked.slices)
    return _(
        "This program aligned the head to the MNI space and stripped it. Only a slab of {mm} mm at"
        " the lateral ventricles was read; it crosses slices {first} to {last} of {all}. All of the"
        " rest was not looked at."
    ).format(
        mm=len(asked.prepared), first=numbers[0], last=numbers[-1], all=len(asked.volume.frames)
    )


def _cautions_of(answer: _Answer, found: list[_Lesion]) -> Iterator[str]:
    """On what was found of one label. A film, which is no slice, has no volume to be missed."""
    asked = answer.asked
    if found and asked.volume.spacing_mm is None and not _as_stored(asked.manifest):
        yield _("The files do not state what a pixel and a slice measure: no volume.")
    most = int(_number(asked.manifest, "max_findings"))
    if len(found) > most:
        yield _(
            "{n} separate places are outlined; the {most} with the highest score are listed."
        ).format(n=len(found), most=most)


def _number(manifest: Manifest, name: str) -> float:
    return float(str(manifest.task.parameters[name]))


PLUGIN = Segmentation()
