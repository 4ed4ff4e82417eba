"""A package in INT8 is another network: its own hash, golden tests and figures; and where it may run."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from model_packages import Change, band_network, build_package, described, phantom
from variant_packages import FINDING, GOLDEN, NETWORK, build_with_int8

from viewer.base.errors import ModelError
from viewer.inference import session
from viewer.inference.model_store import ModelStore, check_package, load_package
from viewer.inference.precision import Precision, every_precision, in_precision, usable
from viewer.inference.session import CPU_PROVIDER, CUDA_PROVIDER, Device, open_session

GATE = {"passed": 0.95, "measured": ["passed 0.950 of 20 films"]}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build_with_int8(tmp_path / "packages" / "phantom_reader")


def test_the_int8_network_carries_the_hash_of_its_own_file_and_says_so_in_its_version(
    folder: Path,
) -> None:
    full, int8 = every_precision(load_package(folder))
    assert full.algorithm.sha256 == described(folder, "model.onnx")["sha256"]
    assert int8.algorithm.sha256 == described(folder, NETWORK)["sha256"]
    assert (full.algorithm.version, int8.algorithm.version) == ("1.0.0", "1.0.0+int8")
    assert int8.algorithm.manifest_sha256 == full.algorithm.manifest_sha256
    assert int8.key != full.key


def test_what_runs_is_the_int8_graph(folder: Path) -> None:
    image = phantom(128, 128)[None, None]
    full, int8 = (
        open_session(one).run({"image": image}, ["probabilities"], lambda stop: None).tensors
        for one in every_precision(load_package(folder))
    )
    assert 0.01 < np.abs(full["probabilities"] - int8["probabilities"]).max() < 0.1


def test_the_thresholds_stay_and_only_rates_measured_on_the_variant_are_quoted(
    tmp_path: Path,
) -> None:
    def with_points(manifest: dict) -> None:
        rates = {"sensitivity": [1, 1, 1], "specificity": [1, 1, 1], "n": 9, "data": "full"}
        (first,) = manifest["operating_points"]
        first["performance"] = rates
        manifest["operating_points"].append({**first, "name": "screening", "default": False})

    package = load_package(build_with_int8(tmp_path / "points", package=with_points))
    second, screening = in_precision(package, Precision.INT8).manifest.operating_points
    assert (second.default, second.thresholds) == (True, {FINDING: 0.5})
    measured = second.measured(FINDING)
    assert measured is not None and measured.sensitivity == (0.91, 0.80, 0.99)
    assert screening.measured(FINDING) is None


def test_scores_are_never_judged_by_a_reference_of_the_full_network(tmp_path: Path) -> None:
    even = {"low": 0.0, "high": 1.0, "counts": [5, 5]}
    block = {
        "data": "tests",
        "score_histogram": {FINDING: even},
        "input_histogram": {"mean": even, "distance": even},
    }
    folder = build_with_int8(
        tmp_path / "reference", package=lambda manifest: manifest.update(reference=block)
    )
    reference = in_precision(load_package(folder), Precision.INT8).manifest.reference
    assert reference is not None and reference.differs
    assert list(reference.input_histogram) == ["mean"]


def test_a_package_without_a_choice_stays_itself(tmp_path: Path) -> None:
    package = load_package(build_package(tmp_path / "plain"))
    assert in_precision(package, Precision.INT8) is package


def test_the_store_runs_what_is_preferred_and_still_knows_the_other(folder: Path) -> None:
    store = ModelStore([folder.parent])
    (full,) = store.packages
    assert store.prefer(Precision.INT8)
    assert not store.prefer(Precision.INT8)
    (int8,) = store.packages
    assert (full.variant, int8.variant) == ("", "int8")
    assert store.made(full.algorithm) == full
    assert store.made(int8.algorithm) == int8
    assert store.made(replace(full.algorithm, sha256="0" * 64)) is None
    assert store.now(full) == int8
    store.take(ModelStore([folder.parent]))
    assert store.packages == (int8,)


def with_card(monkeypatch: pytest.MonkeyPatch) -> None:
    brought = (CUDA_PROVIDER, CPU_PROVIDER)
    monkeypatch.setattr(session.onnxruntime, "get_available_providers", lambda: brought)


@pytest.mark.parametrize(
    ("device", "found"),
    [
        (Device.AUTO, Precision.FULL),
        (Device.CUDA, Precision.FULL),
        (Device.CPU, Precision.INT8),
    ],
)
def test_on_cuda_the_full_network_runs(
    monkeypatch: pytest.MonkeyPatch, device: Device, found: Precision
) -> None:
    with_card(monkeypatch)
    assert usable(Precision.INT8, device) is found
    assert usable(Precision.FULL, device) is Precision.FULL


def test_an_int8_network_is_never_sent_to_the_card(
    monkeypatch: pytest.MonkeyPatch, folder: Path
) -> None:
    with_card(monkeypatch)
    asked: list[Sequence[str]] = []

    def opener(network: bytes, providers: Sequence[str]) -> session.Runner:
        asked.append(providers)
        return session.open_runner(network, (CPU_PROVIDER,))

    for package in every_precision(load_package(folder)):
        open_session(package, Device.CUDA, opener)
    assert asked == [(CUDA_PROVIDER, CPU_PROVIDER), (CPU_PROVIDER,)]


def test_a_sound_variant_passes_every_check(folder: Path) -> None:
    assert check_package(folder) == ()


def set_to(**values: object) -> Change:
    return lambda variant: variant.update(values)


def falling(variant: dict) -> None:
    variant["performance"][0]["value"] = 0.9449


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (set_to(made_from="0" * 64), "made of another network .SHA-256 000000000000…"),
        (set_to(file="other.onnx"), "exactly one .onnx file beside those of the variants"),
        (set_to(file="LICENSE"), "exactly one .onnx file beside those of the variants"),
        (set_to(golden=[{"file": "golden/none.npz", "tolerance": 0.01}]), "golden/none.npz is not"),
        (falling, "heart Dice falls from 0.9500 to 0.9449; allowed is 0.005"),
        (set_to(gate=GATE), "exactly where the package has one"),
        (set_to(performance=[]), "performance"),
        (set_to(made_from="unknown"), "made_from"),
        (set_to(tolerance=0.5), "tolerance"),
        (set_to(extra=1), "extra"),
    ],
)
def test_a_variant_that_is_not_as_good_or_not_of_this_network_quarantines_the_package(
    tmp_path: Path, change: Change, reason: str
) -> None:
    with pytest.raises(ModelError, match=reason):
        load_package(build_with_int8(tmp_path / "broken", change))


def test_rates_for_a_point_the_package_does_not_have_are_refused(tmp_path: Path) -> None:
    def renamed(variant: dict) -> None:
        variant["points"]["third"] = variant["points"].pop("second_read")

    with pytest.raises(ModelError, match="points names unknown third"):
        load_package(build_with_int8(tmp_path / "third", renamed))


def gated(manifest: dict) -> None:
    distance = {"tensor": "distance", "type": "activations", "layout": "NC", "shape": [1, 1]}
    manifest["outputs"].append(distance)
    manifest["gate"] = {"output": "distance", "highest": 9.0, "method": "m", "measured": ["none"]}


@pytest.mark.parametrize(
    ("gate", "reason"),
    [
        (None, "exactly where the package has one"),
        ({**GATE, "passed": 0.949}, "lets pass 0.949 of native images; 0.95 is needed"),
    ],
)
def test_a_gate_that_was_not_measured_or_refuses_native_images_is_refused(
    tmp_path: Path, gate: dict | None, reason: str
) -> None:
    change: Change = (lambda variant: None) if gate is None else set_to(gate=gate)
    with pytest.raises(ModelError, match=reason):
        load_package(build_with_int8(tmp_path / "gated", change, gated))


def other_identity(metadata: dict[str, str]):
    return band_network({**metadata, "version": "0.9.0"})


def narrow(metadata: dict[str, str]):
    return band_network(metadata, channels=2)


@pytest.mark.parametrize(
    ("network", "reason"),
    [
        (other_identity, "variant int8: the network says version 0.9.0"),
        (narrow, "variant int8: probabilities has the shape"),
    ],
)
def test_the_variants_graph_must_be_the_declared_one(
    tmp_path: Path, network: Callable, reason: str
) -> None:
    with pytest.raises(ModelError, match=reason):
        load_package(build_with_int8(tmp_path / "graph", network=network))


def test_a_variant_that_does_not_give_its_golden_outputs_fails_the_check(tmp_path: Path) -> None:
    folder = build_with_int8(tmp_path / "drifted", network=band_network)
    (problem,) = check_package(folder)
    assert "variant int8" in problem and "probabilities departs" in problem


@pytest.mark.parametrize("name", [NETWORK, GOLDEN])
def test_a_changed_byte_of_the_variant_quarantines_the_package(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[-1] ^= 1
    (folder / name).write_bytes(content)
    store = ModelStore([folder.parent])
    assert store.packages == ()
    assert name in store.quarantined[0].reason and "SHA-256" in store.quarantined[0].reason


def test_a_variant_swapped_after_loading_does_not_run(folder: Path) -> None:
    int8 = in_precision(load_package(folder), Precision.INT8)
    (folder / NETWORK).write_bytes((folder / "model.onnx").read_bytes())
    with pytest.raises(ModelError, match=f"{NETWORK}: .*SHA-256"):
        int8.network()


def test_a_network_left_over_from_an_earlier_release_is_named(tmp_path: Path) -> None:
    folder = build_package(tmp_path / "plain")
    (folder / NETWORK).write_bytes((folder / "model.onnx").read_bytes())
    (problem,) = check_package(folder)
    assert f"{NETWORK} is not among the files of the manifest" in problem
    assert load_package(folder).variant == ""
