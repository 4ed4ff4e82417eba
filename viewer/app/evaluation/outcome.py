"""One labelled image through the viewer's own inference path, and how it compares with the truth."""

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.evaluation.labels import LabelledImage
from viewer.app.jobs import ignore
from viewer.base.errors import FileProblem, ViewerError
from viewer.base.i18n import _
from viewer.dicom.decoder import decode
from viewer.dicom.dicomize import dicomize, is_picture
from viewer.dicom.indexer import index
from viewer.domain.display_set import DisplaySet
from viewer.domain.figures import dice
from viewer.domain.finding import RunState
from viewer.domain.image import Heatmap
from viewer.imaging.heatmap import resample
from viewer.inference.analysis import Analysis
from viewer.inference.manifest import Manifest
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device, SessionPool

MASK_THRESHOLD = 0.5
"""Of maps of probabilities where the manifest's task.parameters name none."""


AXIAL = r"1\0\0\0\1\0"
"""Image Orientation (Patient) of slices as they hang: the patient's left on the right, face up."""


@dataclass(frozen=True)
class Outcome:
    """What the model did with one image.

    scores: the highest of each finding key; absent where nothing was stated. above: the keys proposed.
    dice: by label key; NaN where neither the truth nor the model has any. painted: label keys of
    which the model outlined something.
    """

    image: LabelledImage
    state: RunState
    reason: str = ""
    scores: Mapping[str, float] = field(default_factory=dict)
    above: frozenset[str] = frozenset()
    dice: Mapping[str, float] = field(default_factory=dict)
    painted: frozenset[str] = frozenset()
    seconds: float = 0.0
    empty: frozenset[str] = frozenset()
    """Label keys whose true mask is empty."""


def evaluate_image(
    package: ModelPackage, image: LabelledImage, pool: SessionPool, device: Device
) -> Outcome:
    """Run the model; an image that cannot be read is an outcome, too (FAILED, with the reason)."""
    try:
        with tempfile.TemporaryDirectory() as folder:
            display_set = _display_set(package, image, Path(folder))
            analysis = analyze_display_set(
                package, display_set, pool, device, stated_view="", report=ignore, on_cancel=ignore
            )
            return _outcome(package, image, display_set, analysis)
    except ViewerError as error:
        return Outcome(image, RunState.FAILED, str(error))


def stated_header(manifest: Manifest) -> dict[str, str]:
    """What is stated of a picture without a header: that it is of the kind the model reads."""
    spec = manifest.applicability
    stated = {
        "Modality": spec.modality[0],
        "BodyPartExamined": next(iter(spec.body_part), ""),
        "ViewPosition": next(iter(spec.view), ""),
        "SeriesDescription": next(iter(spec.sequence), ""),
        "ImageOrientationPatient": AXIAL if "AXIAL" in spec.orientation else "",
        "PixelSpacing": _stated_spacing(manifest),
    }
    return {keyword: value for keyword, value in stated.items() if value}


def _stated_spacing(manifest: Manifest) -> str:
    """That of the space the model resamples to, as its training pictures have it; "" for others."""
    wanted = (op["spacing_mm"] for op in manifest.input.operations if op["op"] == "resample")
    return next((rf"{mm}\{mm}" for mm in wanted), "")


def _display_set(package: ModelPackage, image: LabelledImage, folder: Path) -> DisplaySet:
    path = image.file
    if is_picture(path):
        header = {**stated_header(package.manifest), **image.facts}
        path = dicomize(path, folder / "picture.dcm", header)
    found = index((path,), ignore, ignore)
    sets = [one for study in found.studies for one in study.display_sets]
    if len(sets) != 1:
        raise FileProblem(
            _("{path} holds {n} series that can be shown; name one image or one series.").format(
                path=image.file, n=len(sets)
            )
        )
    return sets[0]


def _outcome(
    package: ModelPackage, image: LabelledImage, display_set: DisplaySet, analysis: Analysis
) -> Outcome:
    run = analysis.run
    scores: dict[str, float] = {}
    for finding in (*run.findings, *run.below):
        if finding.score is not None:
            scores[finding.key] = max(finding.score.value, scores.get(finding.key, -np.inf))
    done = run.state is RunState.DONE
    overlaps = _overlaps(package, image, display_set, analysis) if done and image.masks else {}
    return Outcome(
        image,
        run.state,
        run.reason,
        scores,
        frozenset(finding.key for finding in run.findings),
        {key: overlap for key, (overlap, _painted, _empty) in overlaps.items()},
        frozenset(key for key, (_overlap, painted, _empty) in overlaps.items() if painted),
        run.seconds,
        frozenset(key for key, (_overlap, _painted, empty) in overlaps.items() if empty),
    )


def _overlaps(
    package: ModelPackage, image: LabelledImage, display_set: DisplaySet, analysis: Analysis
) -> dict[str, tuple[float, bool, bool]]:
    """By label key: Dice, whether the model painted anything, whether the truth is empty."""
    if len(display_set.frames) != 1:
        raise FileProblem(
            _("{path} has several frames; a mask belongs to one.").format(path=image.file)
        )
    maps = dict(analysis.label_maps)
    limit = package.manifest.task.parameters.get("mask_threshold", MASK_THRESHOLD)
    frame = decode(display_set.frames[0])
    overlaps = {}
    for key, mask in image.masks.items():
        true = _mask(mask, frame.rows, frame.columns)
        found = _found(maps.get(key), frame.rows, frame.columns, float(str(limit)))
        overlaps[key] = (dice(found, true), bool(found.any()), not true.any())
    return overlaps


def _found(label_map: Heatmap | None, rows: int, columns: int, limit: float) -> NDArray[np.bool_]:
    """A label the model drew no map of is nowhere."""
    if label_map is None:
        return np.zeros((rows, columns), bool)
    found: NDArray[np.bool_] = resample(label_map, rows, columns) >= limit
    return found


def _mask(path: Path, rows: int, columns: int) -> NDArray[np.bool_]:
    """A picture of the outline in the grid of the image; what is brighter than half of its brightest is inside.

    So one of 0 and 1, or of 0 and 100, is read as one of 0 and 255 is.
    """
    try:
        with Image.open(path) as picture:
            grey = picture.convert("L")
            if picture.width * rows != picture.height * columns:
                raise FileProblem(
                    _("The mask {path} has not the shape of its image.").format(path=path)
                )
            sized = grey.resize((columns, rows), Image.Resampling.NEAREST)
    except OSError as error:
        raise FileProblem(
            _("The mask {path} cannot be read: {reason}.").format(path=path, reason=error)
        ) from error
    values: NDArray[Any] = np.asarray(sized)
    true: NDArray[np.bool_] = values > values.max() / 2
    return true
