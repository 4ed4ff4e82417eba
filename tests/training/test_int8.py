"""INT8 networks: really 8 bits, told by the package which network they were made of, and taken out again."""

import json
from pathlib import Path

import numpy as np
import onnx
import pytest

pytest.importorskip("torch", reason="the recipes' own libraries are not installed here")

from model_packages import SIDE, build_package, described, model
from onnx import TensorProto, helper

from models.training.int8 import package
from models.training.int8.__main__ import _against_gate
from models.training.int8.cases import Found, Gate
from models.training.int8.package import GOLDEN, NETWORK, Measured
from models.training.int8.quantize import WAYS, quantized
from viewer.inference.model_store import check_package, load_package
from viewer.inference.precision import Precision, in_precision

METADATA = {"model_id": "org.secondread.phantom_reader", "version": "1.0.0"}


def convolving(weights: np.ndarray) -> onnx.ModelProto:
    """Two convolutions that share their weights, and a sigmoid; (1, 1, SIDE, SIDE) to three channels."""
    nodes = [
        helper.make_node("Conv", ["image", "weights"], ["first"], name="one", pads=[1] * 4),
        helper.make_node("Neg", ["image"], ["turned"]),
        helper.make_node("Conv", ["turned", "weights"], ["second"], name="two", pads=[1] * 4),
        helper.make_node("Max", ["first", "second"], ["both"]),
        helper.make_node("Sigmoid", ["both"], ["probabilities"]),
    ]
    shapes = [1, 1, SIDE, SIDE], [1, 3, SIDE, SIDE]
    return model(nodes, {"weights": weights}, *shapes, METADATA)


@pytest.fixture
def full(tmp_path: Path) -> Path:
    weights = np.random.default_rng(3).normal(0, 0.5, (3, 1, 3, 3)).astype(np.float32)
    onnx.save(convolving(weights), tmp_path / "full.onnx")
    return tmp_path / "full.onnx"


def images() -> list[np.ndarray]:
    random = np.random.default_rng(4)
    return [random.normal(0, 1, (1, 1, SIDE, SIDE)).astype(np.float32) for _count in range(4)]


@pytest.fixture
def int8(full: Path, tmp_path: Path) -> Path:
    return quantized(full, images(), WAYS[0], tmp_path / "int8.onnx")


def test_weights_are_written_once_in_seven_bits_and_the_file_says_who_it_is(int8: Path) -> None:
    network = onnx.load(int8)
    weights = [one for one in network.graph.initializer if list(one.dims) == [3, 1, 3, 3]]
    (only,) = weights
    assert only.data_type == TensorProto.INT8
    values = onnx.numpy_helper.to_array(only)
    assert 60 <= np.abs(values.astype(int)).max() <= 64
    assert {one.key: one.value for one in network.metadata_props} == METADATA


def test_a_way_that_keeps_the_ends_keeps_them(full: Path, tmp_path: Path) -> None:
    kept = onnx.load(quantized(full, images(), WAYS[1], tmp_path / "kept.onnx"))
    assert {one.data_type for one in kept.graph.initializer if len(one.dims) == 4} == {
        TensorProto.FLOAT
    }


def figure(value: float) -> dict:
    return {"value": value, "ci95": [0.0, 1.0], "n": 10}


def found(dice: float, gate: Gate | None, network: Path, made_from: str) -> Measured:
    rates = {"second_read": {"sensitivity": figure(0.9), "specificity": figure(0.8)}}
    full, less = Found({"Dice": figure(0.95)}, rates), Found({"Dice": figure(dice)}, rates)
    return Measured(network, made_from, "method", "time", full, less, gate, "tests")


@pytest.fixture
def folder(full: Path, tmp_path: Path) -> Path:
    """The phantom package around the convolving network, with what that really gives."""
    folder = build_package(tmp_path / "packaged", network=onnx.load(full))
    manifest = json.loads((folder / "manifest.json").read_text())
    package.stand_in(folder, full, tmp_path / "again")
    (tmp_path / "again" / NETWORK).write_bytes(full.read_bytes())
    package.write_golden(tmp_path / "again", manifest)
    (folder / "golden" / "phantom.npz").write_bytes((tmp_path / "again" / GOLDEN).read_bytes())
    names = [one["path"] for one in manifest["files"]]
    manifest["files"] = [described(folder, name) for name in names]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    assert check_package(folder) == ()
    return folder


def test_a_variant_that_is_put_in_passes_models_check_and_goes_without_a_trace(
    folder: Path, int8: Path
) -> None:
    before = load_package(folder)
    package.add(folder, found(0.9451, None, int8, before.algorithm.sha256))
    assert check_package(folder) == ()
    variant = in_precision(load_package(folder), Precision.INT8)
    assert variant.network() == int8.read_bytes()
    package.without(folder)
    assert load_package(folder).manifest == before.manifest
    assert not (folder / NETWORK).exists() and not (folder / GOLDEN).exists()


def test_a_new_full_network_makes_the_variant_unusable(
    folder: Path, int8: Path, tmp_path: Path
) -> None:
    package.add(folder, found(0.95, None, int8, load_package(folder).algorithm.sha256))
    onnx.save(convolving(np.ones((3, 1, 3, 3), np.float32)), folder / "model.onnx")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] = [described(folder, one["path"]) for one in manifest["files"]]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (problem, *_more) = check_package(folder)
    assert "made of another network" in problem and "models.training.int8" in problem


def test_a_fall_is_told_by_its_figure(int8: Path) -> None:
    told = found(0.944, None, int8, "")
    assert told.falls["Dice"] == pytest.approx(0.006)
    assert told.falls["sensitivity at second_read"] == 0


def gate(passed: float, refused: int) -> Gate:
    told = {"unseen": {**figure(passed), "patients": 10}}
    return Gate(told, {"hand": {"n": 12, "refused": refused}}, ["unseen"], {"unseen": "films"})


def test_a_gate_that_lets_one_more_hand_pass_or_refuses_films_speaks_against_the_variant() -> None:
    assert list(_against_gate(gate(1.0, 12), gate(0.96, 12))) == []
    assert list(_against_gate(gate(1.0, 12), gate(0.96, 11))) == [
        "hand: refused 11, the full network 12"
    ]
    assert "lets pass only 0.9400" in next(_against_gate(gate(1.0, 12), gate(0.94, 12)))
