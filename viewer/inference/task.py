"""What a kind of task must do: prepare a network's input, and read its outputs as statements.

A task states what the network says and where; thresholds, identities and provenance are added by
`inference.analysis`, alike for all kinds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from viewer.base import registry
from viewer.base.errors import InferenceError
from viewer.base.i18n import _
from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import FrameRef
from viewer.domain.finding import Mark
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.domain.volume import Volume
from viewer.inference import tasks
from viewer.inference.manifest import Manifest
from viewer.inference.preprocessing import Prepared

Tensors = Mapping[str, NDArray[np.float32]]
"""Output tensors by name, in the layout of the manifest's `outputs`."""


@dataclass(frozen=True)
class Statement:
    """The network's word on one finding of the manifest, whatever the threshold.

    key: of the manifest's finding. score: in the finding's unit. marks: on the image, image px.
    ref: the frame the marks lie on; None for the only one. title: its own name, where one network
    states several of a key; "" for the finding's. part: tells them apart in their identities.
    """

    key: str
    score: float
    marks: tuple[Mark, ...] = ()
    laterality: str = ""
    ref: FrameRef | None = None
    title: str = ""
    part: str = ""


@dataclass(frozen=True, eq=False)
class LabelMap:
    """A map of the network, in the tensor's grid; values: ndarray, shape (rows, columns), 0 to 1.

    segment: as in domain.image.Heatmap.
    ref, image_from_map_px: the frame it lies on and how; None for the only frame, as prepared.
    key: of the manifest's label, where the map is the network's own of that label.
    """

    label: str
    values: NDArray[np.float32]
    segment: CodedConcept | None = None
    ref: FrameRef | None = None
    image_from_map_px: Affine2D | None = None
    key: str = ""


@dataclass(frozen=True)
class Reading:
    """What the network states, its own maps, and cautions: sentences for the reader about both."""

    statements: tuple[Statement, ...]
    maps: tuple[LabelMap, ...] = ()
    cautions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """The outputs are not plausible, so nothing is stated. reason: a sentence for the physician."""

    reason: str


@dataclass(frozen=True, eq=False)
class SeriesInput:
    """What a network is asked about a series, and how its answers are read.

    batch : ndarray, the manifest's input shape with any number of rows, float32
    conclude : takes all output tensors, one row for each of the batch, and a listener that takes
        the share done and may raise Cancelled
    """

    batch: NDArray[np.float32]
    conclude: "Callable[[Tensors, Tell], Reading | Refusal]"


Tell = Callable[[float], None]
"""Takes the share done, 0 to 1; may raise Cancelled."""


@runtime_checkable
class Task(Protocol):
    """One kind of task, found in `inference.tasks` by its key, the manifest's `task.kind`."""

    @property
    def key(self) -> str: ...

    def problems(self, manifest: Manifest) -> tuple[str, ...]:
        """What the manifest lacks for this kind; empty when it can run."""


@runtime_checkable
class FrameTask(Task, Protocol):
    """A task that reads one frame."""

    def prepare(self, frame: Frame, manifest: Manifest) -> Prepared:
        """The input tensor; raises ViewerError when the frame cannot be used."""

    def read(
        self, outputs: Tensors, prepared: Prepared, frame: Frame, manifest: Manifest
    ) -> Reading | Refusal:
        """The outputs in words and marks; the marks in px of `frame`."""


@runtime_checkable
class SeriesTask(Task, Protocol):
    """A task that reads all slices of a series."""

    def ask(self, volume: Volume, manifest: Manifest, tell: Tell) -> SeriesInput | Refusal:
        """The input tensors; a Refusal where the series is not what the network reads."""


@cache
def known_tasks() -> Mapping[str, Task]:
    """All kinds, by key; raises RegistryError for a module that is none."""
    return registry.discover(tasks, Task)  # type: ignore[type-abstract]


def frame_task(manifest: Manifest) -> FrameTask:
    """The task of a model that reads single frames; raises InferenceError for one that reads series."""
    task = known_tasks()[manifest.task.kind]
    if isinstance(task, FrameTask):
        return task
    raise InferenceError(_("{model} reads series, not single images.").format(model=manifest.name))
