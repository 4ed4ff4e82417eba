"""The blocks of a model manifest, typed: what it reads, what it says, where it applies, how good it is.

Fields are those of resources/schemas/model_manifest.v1.json, by the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from viewer.domain.coding import CodedConcept

Display = Mapping[str, str]
"""Words per language; "en" is always there."""

Estimate = tuple[float, float, float]
"""Value, low and high end of its 95 % interval."""


@dataclass(frozen=True)
class PackagedFile:
    """A file of the package: relative path, SHA-256 in lower case hex, size in bytes."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Licences:
    """Three separate things."""

    code: str
    weights: str
    data: str


@dataclass(frozen=True)
class TaskSpec:
    """Which task of `inference.tasks` reads the outputs, and with what parameters."""

    kind: str
    parameters: Mapping[str, object]


@dataclass(frozen=True)
class ApplicabilitySpec:
    """The images the model is valid on; an empty tuple or None demands nothing.

    body_position: ERECT, SUPINE, PRONE, DECUBITUS. min_frames, max_frames: of one display set.
    sequence: kinds of MR sequence, "FLAIR". orientation: of the slices, "AXIAL".
    """

    modality: tuple[str, ...]
    body_part: tuple[str, ...] = ()
    view: tuple[str, ...] = ()
    photometric: tuple[str, ...] = ()
    body_position: tuple[str, ...] = ()
    min_age_years: float | None = None
    max_age_years: float | None = None
    min_rows: int = 1
    min_columns: int = 1
    max_frames: int = 1
    min_frames: int = 1
    sequence: tuple[str, ...] = ()
    orientation: tuple[str, ...] = ()
    max_slice_thickness_mm: float | None = None


@dataclass(frozen=True)
class InputSpec:
    """The input tensor, and the operations that make it (see inference.preprocessing).

    max_batch: rows that the graph takes at once. channel_mean, channel_std: taken off and divided by
    after the operations, one each per channel.
    """

    tensor: str
    layout: str
    dtype: str
    shape: tuple[int, ...]
    operations: tuple[Mapping[str, object], ...]
    max_batch: int = 1
    channel_mean: tuple[float, ...] = ()
    channel_std: tuple[float, ...] = ()

    @property
    def rows_columns(self) -> tuple[int, ...]:
        """Size of one plane of the tensor."""
        return self.shape[1:-1] if self.layout == "NHWC" else self.shape[-2:]

    @property
    def channels(self) -> int:
        """Size of the channel axis."""
        return self.shape[-1] if self.layout == "NHWC" else self.shape[1]

    def fed(self, plane: NDArray[np.float32]) -> NDArray[np.float32]:
        """One prepared plane (rows, columns) as the network wants it: `shape`, every channel alike."""
        if self.channels == 1 and not self.channel_mean:
            return plane.reshape(self.shape)
        mean = np.array(self.channel_mean or (0.0,), np.float32)
        std = np.array(self.channel_std or (1.0,), np.float32)
        last = np.repeat(plane[:, :, None], self.channels, axis=2)
        stacked = ((last - mean) / std).astype(np.float32)
        ordered = stacked if self.layout == "NHWC" else stacked.transpose(2, 0, 1)
        return np.ascontiguousarray(ordered).reshape(self.shape)


@dataclass(frozen=True)
class OutputSpec:
    """An output tensor."""

    tensor: str
    type: str
    layout: str
    shape: tuple[int, ...]

    @property
    def channels(self) -> int:
        """Size of the channel axis, the second of NCHW and NC."""
        return self.shape[1]


@dataclass(frozen=True)
class LabelSpec:
    """What one channel of the first output stands for."""

    index: int
    key: str
    display: Display
    code: CodedConcept
    laterality: str = ""


@dataclass(frozen=True)
class ScoreSpec:
    """Name and UCUM unit of the number a finding is proposed by."""

    name: str
    unit: str


@dataclass(frozen=True)
class FindingSpec:
    """A finding the model may propose."""

    key: str
    display: Display
    code: CodedConcept
    score: ScoreSpec
    site: CodedConcept | None = None
    laterality: str = ""


@dataclass(frozen=True)
class PointPerformance:
    """How well the model does at an operating point, on n cases of `data`.

    unit: what was counted, for example patches or slices; "" where that is not stated.
    """

    sensitivity: Estimate
    specificity: Estimate
    n: int
    data: str
    unit: str = ""


@dataclass(frozen=True)
class OperatingPointSpec:
    """A threshold per finding; a score greater than it is proposed to the reader.

    performance: of the model's one finding. performance_of: by finding key, where there are several.
    """

    name: str
    default: bool
    thresholds: Mapping[str, float]
    performance: PointPerformance | None = None
    performance_of: Mapping[str, PointPerformance] = field(default_factory=dict)

    def measured(self, key: str) -> PointPerformance | None:
        """How well it finds one finding; None where that was not measured."""
        return self.performance_of.get(key, None if self.performance_of else self.performance)


@dataclass(frozen=True)
class Calibration:
    """Whether scores are probabilities; "none": they are not, and are never called so.

    temperature: of the method of that name. scale, offset: of "platt", per label, on the log odds.
    """

    method: str
    temperature: float = 1.0
    scale: Mapping[str, float] = field(default_factory=dict)
    offset: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Explanation:
    """The network's own map, if it gives one: from which output, of which labels, how it is named."""

    method: str
    output: str = ""
    labels: tuple[str, ...] = ()
    name: str = ""
    note: str = ""


@dataclass(frozen=True)
class TrainingData:
    """One data set the weights were made from."""

    name: str
    patients: int
    images: int
    split_unit: str
    source: str
    licence: str
    labels_by: str


@dataclass(frozen=True)
class Performance:
    """One measured figure. internal: on patients of the same source as the training data."""

    data: str
    n: int
    metric: str
    value: float
    ci95: tuple[float, float]
    internal: bool


@dataclass(frozen=True)
class Runtime:
    """What the graph needs. tolerance: largest difference between machines, in output units."""

    opset: int
    min_onnxruntime: str
    tolerance: float


@dataclass(frozen=True)
class GoldenTest:
    """An .npz of input and outputs by tensor name, and how far a run may depart from it."""

    file: str
    tolerance: float


@dataclass(frozen=True)
class ValueShare:
    """What share of the pixels may have modality values from low to high, in the frames' unit.

    what : the tissue or thing that has them, for the reader
    """

    what: Display
    low: float
    high: float
    least: float = 0.0
    most: float = 1.0


@dataclass(frozen=True)
class QualitySpec:
    """What the pixels of an input must hold before the network is asked (see inference.quality_gate).

    min_grey_values: that occur between the tails of the histogram. max_commonest_share: of the pixels
    that may have one of the four commonest values. values: shares of ranges of modality values; of a
    series over all of its slices.
    """

    min_grey_values: int = 24
    max_commonest_share: float = 0.9
    values: tuple[ValueShare, ...] = ()


@dataclass(frozen=True)
class GateSpec:
    """The output that says how far an input lies from the training images, and how far it may lie.

    output : of `outputs`; shape (rows, 1). method: how the distance is made, for the card.
    measured : what passed and what was refused when it was tested, one sentence each.
    """

    output: str
    highest: float
    method: str
    measured: tuple[str, ...]


@dataclass(frozen=True)
class Histogram:
    """How often numbers lay in even bins from low to high; what lay beyond is in the outermost."""

    low: float
    high: float
    counts: tuple[float, ...]


@dataclass(frozen=True)
class ReferenceSpec:
    """How scores and inputs lay on reference images; what a site finds is compared with it.

    score_histogram: by finding key. input_histogram: by value of a domain.input_figures.InputKey.
    input_data: its images, where they are others than those of the scores. differs, input_differs: why a
    site's scores, or inputs, must differ from these even without any change; such a reference is shown
    and never judged by.
    """

    data: str
    score_histogram: Mapping[str, Histogram]
    input_histogram: Mapping[str, Histogram] = field(default_factory=dict)
    input_data: str = ""
    differs: str = ""
    input_differs: str = ""


@dataclass(frozen=True)
class VariantFigure:
    """One figure of the full network and of the variant on the same n images; more is better."""

    data: str
    n: int
    metric: str
    full: float
    value: float

    @property
    def fall(self) -> float:
        """What is lost; negative where something is gained."""
        return self.full - self.value


@dataclass(frozen=True)
class VariantGate:
    """The gate measured on the variant. passed: least share of unseen native images, of all sources."""

    passed: float
    measured: tuple[str, ...]


@dataclass(frozen=True)
class VariantSpec:
    """The same network in other numbers: to the site another network, with hash and figures of its own.

    file : of `files`. made_from : SHA-256 of the full network it was made of. method : how, in words.
    time : how much faster, where that was measured, in words. tolerance : as in Runtime.
    performance : beside the full network. points : sensitivity and specificity by operating point, by
    finding key. gate : None where the package has none.
    """

    file: str
    made_from: str
    method: str
    time: str
    tolerance: float
    golden: tuple[GoldenTest, ...]
    performance: tuple[VariantFigure, ...]
    points: Mapping[str, Mapping[str, PointPerformance]] = field(default_factory=dict)
    gate: VariantGate | None = None
