"""A bare network becomes a package that passes every check and scores as the bare network does."""

import json
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from bare_classifiers import answers, keras_like, torch_like
from phantom_films import film

from viewer.base.errors import ModelError
from viewer.base.paths import resource
from viewer.inference.importing.package import write_package
from viewer.inference.importing.words import IMAGENET, LONGEST_CODE, local_code
from viewer.inference.manifest import Manifest
from viewer.inference.model_package import read_package
from viewer.inference.model_store import check_package, load_package
from viewer.inference.session import open_session
from viewer.inference.task import FrameTask, Reading, Refusal, known_tasks

DAY = "2026-11-22"
FRAME = film()


def _scores(package: Path) -> tuple[dict[str, float], np.ndarray]:
    """The viewer's scores of the phantom film, and the tensor it showed to the network."""
    loaded = load_package(package)
    manifest, task = loaded.manifest, known_tasks()[loaded.manifest.task.kind]
    assert isinstance(task, FrameTask)
    prepared = task.prepare(FRAME, manifest)
    seen = manifest.input.fed(prepared.tensor)
    names = [output.tensor for output in manifest.outputs]
    tensors = open_session(loaded).run({manifest.input.tensor: seen}, names, lambda _: None).tensors
    reading = task.read(tensors, prepared, FRAME, manifest)
    assert isinstance(reading, Reading)
    assert reading.maps == ()
    assert "never measured here" in reading.cautions[0]
    return {one.key: one.score for one in reading.statements}, seen


def _bare(network: onnx.ModelProto, seen: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(network.SerializeToString())
    return session.run(None, {"input": seen})[0][0]


def test_a_torch_export_scores_as_its_bare_graph_with_softmax(tmp_path: Path) -> None:
    network = torch_like()
    package = write_package(network.SerializeToString(), answers(), tmp_path / "lungs", DAY)
    assert check_package(package) == ()
    scores, seen = _scores(package)
    logits = _bare(network, seen)
    shares = np.exp(logits) / np.exp(logits).sum()
    assert list(scores) == ["pneumonia", "effusion"]
    assert list(scores.values()) == pytest.approx(shares[1:], abs=1e-6)


def test_a_keras_export_is_shown_its_channels_last(tmp_path: Path) -> None:
    network, given = keras_like(), answers(normalisation="eight_bit", threshold=0.3)
    del given["activation"]
    package = write_package(network.SerializeToString(), given, tmp_path / "lungs", DAY)
    scores, seen = _scores(package)
    assert seen.shape == (1, 48, 64, 3)
    assert seen.min() == pytest.approx(0) and seen.max() == pytest.approx(255, abs=0.5)
    assert list(scores.values()) == pytest.approx(_bare(network, seen)[1:], abs=1e-6)


def test_imagenet_normalisation_is_per_channel(tmp_path: Path) -> None:
    package = write_package(torch_like().SerializeToString(), answers(), tmp_path / "lungs", DAY)
    _found, seen = _scores(package)
    mean, std = (np.array(numbers).reshape(3, 1, 1) for numbers in IMAGENET)
    grey = seen[0] * std + mean
    np.testing.assert_allclose(grey[0], grey[1], atol=1e-5)
    np.testing.assert_allclose(grey[0], grey[2], atol=1e-5)
    assert grey.min() == pytest.approx(0, abs=1e-5)


def test_a_single_logit_becomes_one_finding(tmp_path: Path) -> None:
    network = torch_like(labels=1, channels=1)
    given = answers(labels=["Pneumonia"], activation="sigmoid", normalisation="minus_one_to_one")
    package = write_package(network.SerializeToString(), given, tmp_path / "one", DAY)
    scores, seen = _scores(package)
    assert scores["pneumonia"] == pytest.approx(1 / (1 + np.exp(-_bare(network, seen)[0])), 1e-5)
    assert seen.min() >= -1.0 and seen.max() <= 1.0


def test_a_free_batch_and_size_are_fixed_by_the_answers(tmp_path: Path) -> None:
    network = torch_like(shape=("N", 3, "H", "W"))
    package = write_package(
        network.SerializeToString(), answers(size=[96, 80]), tmp_path / "lungs", DAY
    )
    assert _scores(package)[1].shape == (1, 3, 96, 80)


def test_the_package_says_that_nothing_was_measured(tmp_path: Path) -> None:
    package = write_package(torch_like().SerializeToString(), answers(), tmp_path / "lungs", DAY)
    card = (package / "MODEL_CARD.md").read_text(encoding="utf-8")
    manifest: Manifest = load_package(package).manifest
    assert "not measured here" in card and "Not measured" in card
    assert manifest.performance == () and manifest.regulatory_status == "research"
    assert manifest.operating_point.performance is None
    assert (manifest.explanation.method, manifest.calibration.method) == ("none", "none")


def test_nothing_is_left_behind_by_a_network_that_contradicts_its_answers(tmp_path: Path) -> None:
    out = tmp_path / "own" / "lungs"
    with pytest.raises(ModelError, match="activation must be sigmoid or softmax"):
        write_package(torch_like().SerializeToString(), answers(activation="none"), out, DAY)
    assert list(out.parent.iterdir()) == []


def test_a_network_blind_to_its_input_is_refused(tmp_path: Path) -> None:
    network = torch_like()
    for weights in network.graph.initializer:
        if weights.name == "dense":
            weights.raw_data = np.zeros((4, 3), np.float32).tobytes()
    with pytest.raises(ModelError, match="the same ones whatever it is shown"):
        write_package(network.SerializeToString(), answers(), tmp_path / "lungs", DAY)


def test_an_existing_folder_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "lungs").mkdir()
    with pytest.raises(ModelError, match="exists already"):
        write_package(torch_like().SerializeToString(), answers(), tmp_path / "lungs", DAY)


def test_a_network_of_another_package_keeps_its_identity(tmp_path: Path) -> None:
    network = torch_like()
    onnx.helper.set_model_props(network, {"model_id": "org.else.where", "version": "3.0.0"})
    with pytest.raises(ModelError, match=r"org\.else\.where already"):
        write_package(network.SerializeToString(), answers(), tmp_path / "lungs", DAY)


def test_metadata_that_is_no_identity_stays_in_the_network(tmp_path: Path) -> None:
    network = torch_like()
    onnx.helper.set_model_props(network, {"framework": "torch"})
    package = write_package(network.SerializeToString(), answers(), tmp_path / "lungs", DAY)
    kept = {pair.key: pair.value for pair in onnx.load(package / "model.onnx").metadata_props}
    assert kept == {
        "framework": "torch",
        "model_id": "local.imported.borrowed_lungs",
        "version": "1.0.0",
    }


def test_a_changed_manifest_needs_its_channels_numbers(tmp_path: Path) -> None:
    package = write_package(torch_like().SerializeToString(), answers(), tmp_path / "lungs", DAY)
    content = json.loads((package / "manifest.json").read_text())
    content["input"]["channel_mean"] = [0.5]
    (package / "manifest.json").write_text(json.dumps(content))
    (problem,) = check_package(package)
    assert "channel_mean needs one number per channel" in problem


def test_a_network_that_tells_no_labels_apart_states_nothing(tmp_path: Path) -> None:
    package = write_package(torch_like().SerializeToString(), answers(), tmp_path / "lungs", DAY)
    manifest = load_package(package).manifest
    task = known_tasks()["scores_only"]
    assert isinstance(task, FrameTask)
    even = {"logits": np.full((1, 3), 0.7, np.float32)}
    refusal = task.read(even, task.prepare(FRAME, manifest), FRAME, manifest)
    assert isinstance(refusal, Refusal)


def test_long_keys_that_begin_alike_get_different_codes() -> None:
    first, second = (local_code(f"pleural_thickening_{side}") for side in ("left", "right"))
    assert first != second
    assert max(len(first), len(second)) <= LONGEST_CODE


def test_the_answers_printed_in_the_help_make_a_package(tmp_path: Path) -> None:
    page = resource("help", "7-models.md").read_text(encoding="utf-8")
    start = page.index("    {\n")
    printed = json.loads(page[start : page.index("\n    }", start) + len("\n    }")])
    made = write_package(torch_like().SerializeToString(), printed, tmp_path / "made", "2026-11-23")
    assert check_package(made) == ()
    keys = [finding.key for finding in read_package(made).manifest.findings]
    assert keys == ["pneumonia", "pleural_effusion"]
