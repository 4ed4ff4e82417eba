"""Builds tiny real packages that read series: a judge of patches, and a map of bright pixels."""

import json
from pathlib import Path

import numpy as np
import onnx
from model_packages import Change, declared, described
from onnx import TensorProto, helper, numpy_helper

PATCH, SLICE = 24, 64
"""Rows and columns of a patch and of a prepared slice."""


def build_detector(folder: Path, change: Change = lambda manifest: None) -> Path:
    """A patch's score is the mean of its middle, 0 in air and 1 in soft tissue."""
    middle = np.zeros((1, 1, PATCH, PATCH), np.float32)
    middle[..., PATCH // 2 - 2 : PATCH // 2 + 2, PATCH // 2 - 2 : PATCH // 2 + 2] = 1 / 16
    nodes = [
        helper.make_node("Mul", ["image", "middle"], ["weighted"]),
        helper.make_node("ReduceSum", ["weighted", "axes"], ["sum"], keepdims=0),
        helper.make_node("Clip", ["sum", "zero", "one"], ["scores"]),
    ]
    constants = {"middle": middle, "axes": np.array([2, 3], np.int64), **_LIMITS}
    manifest = _declared(detector_manifest(), change)
    network = _network(nodes, constants, PATCH, {"scores": ["n", 1]}, manifest)
    image = np.linspace(0, 1, PATCH * PATCH, dtype=np.float32).reshape(1, 1, PATCH, PATCH)
    score = (image * middle).sum(axis=(2, 3)).astype(np.float32)
    return _written(folder, manifest, network, {"image": image, "scores": score})


def build_segmenter(folder: Path, change: Change = lambda manifest: None) -> Path:
    """The map is the slice itself, of a second structure what is left to 1; the score is its highest pixel."""
    manifest = _declared(segmenter_manifest(), change)
    labels = len(manifest["labels"])
    nodes = [
        helper.make_node("Clip", ["image", "zero", "one"], ["bright"]),
        helper.make_node("Sub", ["one", "bright"], ["dark"]),
        helper.make_node("Concat", ["bright", "dark"][:labels], ["probabilities"], axis=1),
        helper.make_node("ReduceMax", ["probabilities"], ["slice_score"], axes=[2, 3], keepdims=0),
    ]
    outputs = {"probabilities": ["n", labels, SLICE, SLICE], "slice_score": ["n", labels]}
    network = _network(nodes, dict(_LIMITS), SLICE, outputs, manifest)
    image = np.linspace(0, 1, SLICE * SLICE, dtype=np.float32).reshape(1, 1, SLICE, SLICE)
    maps = np.concatenate([image, 1 - image][:labels], axis=1)
    scores = np.ones((1, labels), np.float32)
    golden = {"image": image, "probabilities": maps, "slice_score": scores}
    return _written(folder, manifest, network, golden)


_LIMITS = {"zero": np.array(0.0, np.float32), "one": np.array(1.0, np.float32)}


def _declared(manifest: dict, change: Change) -> dict:
    change(manifest)
    return manifest


def _network(
    nodes: list, constants: dict, side: int, outputs: dict[str, list], manifest: dict
) -> onnx.ModelProto:
    floats = TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "series_reader",
        [helper.make_tensor_value_info("image", floats, ["n", 1, side, side])],
        [helper.make_tensor_value_info(name, floats, shape) for name, shape in outputs.items()],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    built = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(built, {key: manifest[key] for key in ("model_id", "version")})
    return built


def _written(folder: Path, manifest: dict, network: onnx.ModelProto, golden: dict) -> Path:
    (folder / "golden").mkdir(parents=True)
    onnx.save(network, folder / "model.onnx")
    (folder / "MODEL_CARD.md").write_text("A phantom reader for tests.\n", encoding="utf-8")
    (folder / "LICENSE").write_text("MIT\n", encoding="utf-8")
    np.savez(folder / "golden" / "phantom.npz", **golden)
    names = ("model.onnx", "golden/phantom.npz", "MODEL_CARD.md", "LICENSE")
    manifest.setdefault("files", [described(folder, name) for name in names])
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def _label(key: str, display: str) -> dict:
    code = {"value": "27925004", "scheme": "SCT", "meaning": "Nodule"}
    return {"key": key, "display": {"en": display}, "code": code}


def of_films(manifest: dict) -> None:
    """Change a segmenter of series into one of films of the chest."""
    manifest["task"]["parameters"]["position"] = "as_stored"
    manifest["applicability"] = {"modality": ["DX"], "body_part": ["CHEST"], "view": ["PA"]}
    manifest["input"]["operations"][0] = {"op": "window", "low": 0, "high": 4000}


def detector_manifest() -> dict:
    """The manifest of a reader of CT series, without `files`."""
    label = _label("lung_nodule", "Lung nodule")
    return {
        **declared(),
        "model_id": "org.secondread.phantom_detector",
        "name": "Balls in a phantom",
        "task": {
            "kind": "detection",
            "parameters": {
                "patch_spacing_mm": 1.0,
                "largest_in_patch_mm": 16.0,
                "max_candidates": 50,
                "max_findings": 3,
                "smallest_diameter_mm": 3.0,
            },
        },
        "applicability": {
            "modality": ["CT"],
            "body_part": ["CHEST"],
            "orientation": ["AXIAL"],
            "min_frames": 5,
            "max_frames": 500,
        },
        "input": {
            "tensor": "image",
            "layout": "NCHW",
            "dtype": "float32",
            "shape": [1, 1, PATCH, PATCH],
            "operations": [
                {"op": "window", "low": -1000, "high": 100},
                {"op": "resize", "rows": PATCH, "columns": PATCH, "aspect": "stretch"},
            ],
            "max_batch": 8,
        },
        "outputs": [{"tensor": "scores", "type": "probabilities", "layout": "NC", "shape": [1, 1]}],
        "labels": [{"index": 0, **label}],
        "findings": [{**label, "score": {"name": "Score", "unit": "1"}}],
        "operating_points": [
            {"name": "second_read", "default": True, "thresholds": {"lung_nodule": 0.5}}
        ],
        "explanation": {
            "method": "native_map",
            "output": "scores",
            "labels": ["lung_nodule"],
            "name": "Region shaded by its score",
        },
    }


def segmenter_manifest() -> dict:
    """The manifest of a reader of FLAIR series, without `files`."""
    label = _label("brain_tumour", "Brain tumour")
    return {
        **detector_manifest(),
        "model_id": "org.secondread.phantom_segmenter",
        "name": "Bright places in a phantom",
        "task": {
            "kind": "segmentation",
            "parameters": {"mask_threshold": 0.5, "smallest_share": 0.001, "max_findings": 8},
        },
        "applicability": {
            "modality": ["MR"],
            "sequence": ["FLAIR"],
            "orientation": ["AXIAL"],
            "max_frames": 500,
        },
        "input": {
            "tensor": "image",
            "layout": "NCHW",
            "dtype": "float32",
            "shape": [1, 1, SLICE, SLICE],
            "operations": [
                {"op": "window", "low": 0, "high": 1000},
                {"op": "square_pixels"},
                {"op": "resize", "rows": SLICE, "columns": SLICE, "aspect": "pad"},
            ],
            "max_batch": 4,
        },
        "outputs": [
            {
                "tensor": "probabilities",
                "type": "probabilities",
                "layout": "NCHW",
                "shape": [1, 1, SLICE, SLICE],
            },
            {"tensor": "slice_score", "type": "probabilities", "layout": "NC", "shape": [1, 1]},
        ],
        "labels": [{"index": 0, **label}],
        "findings": [{**label, "score": {"name": "Score", "unit": "1"}}],
        "operating_points": [
            {"name": "second_read", "default": True, "thresholds": {"brain_tumour": 0.5}}
        ],
        "explanation": {
            "method": "native_map",
            "output": "probabilities",
            "labels": ["brain_tumour"],
            "name": "Segmentation probability",
        },
    }
