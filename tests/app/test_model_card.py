"""The model card: what the manifest declares is readable, and the package's own card follows."""

from dataclasses import replace
from pathlib import Path

import pytest
from classifier_packages import build_classifier
from model_packages import build_package

from viewer.app.model_card import model_card
from viewer.base.paths import shipped_models
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import ModelStore


def no_word(_package: ModelPackage) -> str:
    return ""


@pytest.fixture
def models(tmp_path: Path) -> ModelStore:
    build_package(tmp_path / "phantom_reader")
    return ModelStore([tmp_path])


def test_it_holds_use_limits_data_performance_licences_and_the_packages_own_card(
    models: ModelStore,
) -> None:
    (package,) = models.packages
    card = model_card(models, package.algorithm, no_word)
    for words in (
        "**Intended use:** Tests.",
        "**Not for:** Patients.",
        "**Licence of the weights:**",
        "proposed above cardiothoracic ratio",
        "not calibrated: a score is no probability",
        package.algorithm.sha256,
        "A phantom reader for tests.",
    ):
        assert words in card


def test_a_calibrated_model_may_speak_of_probability(tmp_path: Path) -> None:
    def calibrate(manifest: dict) -> None:
        manifest["calibration"] = {"method": "temperature", "temperature": 1.5}

    build_classifier(tmp_path / "classifier", calibrate)
    models = ModelStore([tmp_path])
    (package,) = models.packages
    assert "calibrated (temperature): a score is a probability" in model_card(
        models, package.algorithm, no_word
    )


def test_a_model_without_a_gate_says_that_nothing_checks_its_input(models: ModelStore) -> None:
    (package,) = models.packages
    assert "**Unfit images:** No input check" in model_card(models, package.algorithm, no_word)


def test_a_model_with_a_gate_says_its_limit_and_what_was_measured() -> None:
    models = ModelStore([shipped_models()])
    (package,) = (one for one in models.packages if one.manifest.model_id.endswith("heart_size"))
    card = model_card(models, package.algorithm, no_word)
    assert "**Unfit images:** Input check: an image that lies farther than 1.00" in card
    assert "**Unfit images, measured:** not seen while choosing: refused 26 of 26: inverted" in card


def test_a_finding_of_a_model_that_is_gone_says_so_and_names_its_weights(
    models: ModelStore,
) -> None:
    (package,) = models.packages
    other = replace(package.algorithm, sha256="e" * 64)
    card = model_card(models, other, no_word)
    assert "not installed here any more" in card and "e" * 64 in card


def test_training_data_and_performance_of_the_shipped_model_are_in_its_card() -> None:
    models = ModelStore([shipped_models()])
    package = next(one for one in models.packages if one.folder.name == "chest_xray_heart_size")
    card = model_card(models, package.algorithm, no_word)
    assert "split by patient" in card
    assert "95 % interval" in card and "n = 40" in card
