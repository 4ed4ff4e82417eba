"""Runs ONNX networks; the only importer of onnxruntime.

A graphics card that is absent, dropped or full never stops a read: the CPU takes over and says so.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from threading import Lock
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as runtime_errors

from viewer.base.errors import Cancelled, InferenceError, ModelError
from viewer.inference.model_package import ModelPackage
from viewer.inference.runtime_words import (
    cuda_absent,
    cuda_dropped,
    failed,
    fell_back,
    unreadable,
)

Tensor = NDArray[np.float32]
Tensors = Mapping[str, Tensor]
OnCancel = Callable[[Callable[[], None]], object]
"""Called with a function that stops the run; it may call that at any time, from any thread."""


class Device(Enum):
    """What the reader asks for. AUTO: the graphics card where there is a usable one, else the CPU."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"


CPU_PROVIDER = "CPUExecutionProvider"
CUDA_PROVIDER = "CUDAExecutionProvider"
_WANTED = {
    Device.AUTO: (CUDA_PROVIDER, CPU_PROVIDER),
    Device.CUDA: (CUDA_PROVIDER, CPU_PROVIDER),
    Device.CPU: (CPU_PROVIDER,),
}
WARM_SESSIONS = 4
"""Networks held ready at a time; each holds its weights and working memory (about 0.1 to 0.5 GB)."""

GIVE_BACK = "memory.enable_memory_arena_shrinkage"
"""After a run, give back the working memory: the images need it (onnxruntime's run options)."""

_PROVIDER_NAMES = {CPU_PROVIDER: "CPU", CUDA_PROVIDER: "CUDA"}


def _is_error(kind: object) -> bool:
    return isinstance(kind, type) and issubclass(kind, Exception)


RUNTIME_ERRORS: tuple[type[Exception], ...] = (
    *(kind for kind in vars(runtime_errors).values() if _is_error(kind)),
    RuntimeError,
    ValueError,
    MemoryError,
)
"""All that onnxruntime raises, whatever its version; its own errors share no base but Exception."""


class Runner(Protocol):
    """The part of onnxruntime.InferenceSession that is used."""

    def run(self, outputs: Sequence[str], feeds: Tensors, options: Any) -> Sequence[Any]: ...

    def get_providers(self) -> Sequence[str]: ...


Opener = Callable[[bytes, Sequence[str]], Runner]
"""Makes a runner of an ONNX file for the providers given, first choice first."""


@dataclass(frozen=True)
class TensorShape:
    """A tensor of the graph; None stands for a free dimension."""

    name: str
    type: str
    shape: tuple[int | None, ...]


@dataclass(frozen=True)
class GraphSignature:
    """What the ONNX file says of itself."""

    inputs: tuple[TensorShape, ...]
    outputs: tuple[TensorShape, ...]
    metadata: Mapping[str, str]


@dataclass(frozen=True)
class Outputs:
    """What a run gave: tensors by name, the provider it ran on, and what the reader should know."""

    tensors: Tensors
    provider: str
    notices: tuple[str, ...] = ()


class InferenceSession:
    """One network held ready. One run at a time; another thread may stop it."""

    def __init__(self, network: bytes, device: Device, opener: Opener) -> None:
        self._opener = opener
        wanted = usable_providers(device)
        self._runner = _opened(opener, network, wanted)
        self._network = b"" if self.provider == "CPU" else network
        self._notices = _missing_cuda(device, wanted, self.provider)

    @property
    def provider(self) -> str:
        """Where it really runs, as onnxruntime says: "CPU" or "CUDA"."""
        first = self._runner.get_providers()[0]
        return _PROVIDER_NAMES.get(first, first)

    def run(self, feeds: Tensors, names: Sequence[str], on_cancel: OnCancel) -> Outputs:
        """Run once.

        Parameters
        ----------
        feeds : the input tensors by name, float32, as the manifest's `input` has them
        names : the outputs wanted
        on_cancel : is given a function that stops the run

        Raises
        ------
        Cancelled : the run was stopped
        InferenceError : onnxruntime failed, on the CPU too
        """
        options = onnxruntime.RunOptions()
        if self.provider == "CPU":
            options.add_run_config_entry(GIVE_BACK, "cpu:0")
        on_cancel(lambda: setattr(options, "terminate", True))
        try:
            tensors = self._runner.run(names, feeds, options)
        except RUNTIME_ERRORS as error:
            _raise_if_stopped(options, error)
            tensors = self._run_on_cpu(feeds, names, options, error)
        _raise_if_stopped(options, None)
        named = dict(zip(names, tensors, strict=True))
        return Outputs(named, self.provider, self._notices)

    def _run_on_cpu(
        self, feeds: Tensors, names: Sequence[str], options: Any, error: Exception
    ) -> Sequence[Any]:
        """Second try after a failure on another provider; the session stays on the CPU then."""
        if self.provider == "CPU":
            raise InferenceError(failed(error)) from error
        self._notices += (fell_back(self.provider, error),)
        self._runner = _opened(self._opener, self._network, (CPU_PROVIDER,))
        try:
            return self._runner.run(names, feeds, options)
        except RUNTIME_ERRORS as second:
            _raise_if_stopped(options, second)
            raise InferenceError(failed(second)) from second


def open_runner(network: bytes, providers: Sequence[str]) -> Runner:
    """An onnxruntime session that leaves the cores free when it is idle."""
    options = onnxruntime.SessionOptions()
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 3
    runner: Runner = onnxruntime.InferenceSession(network, options, providers=list(providers))
    return runner


def open_session(
    package: ModelPackage, device: Device = Device.AUTO, opener: Opener = open_runner
) -> InferenceSession:
    """Load a package's network; raises ModelError when it changed on disk or cannot be loaded.

    A variant is made for the CPU and runs there, whatever is asked.
    """
    return InferenceSession(package.network(), Device.CPU if package.variant else device, opener)


class SessionPool:
    """Warm sessions, one per package and device; the least lately used one goes when full."""

    def __init__(self, capacity: int = WARM_SESSIONS, opener: Opener = open_runner) -> None:
        self._capacity = capacity
        self._opener = opener
        self._sessions: OrderedDict[tuple[str, Device], InferenceSession] = OrderedDict()
        self._lock = Lock()

    def get(self, package: ModelPackage, device: Device) -> InferenceSession:
        """A session ready to run; raises ModelError as `open_session` does."""
        key = (package.key, device)
        with self._lock:
            session = self._sessions.pop(key, None) or open_session(package, device, self._opener)
            self._sessions[key] = session
            while len(self._sessions) > self._capacity:
                self._sessions.popitem(last=False)
            return session

    def clear(self) -> None:
        """Let all sessions go, and the memory they hold."""
        with self._lock:
            self._sessions.clear()


def read_signature(network: bytes) -> GraphSignature:
    """Tensor names, types and shapes of an ONNX file; raises ModelError when it is none."""
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session = onnxruntime.InferenceSession(network, options, providers=[CPU_PROVIDER])
    except RUNTIME_ERRORS as error:
        raise ModelError(unreadable(error)) from error
    return GraphSignature(
        tuple(_tensor_shape(tensor) for tensor in session.get_inputs()),
        tuple(_tensor_shape(tensor) for tensor in session.get_outputs()),
        dict(session.get_modelmeta().custom_metadata_map),
    )


def available_providers() -> tuple[str, ...]:
    """What this build of onnxruntime brings, usable or not."""
    return tuple(onnxruntime.get_available_providers())


def usable_providers(device: Device) -> tuple[str, ...]:
    """The providers to ask for, first choice first."""
    return tuple(wanted for wanted in _WANTED[device] if wanted in available_providers())


def runtime_version() -> str:
    """Version of onnxruntime, for example "1.32.0"."""
    return str(onnxruntime.__version__)


def _opened(opener: Opener, network: bytes, providers: Sequence[str]) -> Runner:
    try:
        return opener(network, providers)
    except RUNTIME_ERRORS as error:
        if providers == (CPU_PROVIDER,):
            raise ModelError(unreadable(error)) from error
        return _opened(opener, network, (CPU_PROVIDER,))


def _missing_cuda(device: Device, wanted: Sequence[str], provider: str) -> tuple[str, ...]:
    """Why the run is on the CPU though CUDA was wanted; empty when it was not, or is in use."""
    if provider == "CUDA":
        return ()
    if CUDA_PROVIDER in wanted:
        return (cuda_dropped(),)
    return (cuda_absent(),) if device is Device.CUDA else ()


def _raise_if_stopped(options: Any, error: Exception | None) -> None:
    if options.terminate:
        raise Cancelled from error


def _tensor_shape(tensor: Any) -> TensorShape:
    sizes = tuple(size if isinstance(size, int) else None for size in tensor.shape)
    return TensorShape(tensor.name, tensor.type, sizes)
