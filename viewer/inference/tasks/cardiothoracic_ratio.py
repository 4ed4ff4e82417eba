"""Heart size on a PA film: the ratio of heart width to chest width, measured on the network's masks."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.domain.finding import Mark
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.inference.ctr_geometry import Diameters, Limits, SegmentPx, diameters
from viewer.inference.film import prepare_film
from viewer.inference.manifest import Manifest
from viewer.inference.preprocessing import Prepared
from viewer.inference.quality_gate import without_ai
from viewer.inference.task import LabelMap, Reading, Refusal, Statement, Tensors

ORGANS = ("heart", "right_lung", "left_lung")
"""Names of the task's parameters; each names a label of the manifest."""

RANGES = ("plausible_ratio", "heart_area", "lung_area")
"""Parameters that hold a lowest and a highest value."""

EDGE_SHARE = 0.005
"""Share of the width that counts as the edge; 1 of 204 training films has a lung that close."""

_REASONS: Mapping[str, str] = {
    "no_heart": "No heart was recognised on this film, so its size was not measured.",
    "one_lung": "Both lungs were not recognised on this film, so the chest was not measured.",
    "fragmented": "The outlines of heart and lungs fall into pieces, so they were not measured.",
    "area_out_of_range": "The heart or a lung came out implausibly small or large, so nothing was measured.",
    "heart_on_right": "The heart came out on the patient's right: the film may be mirrored, or it is a"
    " dextrocardia; its size was not measured.",
    "upside_down": "The heart came out above the middle of the lungs: the film may be upside down, so"
    " nothing was measured.",
    "inverted": "The lungs came out denser than the heart: black and white may be exchanged, so nothing"
    " was measured.",
    "ratio_out_of_range": "The measured ratio lies outside of {low:.2f} to {high:.2f}; it is not plausible.",
}


class CardiothoracicRatio:
    """Three probability maps (heart, right lung, left lung) to one statement with two diameters."""

    key = "cardiothoracic_ratio"

    def problems(self, manifest: Manifest) -> tuple[str, ...]:
        """Checks labels, limits, the output's type and that one finding is declared."""
        checks = (
            _label_problems,
            _limit_problems,
            _output_problems,
            _finding_problems,
            _view_problems,
        )
        return tuple(problem for check in checks for problem in check(manifest))

    def prepare(self, frame: Frame, manifest: Manifest) -> Prepared:
        """One film, by the manifest's operations."""
        return prepare_film(frame, manifest.input)

    def read(
        self, outputs: Tensors, prepared: Prepared, frame: Frame, manifest: Manifest
    ) -> Reading | Refusal:
        """Measure; the ratio is that of horizontal widths, unchanged by horizontal stretching."""
        limits = Limits.from_parameters(manifest.task.parameters)
        heart, right, left = _organ_maps(outputs, manifest)
        measured = diameters(heart, right, left, limits, prepared.tensor)
        if not isinstance(measured, Diameters):
            return Refusal(_reason(measured.reason, limits))
        marks = _marks(measured, prepared.image_from_tensor_px)
        statement = Statement(manifest.findings[0].key, measured.ratio, marks)
        maps = _maps(heart, np.maximum(right, left), manifest)
        return Reading((statement,), maps, _cautions(marks[1], frame.columns))


def _organ_maps(outputs: Tensors, manifest: Manifest) -> tuple[NDArray[np.float32], ...]:
    channels = outputs[manifest.outputs[0].tensor][0]
    return tuple(channels[_channel(manifest, organ)] for organ in ORGANS)


def _channel(manifest: Manifest, organ: str) -> int:
    return manifest.channel(str(manifest.task.parameters[organ]))


def _maps(
    heart: NDArray[np.float32], lungs: NDArray[np.float32], manifest: Manifest
) -> tuple[LabelMap, ...]:
    codes = {label.key: label.code for label in manifest.labels}
    shown = ((_("Heart"), heart, "heart"), (_("Lungs"), lungs, "right_lung"))
    return tuple(
        LabelMap(name, values, codes[str(manifest.task.parameters[organ])])
        for name, values, organ in shown
    )


def _marks(measured: Diameters, image_from_tensor_px: Affine2D) -> tuple[Mark, ...]:
    return (
        _mark(_("Heart diameter"), measured.heart, image_from_tensor_px),
        _mark(_("Thoracic diameter"), measured.thorax, image_from_tensor_px),
    )


def _mark(label: str, segment_px: SegmentPx, image_from_tensor_px: Affine2D) -> Mark:
    ends = image_from_tensor_px.apply(np.array(segment_px, dtype=np.float64)).tolist()
    return Mark(label, tuple((float(column), float(row)) for column, row in ends))


def _cautions(thorax: Mark, columns: int) -> tuple[str, ...]:
    """A chest that is cut off measures too narrow, and its heart too large."""
    edge = columns * EDGE_SHARE
    ends = [column for column, _row in thorax.points_px]
    if edge <= min(ends) and max(ends) <= columns - 1 - edge:
        return ()
    return (
        _("The lungs reach the edge of the image; if the chest is cut off, the ratio is too high."),
    )


def _reason(key: str, limits: Limits) -> str:
    low, high = limits.plausible_ratio
    return _(_REASONS[key]).format(low=low, high=high) + without_ai()


def _label_problems(manifest: Manifest) -> tuple[str, ...]:
    labels = {label.key for label in manifest.labels}
    missing = (organ for organ in ORGANS if manifest.task.parameters.get(organ) not in labels)
    return tuple(_("task.parameters.{organ} names no label").format(organ=o) for o in missing)


def _limit_problems(manifest: Manifest) -> tuple[str, ...]:
    try:
        limits = Limits.from_parameters(manifest.task.parameters)
    except ModelError as error:
        return (str(error),)
    ranges = {name: getattr(limits, name) for name in RANGES}
    turned = (name for name, (low, high) in ranges.items() if low >= high)
    return tuple(_("task.parameters.{name} is empty").format(name=name) for name in turned)


def _output_problems(manifest: Manifest) -> tuple[str, ...]:
    if manifest.outputs[0].layout == "NCHW" and len(manifest.outputs[0].shape) == 4:
        return ()
    return (_("the first output must be maps in the layout NCHW"),)


def _finding_problems(manifest: Manifest) -> tuple[str, ...]:
    if len(manifest.findings) == 1:
        return ()
    return (_("a task of this kind proposes exactly one finding"),)


def _view_problems(manifest: Manifest) -> tuple[str, ...]:
    """On other views the heart is magnified, by an amount no header states."""
    if manifest.applicability.view == ("PA",):
        return ()
    return (_("applicability.view must be PA alone for a cardiothoracic ratio"),)


PLUGIN = CardiothoracicRatio()
