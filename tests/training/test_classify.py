"""From a folder of pictures to a package that passes every check; runs where torch is installed."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the training libraries are not installed here")
pytest.importorskip("matplotlib", reason="the training libraries are not installed here")

import torch
from own_runs import arguments, weights_whole_and_broken_off
from PIL import Image

from models.training.classify.__main__ import main
from models.training.classify.network import Classifier, Shipped
from models.training.common import own_gate, own_package
from models.training.common.artefact import Shipped as OnnxFile
from models.training.common.augment import augmented
from viewer.inference.model_package import read_package
from viewer.inference.model_store import check_package

PATIENTS = 48


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Noise; in that of every other patient a bright square."""
    random = np.random.default_rng(0)
    for patient in range(PATIENTS):
        image = random.normal(90, 20, (40, 32))
        if patient % 2:
            row, column = random.integers(8, 28), random.integers(8, 22)
            image[row - 4 : row + 4, column - 4 : column + 4] += 90
        place = tmp_path / "data" / ("square" if patient % 2 else "normal")
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image.clip(0, 255).astype(np.uint8)).save(place / f"p{patient}_0.png")
    return tmp_path / "data"


SMALL = {"size": 32, "epochs": 2, "batch": 16}


def test_a_folder_of_pictures_becomes_a_package_that_passes_every_check(folder: Path) -> None:
    assert main(arguments(folder, **SMALL)) == 0
    out = folder.parent / "out"
    assert check_package(out) == ()
    manifest = read_package(out).manifest
    assert [finding.key for finding in manifest.findings] == ["square"]
    assert manifest.explanation.method == "class_activation"
    assert {one.name for one in (out / "figures").iterdir()} == {
        "roc.png",
        "reliability.png",
        "confusion_square.png",
        "training.png",
    }
    assert "### square" in (out / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_package_gets_a_gate_from_its_training_images_and_says_how_many_pass(
    folder: Path,
) -> None:
    assert main(arguments(folder, **SMALL)) == 0
    out = folder.parent / "out"
    manifest = read_package(out).manifest
    assert manifest.gate is not None and manifest.gate.output == "distance"
    assert any("validation images" in one for one in manifest.gate.measured)
    assert not any("No input check" in one for one in manifest.warnings)
    card = (out / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "| must pass | images (patients) | passed | 95 % interval |" in card
    assert "| test images inverted |" in card and "No input check" not in card


def test_the_gate_of_a_trained_package_tells_noise_from_its_own_images(folder: Path) -> None:
    assert main(arguments(folder, **SMALL)) == 0
    network = OnnxFile(folder.parent / "out" / "model.onnx", ["distance"])
    golden = np.load(folder.parent / "out" / "golden/made_picture.npz")
    assert golden["distance"].shape == (1, 1)
    far = network(np.full_like(golden["image"], 40.0))[0]
    assert far[0, 0] > 1


def test_few_training_images_make_no_gate_and_the_card_says_so(folder: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(own_gate, "LEAST_IMAGES", 1000)
        assert main(arguments(folder, **SMALL)) == 0
    out = folder.parent / "out"
    manifest = read_package(out).manifest
    assert manifest.gate is None
    assert any("No input check" in one for one in manifest.warnings)
    assert "**No input check**" in (out / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_broken_off_run_goes_on_to_the_same_weights(folder: Path) -> None:
    first, second = weights_whole_and_broken_off(main, folder, **SMALL)
    assert all(torch.allclose(first[name], second[name], atol=1e-5) for name in first)


def test_a_checkpoint_of_other_settings_is_not_resumed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(folder, **{**SMALL, "epochs": 1})) == 0
    other = arguments(folder, **{**SMALL, "epochs": 1, "seed": 5, "out": folder.parent / "other"})
    assert main(other) == 1
    assert "other settings" in capsys.readouterr().err


def test_few_test_patients_are_said_to_prove_little_and_what_to_do_next_is_told(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(arguments(folder, **SMALL)) == 0
    said = capsys.readouterr().out
    out = folder.parent / "out"
    doubt = next(one for one in read_package(out).manifest.warnings if "prove little" in one)
    assert doubt in (out / "MODEL_CARD.md").read_text(encoding="utf-8") and doubt in said
    assert "square: AUROC " in said and f"models install {out}" in said
    assert "torch.onnx" not in said and "nan" not in said


def test_a_class_called_as_in_the_code_table_gets_its_code_and_the_card_says_which(
    folder: Path,
) -> None:
    (folder / "square").rename(folder / "Pleural Effusion")
    assert main(arguments(folder, **SMALL)) == 0
    out = folder.parent / "out"
    code = read_package(out).manifest.findings[0].code
    assert (code.value, code.scheme) == ("60046008", "SCT")
    assert "60046008 (SCT)" in (out / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_a_file_about_the_model_that_is_not_there_is_told_before_anything_is_learned(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = arguments(folder, **SMALL, about=folder / "none.json")
    assert main(asked) == 1
    assert "none.json cannot be read" in capsys.readouterr().err
    assert not (folder.parent / "run").exists()


def test_ctrl_c_is_answered_with_a_sentence_and_the_next_run_says_where_it_goes_on(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights_whole_and_broken_off(main, folder, **SMALL)
    said = capsys.readouterr()
    assert "The same command goes on" in said.err
    assert "goes on after epoch 1" in said.out


def test_the_score_is_the_mean_of_its_map() -> None:
    scores, maps = Shipped(Classifier("small", 3)).eval()(torch.randn(2, 1, 32, 32))
    assert torch.allclose(torch.logit(scores), maps.mean(dim=(2, 3)), atol=1e-4)


def test_nothing_is_mirrored_unless_asked() -> None:
    """A bright left edge stays left through turns, shifts and warps."""
    images = torch.zeros(64, 1, 32, 32)
    images[..., :8] = 5.0
    random = torch.Generator().manual_seed(1)
    kept = augmented(images, 1.0, False, random)
    assert (kept[..., :16].mean((1, 2, 3)) > kept[..., 16:].mean((1, 2, 3))).all()
    turned = augmented(images, 1.0, True, random)
    share = (turned[..., :16].mean((1, 2, 3)) < turned[..., 16:].mean((1, 2, 3))).float().mean()
    assert 0.25 < share < 0.75


def test_no_augmentation_leaves_images_as_they_are() -> None:
    images = torch.randn(3, 1, 16, 16)
    assert torch.equal(augmented(images, 0.0, False, torch.Generator()), images)


def test_a_package_that_fails_its_check_leaves_nothing_that_looks_like_one(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(own_package, "check_package", lambda _folder: ("The golden test departs.",))
    assert main(arguments(folder, **SMALL)) == 1
    assert "The golden test departs." in capsys.readouterr().err
    assert sorted(one.name for one in folder.parent.iterdir()) == ["data", "run"]


def test_a_map_that_the_gate_cannot_halve_evenly_is_averaged_as_the_network_does_it(
    folder: Path,
) -> None:
    """40 pixels give a map of 5 x 5: its last row and column are left out on both sides."""
    assert main(arguments(folder, **{**SMALL, "size": 40})) == 0
    assert check_package(folder.parent / "out") == ()
