"""Where a network runs, how it is stopped, and what happens when the graphics card fails."""

from collections.abc import Callable, Sequence
from pathlib import Path
from threading import Timer

import numpy as np
import onnxruntime
import pytest
from model_packages import build_package, declared, slow_network
from onnxruntime.capi.onnxruntime_pybind11_state import RuntimeException

from viewer.base.errors import Cancelled, InferenceError
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.session import (
    CPU_PROVIDER,
    CUDA_PROVIDER,
    Device,
    InferenceSession,
    Runner,
    SessionPool,
    open_runner,
    open_session,
)

NAMES = ["probabilities"]


def _never(stop: Callable[[], None]) -> None:
    """Nobody cancels."""


class FailingCard:
    """A CUDA session whose run raises."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def run(self, outputs: Sequence[str], feeds: object, options: object) -> Sequence[np.ndarray]:
        raise self.error

    def get_providers(self) -> Sequence[str]:
        return [CUDA_PROVIDER, CPU_PROVIDER]


@pytest.fixture
def with_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    """onnxruntime says that it has CUDA."""
    names = [CUDA_PROVIDER, CPU_PROVIDER]
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: names)


@pytest.fixture
def without_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    """onnxruntime has the CPU alone."""
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: [CPU_PROVIDER])


def _card_that_raises(error: Exception) -> Callable[[bytes, Sequence[str]], Runner]:
    def opener(network: bytes, providers: Sequence[str]) -> Runner:
        if CUDA_PROVIDER in providers:
            return FailingCard(error)
        return open_runner(network, providers)

    return opener


def test_the_cpu_computes_what_the_graph_says(package: ModelPackage) -> None:
    image = np.full((1, 1, 128, 128), 1 / 3, np.float32)
    outputs = open_session(package, Device.CPU).run({"image": image}, NAMES, _never)
    assert outputs.provider == "CPU"
    assert outputs.notices == ()
    expected = np.array([0.0, 1.0, 0.0], np.float32)
    np.testing.assert_allclose(outputs.tensors["probabilities"][0, :, 5, 7], expected, atol=1e-5)


def test_an_idle_session_leaves_the_cores_to_the_screen(package: ModelPackage) -> None:
    options = open_runner(package.network(), [CPU_PROVIDER]).get_session_options()  # type: ignore[attr-defined]
    assert options.get_session_config_entry("session.intra_op.allow_spinning") == "0"


@pytest.mark.usefixtures("without_cuda")
def test_auto_takes_the_cpu_in_silence_where_there_is_no_card(
    package: ModelPackage, grey: np.ndarray
) -> None:
    outputs = open_session(package, Device.AUTO).run({"image": grey}, NAMES, _never)
    assert (outputs.provider, outputs.notices) == ("CPU", ())


@pytest.mark.usefixtures("without_cuda")
def test_cuda_asked_for_and_absent_runs_on_the_cpu_and_says_so(
    package: ModelPackage, grey: np.ndarray
) -> None:
    outputs = open_session(package, Device.CUDA).run({"image": grey}, NAMES, _never)
    assert outputs.provider == "CPU"
    assert len(outputs.notices) == 1
    assert "CUDA was asked for" in outputs.notices[0]
    assert "ran on the CPU" in outputs.notices[0]


@pytest.mark.usefixtures("with_cuda")
def test_cuda_listed_but_dropped_by_the_runtime_is_told(
    package: ModelPackage, grey: np.ndarray
) -> None:
    def dropping(network: bytes, providers: Sequence[str]) -> Runner:
        assert providers[0] == CUDA_PROVIDER
        return open_runner(network, [CPU_PROVIDER])

    outputs = open_session(package, Device.AUTO, dropping).run({"image": grey}, NAMES, _never)
    assert outputs.provider == "CPU"
    assert outputs.notices == ("CUDA could not be started on this computer; ran on the CPU.",)


@pytest.mark.usefixtures("with_cuda")
def test_cuda_that_cannot_be_opened_gives_way_to_the_cpu(
    package: ModelPackage, grey: np.ndarray
) -> None:
    def refusing(network: bytes, providers: Sequence[str]) -> Runner:
        if CUDA_PROVIDER in providers:
            raise RuntimeException("CUDA failure 35: CUDA driver version is insufficient")
        return open_runner(network, providers)

    outputs = open_session(package, Device.CUDA, refusing).run({"image": grey}, NAMES, _never)
    assert outputs.provider == "CPU"
    assert "could not be started" in outputs.notices[0]


@pytest.mark.usefixtures("with_cuda")
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeException("CUDA failure 2: out of memory ; GPU=0"), "out of memory"),
        (RuntimeException("Failed to allocate memory for requested buffer"), "out of memory"),
        (RuntimeException("CUDNN failure 5: BAD_PARAM"), "CUDNN failure 5"),
    ],
)
def test_a_card_that_fails_in_the_run_gives_way_to_the_cpu_and_says_why(
    package: ModelPackage, error: Exception, reason: str
) -> None:
    session = open_session(package, Device.CUDA, _card_that_raises(error))
    assert session.provider == "CUDA"
    image = np.full((1, 1, 128, 128), 1.0, np.float32)
    outputs = session.run({"image": image}, NAMES, _never)
    assert outputs.provider == "CPU"
    assert reason in outputs.notices[0]
    assert outputs.tensors["probabilities"][0, 0].min() == pytest.approx(1.0)
    again = session.run({"image": image}, NAMES, _never)
    assert again.notices == outputs.notices


def test_a_failure_on_the_cpu_is_told_in_one_sentence(package: ModelPackage) -> None:
    wrong = np.zeros((1, 1, 64, 64), np.float32)
    with pytest.raises(InferenceError, match="The network could not be run") as failure:
        open_session(package, Device.CPU).run({"image": wrong}, NAMES, _never)
    assert "\n" not in str(failure.value)


@pytest.fixture(scope="module")
def slow_package(tmp_path_factory: pytest.TempPathFactory) -> ModelPackage:
    """A package whose run takes seconds."""
    metadata = {"model_id": declared()["model_id"], "version": "1.0.0"}
    folder = tmp_path_factory.mktemp("slow") / "slow"
    return load_package(build_package(folder, network=slow_network(metadata)))


def test_a_run_under_way_is_stopped_from_another_thread(slow_package: ModelPackage) -> None:
    session = open_session(slow_package, Device.CPU)
    timers: list[Timer] = []

    def stop_soon(stop: Callable[[], None]) -> None:
        timers.append(Timer(0.1, stop))
        timers[0].start()

    with pytest.raises(Cancelled) as stopped:
        session.run({"image": np.zeros((1, 1, 128, 128), np.float32)}, NAMES, stop_soon)
    timers[0].join()
    assert stopped.value.__cause__ is not None, "onnxruntime ran to its end"


def test_a_run_given_up_before_it_began_does_not_run(package: ModelPackage) -> None:
    session = open_session(package, Device.CPU)
    image = np.zeros((1, 1, 128, 128), np.float32)
    with pytest.raises(Cancelled):
        session.run({"image": image}, NAMES, lambda stop: stop())
    assert session.run({"image": image}, NAMES, _never).provider == "CPU"


def test_the_pool_keeps_sessions_warm_and_lets_the_oldest_go(tmp_path: Path) -> None:
    packages = []
    for number in range(3):

        def name(manifest: dict, number: int = number) -> None:
            manifest["model_id"] = f"org.secondread.phantom{number}"

        packages.append(load_package(build_package(tmp_path / str(number), name)))
    pool = SessionPool(capacity=2)
    first: InferenceSession = pool.get(packages[0], Device.CPU)
    second = pool.get(packages[1], Device.CPU)
    assert pool.get(packages[0], Device.CPU) is first
    pool.get(packages[2], Device.CPU)
    assert pool.get(packages[0], Device.CPU) is first
    assert pool.get(packages[1], Device.CPU) is not second
    pool.clear()
    assert pool.get(packages[0], Device.CPU) is not first
