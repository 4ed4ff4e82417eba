"""Which packages may run, and what the others are told."""

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import pytest
from model_packages import Change, band_network, build_package, declared, described, model

from viewer.base.errors import ModelError
from viewer.inference.model_store import ModelStore, check_package, load_package

EVEN = {"low": 0.0, "high": 1.0, "counts": [5, 5]}


def _set(value: object, *path: str | int) -> Change:
    def change(manifest: dict) -> None:
        inner = manifest
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value

    return change


def _renamed_output(manifest: dict) -> None:
    _set("masks", "outputs", 0, "tensor")(manifest)
    _set("masks", "explanation", "output")(manifest)


def test_a_sound_package_is_ready_to_run_and_passes_its_golden_test(tmp_path: Path) -> None:
    folder = build_package(tmp_path / "sound")
    store = ModelStore([tmp_path])
    assert [package.folder for package in store.packages] == [folder]
    assert store.quarantined == ()
    assert check_package(folder) == ()
    algorithm = store.packages[0].algorithm
    assert algorithm.sha256 == described(folder, "model.onnx")["sha256"]
    assert algorithm.manifest_sha256 == described(folder, "manifest.json")["sha256"]
    assert store.by_key(store.packages[0].key) is store.packages[0]


def test_a_wrong_hash_quarantines_that_package_and_the_others_still_load(tmp_path: Path) -> None:
    sound = build_package(tmp_path / "b_sound")
    broken = build_package(tmp_path / "a_broken", _set("org.other.model", "model_id"))
    content = bytearray((broken / "model.onnx").read_bytes())
    content[-1] ^= 1
    (broken / "model.onnx").write_bytes(content)
    store = ModelStore([tmp_path])
    assert [package.folder for package in store.packages] == [sound]
    assert [one.folder for one in store.quarantined] == [broken]
    assert "a_broken" in store.quarantined[0].reason
    assert "model.onnx" in store.quarantined[0].reason
    assert "SHA-256" in store.quarantined[0].reason


@pytest.mark.parametrize("name", ["model.onnx", "golden/phantom.npz", "MODEL_CARD.md", "LICENSE"])
def test_every_listed_file_is_verified(tmp_path: Path, name: str) -> None:
    folder = build_package(tmp_path / "altered")
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"{name}: .*SHA-256 differs"):
        load_package(folder)
    (folder / name).unlink()
    with pytest.raises(ModelError, match=f"{name}: it is missing"):
        load_package(folder)


def test_a_network_swapped_after_loading_does_not_run(tmp_path: Path) -> None:
    folder = build_package(tmp_path / "swapped")
    package = load_package(folder)
    (folder / "model.onnx").write_bytes(b"another network")
    with pytest.raises(ModelError, match="SHA-256"):
        package.network()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_set("picture", "input", "tensor"), "no input picture"),
        (_renamed_output, "no output masks"),
        (_set([1, 1, 128], "input", "shape"), "shape"),
        (_set([1, 2, 128, 128], "outputs", 0, "shape"), "labels do not match the 2 channels"),
        (_set([1, 3, 64, 64], "outputs", 0, "shape"), "probabilities has the shape"),
    ],
)
def test_a_graph_that_is_not_the_declared_one_is_refused(
    tmp_path: Path, change: Change, reason: str
) -> None:
    with pytest.raises(ModelError, match=reason):
        load_package(build_package(tmp_path / "mismatch", change))


def test_a_network_of_another_identity_is_refused(tmp_path: Path) -> None:
    network = band_network({"model_id": "org.else", "version": "1.0.0"})
    with pytest.raises(ModelError, match=r"model_id org\.else"):
        load_package(build_package(tmp_path / "impostor", network=network))


def test_a_network_with_fewer_channels_than_labels_is_refused(tmp_path: Path) -> None:
    metadata = {"model_id": declared()["model_id"], "version": "1.0.0"}
    network = band_network(metadata, channels=2)
    with pytest.raises(ModelError, match="probabilities has the shape"):
        load_package(build_package(tmp_path / "narrow", network=network))


def test_a_network_that_wants_a_second_input_is_refused(tmp_path: Path) -> None:
    network = band_network({"model_id": declared()["model_id"], "version": "1.0.0"})
    extra = onnx.helper.make_tensor_value_info("spacing", onnx.TensorProto.FLOAT, [2])
    network.graph.input.append(extra)
    with pytest.raises(ModelError, match="wants the input spacing too"):
        load_package(build_package(tmp_path / "wanting", network=network))


def test_a_network_of_doubles_is_refused(tmp_path: Path) -> None:
    network = band_network({"model_id": declared()["model_id"], "version": "1.0.0"})
    for value in (*network.graph.input, *network.graph.output):
        value.type.tensor_type.elem_type = onnx.TensorProto.DOUBLE
    for constant in network.graph.initializer:
        array = onnx.numpy_helper.to_array(constant).astype(np.float64)
        constant.CopyFrom(onnx.numpy_helper.from_array(array, constant.name))
    with pytest.raises(ModelError, match="not float32"):
        load_package(build_package(tmp_path / "doubles", network=network))


def test_bytes_that_are_no_network_are_refused(tmp_path: Path) -> None:
    folder = build_package(tmp_path / "junk")
    (folder / "model.onnx").write_bytes(b"this is no ONNX file")
    manifest = (folder / "manifest.json").read_text()
    old = described(build_package(tmp_path / "whole"), "model.onnx")
    new = described(folder, "model.onnx")
    manifest = manifest.replace(str(old["sha256"]), str(new["sha256"]))
    manifest = manifest.replace(f'"bytes": {old["bytes"]}', f'"bytes": {new["bytes"]}')
    (folder / "manifest.json").write_text(manifest)
    with pytest.raises(ModelError, match=r"junk.*onnxruntime cannot load the network"):
        load_package(folder)


_FINDING = "enlarged_cardiac_silhouette"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_set({_FINDING: 1.0}, "operating_points", 0, "thresholds"), "between 0 and 1"),
        (_set({_FINDING: -0.1}, "operating_points", 0, "thresholds"), "between 0 and 1"),
        (_set({}, "operating_points", 0, "thresholds"), "one threshold per finding"),
        (_set({"x": 0.5}, "operating_points", 0, "thresholds"), "one threshold per finding"),
        (_set(False, "operating_points", 0, "default"), "exactly one operating point"),
        (_set(5, "labels", 0, "index"), "do not match the 3 channels"),
        (_set("left_lung", "labels", 1, "key"), "labels repeats left_lung"),
        (_set("astrology", "task", "kind"), "no task of the kind astrology"),
        (_set("spleen", "task", "parameters", "heart"), "heart names no label"),
        (_set("half", "task", "parameters", "mask_threshold"), "mask_threshold"),
        (_set([0.85, 0.3], "task", "parameters", "plausible_ratio"), "plausible_ratio is empty"),
        (_set(["PA", "AP"], "applicability", "view"), "applicability.view must be PA alone"),
        (_set([], "applicability", "view"), "applicability.view must be PA alone"),
        (_set([{"op": "sharpen"}], "input", "operations"), "sharpen"),
        (_set([{"op": "scale_to_unit"}], "input", "operations"), r"give \[48, 40\]"),
        (_set("99.0", "runtime", "min_onnxruntime"), "needs onnxruntime 99.0"),
        (_set("maps", "explanation", "output"), "explanation.output names no output"),
        (_set(["spleen"], "explanation", "labels"), "explanation.labels names unknown spleen"),
        (_set(15, "applicability", "max_age_years"), "lowest age is above the highest"),
        (_set("golden/else.npz", "golden", 0, "file"), "not among the files"),
    ],
)
def test_a_manifest_that_contradicts_itself_is_refused(
    tmp_path: Path, change: Change, reason: str
) -> None:
    folder = build_package(tmp_path / "contradictory", change)
    with pytest.raises(ModelError, match=rf"contradictory.*{reason}"):
        load_package(folder)
    assert any(reason.split("\\")[0][:12] in problem for problem in check_package(folder))


def test_a_golden_mismatch_is_found_by_the_check(tmp_path: Path) -> None:
    metadata = {"model_id": declared()["model_id"], "version": "1.0.0"}
    shifted = band_network(metadata)
    for constant in shifted.graph.initializer:
        if constant.name == "steepness":
            constant.CopyFrom(onnx.numpy_helper.from_array(np.array(2.9, np.float32), "steepness"))
    folder = build_package(tmp_path / "drifted", network=shifted)
    problems = check_package(folder)
    assert len(problems) == 1
    assert "golden/phantom.npz: probabilities departs by" in problems[0]


def test_a_golden_file_without_the_output_is_found_by_the_check(tmp_path: Path) -> None:
    metadata = {"model_id": declared()["model_id"], "version": "1.0.0"}
    node = onnx.helper.make_node("Concat", ["image", "image", "image"], ["masks"], axis=1)
    network = model([node], {}, [1, 1, 128, 128], [1, 3, 128, 128], metadata)
    network.graph.output[0].name = "masks"
    problems = check_package(build_package(tmp_path / "renamed", _renamed_output, network))
    assert problems and "no array masks" in problems[0]


def test_of_two_versions_the_newer_runs_and_the_older_is_set_aside_by_name(tmp_path: Path) -> None:
    old = build_package(tmp_path / "a", _set("1.9.0", "version"))
    new = build_package(tmp_path / "b", _set("1.10.0", "version"))
    store = ModelStore([tmp_path])
    assert [package.folder for package in store.packages] == [new]
    assert [one.folder for one in store.quarantined] == [old]
    assert "version 1.10.0 of the same model" in store.quarantined[0].reason


def test_of_two_copies_in_two_folders_the_first_folder_wins(tmp_path: Path) -> None:
    own = build_package(tmp_path / "own" / "phantom")
    shutil.copytree(own, tmp_path / "shipped" / "phantom")
    store = ModelStore([tmp_path / "own", tmp_path / "shipped"])
    assert [package.folder for package in store.packages] == [own]
    assert len(store.quarantined) == 1


def test_folders_without_a_network_are_no_packages_and_a_lost_manifest_is_told(
    tmp_path: Path,
) -> None:
    (tmp_path / "training").mkdir()
    (tmp_path / "notes.txt").write_text("not a package")
    lost = build_package(tmp_path / "lost")
    (lost / "manifest.json").unlink()
    store = ModelStore([tmp_path, tmp_path / "absent"])
    assert store.packages == ()
    assert [one.folder for one in store.quarantined] == [lost]
    assert "manifest.json" in store.quarantined[0].reason


def test_the_check_lists_every_broken_file(tmp_path: Path) -> None:
    folder = build_package(tmp_path / "ruined")
    (folder / "LICENSE").unlink()
    (folder / "MODEL_CARD.md").write_text("changed")
    problems = check_package(folder)
    assert len(problems) == 2


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ({"input_histogram": {"colour": EVEN}}, "input_histogram.colour is no number"),
        ({"input_histogram": {"mean": {**EVEN, "low": 1.0}}}, "input_histogram.mean: low must be"),
        ({"score_histogram": {"other": EVEN}}, "score_histogram.other names no finding"),
    ],
)
def test_a_reference_of_what_does_not_exist_is_a_problem(
    tmp_path: Path, block: dict, said: str
) -> None:
    def change(manifest: dict) -> None:
        own = {manifest["findings"][0]["key"]: EVEN}
        manifest["reference"] = {"data": "phantoms", "score_histogram": own, **block}

    folder = build_package(tmp_path / "odd", change)
    assert any(said in problem for problem in check_package(folder))


@pytest.mark.parametrize("name", ["LICENSE", "MODEL_CARD.md"])
def test_a_package_whose_manifest_forgets_licence_or_card_is_set_aside(
    tmp_path: Path, name: str
) -> None:
    path = build_package(tmp_path / "phantom") / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["files"] = [file for file in manifest["files"] if file["path"] != name]
    path.write_text(json.dumps(manifest))
    (aside,) = ModelStore([tmp_path]).quarantined
    assert f"{name} is not among the files" in aside.reason


def test_a_mistyped_code_and_one_that_differs_from_its_label_set_a_package_aside(
    tmp_path: Path,
) -> None:
    def mistype(manifest: dict) -> None:
        manifest["findings"][0]["code"]["value"] = "8186002"

    build_package(tmp_path / "phantom", mistype)
    (aside,) = ModelStore([tmp_path]).quarantined
    assert "8186002 is no SNOMED CT code" in aside.reason
