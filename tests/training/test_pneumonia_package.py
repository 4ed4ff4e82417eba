"""What the pneumonia recipe writes of its figures, and how it stores weights; neither needs torch."""

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper, numpy_helper

from models.training.chest_xray_pneumonia import card_tables
from models.training.chest_xray_pneumonia.gate_measure import thin
from models.training.chest_xray_pneumonia.graph import HALVED_ABOVE, halved


def figure(value: float, low: float, high: float) -> dict:
    return {"value": value, "ci95": [low, high], "n": 122}


def measured(value: float, low: float) -> dict:
    half = figure(0.5, 0.4, 0.6)
    rates = {"sensitivity": figure(0.3, 0.2, 0.4), "specificity": figure(0.9, 0.8, 0.95)}
    return {
        "films with it": 30,
        "pairs": 61,
        "file size alone, matched": half,
        "AUROC, matched": figure(value, low, 0.9),
        "AUROC among pneumonia": figure(value, low, 0.9),
        "by view, matched": {"AP": figure(value, low, 0.9)},
        "points": {"second_read": rates},
        "calibration error, matched": 0.08,
        "pointing": {"films": 35, "network": {**figure(0.4, 0.3, 0.6), "n": 35}},
    }


@pytest.fixture
def metrics() -> dict:
    labels = {
        "Pneumonia": measured(0.76, 0.66),
        "Edema": measured(0.86, 0.8),
        "Atelectasis": measured(0.6, 0.45),
    }
    return {
        "labels": labels,
        "shipped": ["Pneumonia", "Edema"],
        "baseline": {},
        "thresholds": {"second_read": {"Pneumonia": 0.7, "Edema": 0.6}},
    }


def test_the_card_says_which_goal_is_not_met(metrics: dict) -> None:
    said = card_tables.goals(metrics)
    assert "Pneumonia 0.78 (AUROC, matched): 0.760, **not met**" in said
    assert "Edema 0.85 (AUROC among pneumonia): 0.860, met" in said


def test_a_finding_that_is_left_out_still_stands_in_the_table(metrics: dict) -> None:
    rows = card_tables.discrimination(metrics).splitlines()
    assert rows[-1].startswith("| Atelectasis |") and rows[-1].endswith("| left out |")
    assert rows[2].endswith("| yes |")


def test_operating_points_and_views_are_those_of_shipped_findings_alone(metrics: dict) -> None:
    for text in (card_tables.points(metrics), card_tables.views(metrics)):
        assert "Edema" in text and "Atelectasis" not in text
    assert "none" in card_tables.views(metrics)


def test_pointing_is_told_in_films(metrics: dict) -> None:
    assert "| network | 14 of 35 |" in card_tables.pointing(metrics)


def test_weights_stored_in_half_give_nearly_the_same_answer() -> None:
    weights = np.random.default_rng(1).normal(0, 1, (30, 20)).astype(np.float32)
    few = np.ones(20, np.float32)
    assert weights.size > HALVED_ABOVE > few.size
    values = [
        helper.make_tensor_value_info(n, TensorProto.FLOAT, s)
        for n, s in {"x": [1, 30], "y": [1, 20]}.items()
    ]
    nodes = [
        helper.make_node("MatMul", ["x", "weights"], ["product"]),
        helper.make_node("Add", ["product", "few"], ["y"]),
    ]
    stored = [numpy_helper.from_array(weights, "weights"), numpy_helper.from_array(few, "few")]
    graph = helper.make_graph(nodes, "product", values[:1], values[1:], stored)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    whole = len(model.SerializeToString())
    small = halved(model)
    onnx.checker.check_model(small, full_check=True)
    session = onnxruntime.InferenceSession(
        small.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    given = np.ones((1, 30), np.float32)
    np.testing.assert_allclose(session.run(None, {"x": given})[0], given @ weights + few, atol=0.02)
    assert len(small.SerializeToString()) < 0.7 * whole


@pytest.mark.parametrize(("present", "left"), [(30, 12), (5, 5), (12, 12)])
def test_of_each_kind_so_many_pictures_are_left_evenly(tmp_path, present: int, left: int) -> None:  # type: ignore[no-untyped-def]
    for number in range(present):
        (tmp_path / f"{number:02d}.png").touch()
    thin(tmp_path, 12)
    kept = sorted(path.stem for path in tmp_path.iterdir())
    assert len(kept) == left
    assert kept[0] == "00" and kept[-1] == f"{present - 1:02d}"
