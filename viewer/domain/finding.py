"""Findings: what a network or a person states, where, how sure, at which operating point, by which algorithm."""

from dataclasses import dataclass, field
from enum import Enum

from viewer.base.growth import GROWN
from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import FramePlace
from viewer.domain.input_figures import InputFigure

PointPx = tuple[float, float]
"""(column, row) of the image; (0, 0) is the centre of the top left pixel."""


@dataclass(frozen=True)
class Algorithm:
    """Who said so. sha256: of model.onnx; manifest_sha256: of manifest.json."""

    model_id: str
    name: str
    version: str
    manufacturer: str
    sha256: str
    manifest_sha256: str


@dataclass(frozen=True)
class OperatingPoint:
    """The threshold in force, by name; a score greater than it is proposed as a finding."""

    name: str
    threshold: float


@dataclass(frozen=True)
class Score:
    """A number of the network: its name, value and UCUM unit; a probability only if calibrated."""

    name: str
    value: float
    unit: str = "1"
    calibrated: bool = False


@dataclass(frozen=True)
class Stability:
    """How far the score moved when the same image was shifted and windowed a little.

    low, high: of all scores, the finding's own among them. tries: extra runs; refused: how many of
    them gave no score. stable: none refused, and all scores on one side of the threshold.
    """

    low: float
    high: float
    tries: int
    refused: int
    stable: bool


@dataclass(frozen=True)
class Mark:
    """A drawn line or outline on the image: open polyline, or closed."""

    label: str
    points_px: tuple[PointPx, ...]
    closed: bool = False


@dataclass(frozen=True)
class Localization:
    """Where: the instance and frame (0 is the first), and the marks on it."""

    sop_instance_uid: str
    frame: int
    marks: tuple[Mark, ...] = ()

    @property
    def place(self) -> FramePlace:
        """The frame, apart from what is said of it."""
        return (self.sop_instance_uid, self.frame)


class Source(Enum):
    """Who states a finding."""

    AI = "AI"
    READER = "READER"


@dataclass(frozen=True)
class Finding:
    """One statement. `tracking_uid` stays the same in every object it is exported to.

    key: the model's own key for it, or "" for a reader's. laterality: "", "L", "R" or "B".
    algorithm, score and operating_point are None for a reader's finding. size_mm: its largest extent, as
    the reader states it.
    """

    tracking_uid: str
    key: str
    label: str
    code: CodedConcept | None
    site: CodedConcept | None
    source: Source
    laterality: str = ""
    score: Score | None = None
    operating_point: OperatingPoint | None = None
    algorithm: Algorithm | None = None
    localization: Localization | None = None
    size_mm: float | None = field(default=None, metadata=GROWN)
    stability: Stability | None = field(default=None, metadata=GROWN)
    """None until it has been measured, and for a reader's finding."""


class RunState(Enum):
    """The states of AI for a display set that must never be confused."""

    NOT_RUN = "not run"
    RUNNING = "running"
    NOT_APPLICABLE = "not applicable"
    FAILED = "failed"
    DONE = "done"


@dataclass(frozen=True)
class InputEvidence:
    """One instance the network saw: SHA-256 of the file and of the decoded stored values of its frame."""

    sop_instance_uid: str
    sop_class_uid: str
    frame: int
    file_sha256: str
    pixels_sha256: str


@dataclass(frozen=True)
class ModelRun:
    """The outcome of one model on one display set.

    findings: above the threshold, proposed to the reader. below: stated but not above it.
    reason: a sentence, for NOT_APPLICABLE and FAILED. reader_view: the view the reader stated when
    the file did not (recorded), else "". seconds: of the whole run. provider: of onnxruntime.
    """

    run_uid: str
    state: RunState
    study_uid: str
    series_uid: str
    display_set_uid: str
    algorithm: Algorithm
    reason: str = ""
    findings: tuple[Finding, ...] = ()
    below: tuple[Finding, ...] = ()
    inputs: tuple[InputEvidence, ...] = ()
    asked_for: tuple[str, ...] = ()
    """Labels the model looks for, as shown to the reader."""
    operating_point: OperatingPoint | None = None
    reader_view: str = ""
    provider: str = ""
    runtime: str = ""
    """onnxruntime's version and the viewer's own."""
    seconds: float = 0.0
    warnings: tuple[str, ...] = ()
    """Sentences for the reader about this run: age not stated, ran on the CPU instead, and the like."""
    input_figures: tuple[InputFigure, ...] = field(default=(), metadata=GROWN)
    """What the network was given, in numbers for monitoring; empty where it was not run, and in old runs."""
