"""The gates refuse in words, before and after the network, and let through what is a film."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from model_packages import SIDE, band_network, build_package
from onnx import TensorProto, helper
from phantom_films import EVIDENCE, display_set, film

from viewer.base.errors import ModelError
from viewer.domain.finding import ModelRun, RunState
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Rescale
from viewer.inference.analysis import Analysis, analyze
from viewer.inference.manifest import MANIFEST_NAME, load_manifest
from viewer.inference.manifest_parts import QualitySpec, ValueShare
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.quality_gate import pixel_refusal, value_refusal
from viewer.inference.session import Device, SessionPool

RANDOM = np.random.default_rng(4)


def frame_of(stored: np.ndarray, photometric: Photometric = Photometric.MONOCHROME2) -> Frame:
    return replace(film(), stored=stored, photometric=photometric, bits_stored=16)


def noisy_film() -> Frame:
    """The phantom with the noise of a detector, which gives it grey values as a film has them."""
    clean = film().stored.astype(np.int32) * 3 + 500
    return frame_of((clean + RANDOM.normal(0, 40, clean.shape)).clip(0).astype(np.uint16))


def text_page() -> np.ndarray:
    page = np.full((200, 160), 240, np.uint8)
    page[10:190:9, 10:150] = RANDOM.integers(0, 255, (20, 140))
    return page


@pytest.mark.parametrize(
    ("stored", "words"),
    [
        (np.full((50, 60), 700, np.uint16), "blank"),
        ((np.arange(3000).reshape(50, 60) % 9).astype(np.uint16), "almost no contrast"),
        (text_page(), "screenshot"),
    ],
)
def test_what_is_no_film_is_refused_in_words_before_any_network(
    stored: np.ndarray, words: str
) -> None:
    reason = pixel_refusal(frame_of(stored), QualitySpec())
    assert words in reason
    assert "Read it without AI" in reason


def test_a_colour_image_is_refused_as_such() -> None:
    colours = RANDOM.integers(0, 255, (40, 40, 3)).astype(np.uint8)
    assert "in colour" in pixel_refusal(frame_of(colours, Photometric.RGB), QualitySpec())


def test_a_film_passes_stored_either_way_round_and_with_padding_around_it() -> None:
    plain = noisy_film()
    assert pixel_refusal(plain, QualitySpec()) == ""
    turned = frame_of((60000 - plain.stored).astype(np.uint16), Photometric.MONOCHROME1)
    assert pixel_refusal(turned, QualitySpec()) == ""
    wide = np.pad(plain.stored, 2000)
    assert pixel_refusal(frame_of(wide), QualitySpec()) != ""
    padded = replace(frame_of(wide), padding=(0.0, 0.0))
    assert pixel_refusal(padded, QualitySpec()) == ""


def gated_network(metadata: dict[str, str]) -> onnx.ModelProto:
    """The phantom reader with one more output: the mean of the input."""
    network = band_network(metadata)
    network.graph.node.extend(
        [
            helper.make_node("GlobalAveragePool", ["image"], ["mean"]),
            helper.make_node("Flatten", ["mean"], ["mean_grey"]),
        ]
    )
    network.graph.output.append(
        helper.make_tensor_value_info("mean_grey", TensorProto.FLOAT, [1, 1])
    )
    return network


def gated_package(folder: Path, highest: float, output: str = "mean_grey") -> ModelPackage:
    def change(manifest: dict) -> None:
        manifest["outputs"].append(
            {"tensor": "mean_grey", "type": "activations", "layout": "NC", "shape": [1, 1]}
        )
        manifest["gate"] = {
            "output": output,
            "highest": highest,
            "method": "mean grey value",
            "measured": ["in this test"],
        }

    metadata = {"model_id": "org.secondread.phantom_reader", "version": "1.0.0"}
    build_package(folder, change, gated_network(metadata))
    _add_distance_to_golden(folder)
    return load_package(folder)


def _add_distance_to_golden(folder: Path) -> None:
    golden = folder / "golden" / "phantom.npz"
    arrays = dict(np.load(golden))
    np.savez(golden, **arrays, mean_grey=arrays["image"].mean(keepdims=True).reshape(1, 1))
    manifest = json.loads((folder / MANIFEST_NAME).read_text())
    entry = next(file for file in manifest["files"] if file["path"] == "golden/phantom.npz")
    content = golden.read_bytes()
    entry.update(sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest))


def read(package: ModelPackage) -> Analysis:
    shown = display_set()
    return analyze(
        package=package,
        acquisition=shown.acquisition,
        display_set=shown,
        frame=film(),
        pool=SessionPool(),
        device=Device.CPU,
        stated_view="",
        evidence=EVIDENCE,
        report=lambda share: None,
        on_cancel=lambda stop: None,
    )


def test_an_input_unlike_the_training_images_is_refused_with_the_figure(tmp_path: Path) -> None:
    analysis = read(gated_package(tmp_path / "strict", highest=0.01))
    run: ModelRun = analysis.run
    assert run.state is RunState.NOT_APPLICABLE
    assert "the highest allowed is 0.01" in run.reason and "Read it without AI" in run.reason
    assert run.findings == run.below == () and analysis.heatmaps == ()
    assert analysis.seen is not None and analysis.seen.shape == (1, 1, SIDE, SIDE)


def test_an_input_within_the_limit_is_read_as_without_a_gate(tmp_path: Path) -> None:
    gated = read(gated_package(tmp_path / "wide", highest=10.0)).run
    plain = read(load_package(build_package(tmp_path / "plain"))).run
    assert gated.state is plain.state is RunState.DONE
    assert gated.findings[0].score == plain.findings[0].score


def test_a_blank_frame_never_reaches_the_network(tmp_path: Path) -> None:
    package = load_package(build_package(tmp_path / "plain"))
    shown = display_set()
    analysis = analyze(
        package=package,
        acquisition=shown.acquisition,
        display_set=shown,
        frame=frame_of(np.full((200, 160), 7, np.uint16)),
        pool=SessionPool(),
        device=Device.CPU,
        stated_view="",
        evidence=EVIDENCE,
        report=lambda share: None,
        on_cancel=lambda stop: None,
    )
    assert analysis.run.state is RunState.NOT_APPLICABLE
    assert "blank" in analysis.run.reason
    assert analysis.run.provider == "" and analysis.seen is None


def test_a_gate_that_names_no_output_sets_the_package_aside(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"gate\.output names no output"):
        gated_package(tmp_path / "lost", highest=1.0, output="nowhere")


def test_a_manifest_without_gate_stays_valid_and_has_sane_limits_on_pixels(tmp_path: Path) -> None:
    def without(manifest: dict) -> None:
        del manifest["quality"]

    manifest = load_manifest(build_package(tmp_path / "old", without) / MANIFEST_NAME)
    assert manifest.gate is None
    assert manifest.quality == QualitySpec()


def hounsfield(values: np.ndarray) -> Frame:
    return replace(
        frame_of((values + 1024).round().astype(np.uint16)),
        modality=Rescale(1.0, -1024.0),
        unit="HU",
    )


CHEST_VALUES = QualitySpec(
    values=(
        ValueShare({"en": "lung"}, -950, -500, least=0.05),
        ValueShare({"en": "metal"}, 1800, 9000, most=0.02),
    )
)


def some_chest() -> np.ndarray:
    values = np.full((100, 100), 40.0)
    values[:40] = -820
    return values + RANDOM.normal(0, 20, values.shape)


def test_modality_values_in_the_expected_shares_pass() -> None:
    assert value_refusal([hounsfield(some_chest())], CHEST_VALUES) == ""


@pytest.mark.parametrize(
    "fault", [lambda hu: -hu, lambda hu: hu + 1024, lambda hu: hu / 2, lambda hu: hu * 0 + 40]
)
def test_wrongly_scaled_or_inverted_values_are_refused_with_the_share(fault) -> None:
    frame = hounsfield(fault(some_chest()))
    reason = value_refusal([frame], CHEST_VALUES)
    assert "values of lung (-950 to -500 HU), at least 5% are expected" in reason
    assert "Read it without AI" in reason


def test_too_much_of_what_there_should_be_little_of_is_refused() -> None:
    values = some_chest()
    values[60:] = 3000
    assert "at most 2% are expected" in value_refusal([hounsfield(values)], CHEST_VALUES)


def test_the_shares_are_those_of_all_slices_together() -> None:
    empty = hounsfield(np.full((100, 100), 40.0))
    assert value_refusal([empty], CHEST_VALUES) != ""
    assert value_refusal([empty, hounsfield(some_chest())], CHEST_VALUES) == ""


def test_rare_values_at_both_ends_are_no_contrast_with_or_without_a_sign() -> None:
    middle, ends = RANDOM.integers(0, 10, 9840), RANDOM.integers(500, 1000, 160)
    ends[::2] *= -1
    signed = RANDOM.permutation(np.concatenate([middle, ends])).reshape(100, 100)
    for stored in (signed.astype(np.int16), (signed + 2000).astype(np.uint16)):
        assert "only 10 grey values" in pixel_refusal(frame_of(stored), QualitySpec())
