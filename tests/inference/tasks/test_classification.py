"""Scores, maps and calibration of classifiers, on a phantom classifier computed by hand."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from classifier_packages import BIAS, GAIN, GRID, KEYS, build_classifier
from phantom_films import film
from PIL import Image

from viewer.inference.manifest import Manifest, load_manifest
from viewer.inference.manifest_parts import Calibration, GateSpec, OutputSpec
from viewer.inference.model_store import check_package
from viewer.inference.preprocessing import Prepared
from viewer.inference.task import Reading, Refusal, Tensors
from viewer.inference.tasks.classification import PLUGIN, shown_map

FRAME = film()


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return load_manifest(build_classifier(tmp_path / "package") / "manifest.json")


@pytest.fixture
def prepared(manifest: Manifest) -> Prepared:
    return PLUGIN.prepare(FRAME, manifest)


def _outputs(grey: np.ndarray) -> Tensors:
    """What the phantom network returns for a GRID x GRID image."""
    cam = np.stack([gain * grey + bias for gain, bias in zip(GAIN, BIAS, strict=True)])[None]
    scores = 1 / (1 + np.exp(-cam.mean(axis=(2, 3))))
    return {"cam": cam.astype(np.float32), "scores": scores.astype(np.float32)}


def _reading(outputs: Tensors, prepared: Prepared, manifest: Manifest) -> Reading:
    reading = PLUGIN.read(outputs, prepared, FRAME, manifest)
    assert isinstance(reading, Reading)
    return reading


def test_a_package_of_this_kind_passes_every_check(tmp_path: Path) -> None:
    assert check_package(build_classifier(tmp_path / "package")) == ()


@pytest.mark.parametrize(("place", "problems"), [(2, 0), (0, 1)])
def test_the_distance_of_a_gate_stands_after_scores_and_maps(
    manifest: Manifest, place: int, problems: int
) -> None:
    outputs = list(manifest.outputs)
    outputs.insert(place, OutputSpec("distance", "activations", "NC", (1, 1)))
    gated = replace(
        manifest, outputs=tuple(outputs), gate=GateSpec("distance", 1.0, "made up", ("never",))
    )
    assert len(PLUGIN.problems(gated)) == problems


def test_each_label_gets_its_own_score_and_no_invented_place(
    manifest: Manifest, prepared: Prepared
) -> None:
    reading = _reading(_outputs(np.full((GRID, GRID), 0.5)), prepared, manifest)
    assert [statement.key for statement in reading.statements] == list(KEYS)
    expected = [1 / (1 + np.exp(-0.5)), 1 / (1 + np.exp(0.5))]
    assert [one.score for one in reading.statements] == pytest.approx(expected, abs=1e-6)
    assert all(statement.marks == () for statement in reading.statements)


def test_the_map_of_a_label_is_bright_where_its_evidence_lies(
    manifest: Manifest, prepared: Prepared
) -> None:
    grey = np.zeros((GRID, GRID))
    grey[0, GRID - 1] = 1.0
    bright = _reading(_outputs(grey), prepared, manifest).maps[0].values
    row, column = np.unravel_index(int(bright.argmax()), bright.shape)
    assert row < bright.shape[0] / GRID and column >= bright.shape[1] * (1 - 1 / GRID)


def test_half_the_evidence_is_shown_half_as_bright_on_every_film(manifest: Manifest) -> None:
    """map_range is -1 to 2 logits: no film is stretched to its own maximum."""
    for logit, shown in ((-5.0, 0.0), (-1.0, 0.0), (0.5, 0.5), (2.0, 1.0), (9.0, 1.0)):
        even = shown_map(np.full((GRID, GRID), logit, np.float32), manifest, (64, 64))
        np.testing.assert_allclose(even, shown, atol=1e-6)


def test_a_map_that_does_not_add_up_to_its_score_is_refused(
    manifest: Manifest, prepared: Prepared
) -> None:
    outputs = dict(_outputs(np.full((GRID, GRID), 0.5)))
    outputs["cam"] = outputs["cam"][:, ::-1]
    reading = PLUGIN.read(outputs, prepared, FRAME, manifest)
    assert isinstance(reading, Refusal)
    assert "do not add up" in reading.reason


@pytest.mark.parametrize(
    ("calibration", "expected"),
    [
        (Calibration("none"), 0.5),
        (Calibration("temperature", temperature=2.0), 0.25),
        (
            Calibration("platt", scale=dict.fromkeys(KEYS, 3.0), offset=dict.fromkeys(KEYS, 1.0)),
            2.5,
        ),
    ],
)
def test_scores_are_calibrated_on_the_log_odds(
    manifest: Manifest, prepared: Prepared, calibration: Calibration, expected: float
) -> None:
    declared = replace(manifest, calibration=calibration)
    first = _reading(_outputs(np.full((GRID, GRID), 0.5)), prepared, declared).statements[0]
    assert np.log(first.score / (1 - first.score)) == pytest.approx(expected, abs=1e-4)


def test_calibration_that_lacks_a_label_is_told(manifest: Manifest) -> None:
    partial = Calibration("platt", scale={KEYS[0]: 1.0}, offset={KEYS[0]: 0.0})
    (problem,) = PLUGIN.problems(replace(manifest, calibration=partial))
    assert KEYS[1] in problem


def test_a_scale_that_turns_the_order_round_is_told(manifest: Manifest) -> None:
    turned = Calibration("platt", scale=dict.fromkeys(KEYS, -1.0), offset=dict.fromkeys(KEYS, 0.0))
    (problem,) = PLUGIN.problems(replace(manifest, calibration=turned))
    assert "order" in problem


def test_an_uncalibrated_score_is_not_called_a_probability(tmp_path: Path) -> None:
    def rename(manifest: dict) -> None:
        manifest["findings"][0]["score"]["name"] = "Probability"

    (problem,) = check_package(build_classifier(tmp_path / "package", rename))
    assert "must not be called a probability" in problem


def test_maps_without_a_fixed_scale_are_refused_by_the_schema(tmp_path: Path) -> None:
    def forget(manifest: dict) -> None:
        manifest["task"]["parameters"] = {}

    (problem,) = check_package(build_classifier(tmp_path / "package", forget))
    assert "map_range" in problem


def test_a_scale_from_high_to_low_is_told(manifest: Manifest) -> None:
    turned = replace(manifest.task, parameters={"map_range": [2.0, -1.0]})
    (problem,) = PLUGIN.problems(replace(manifest, task=turned))
    assert "map_range" in problem


def test_a_finding_without_a_label_is_told(manifest: Manifest) -> None:
    (problem,) = PLUGIN.problems(replace(manifest, findings=manifest.findings[:1]))
    assert "one finding per label" in problem


def test_outputs_in_another_order_are_told(manifest: Manifest) -> None:
    problems = PLUGIN.problems(replace(manifest, outputs=manifest.outputs[::-1]))
    assert "probabilities in NC, then activations" in problems[0]


def test_a_map_is_enlarged_as_pillow_does_it(manifest: Manifest) -> None:
    low, high = manifest.task.parameters["map_range"]
    grey = np.random.default_rng(2).random((14, 13)).astype(np.float32)
    wanted = Image.fromarray(grey).resize((448, 391), Image.Resampling.BILINEAR)
    found = shown_map(low + grey * (high - low), manifest, (391, 448))
    np.testing.assert_allclose(found, np.asarray(wanted), atol=1e-6)
