"""Builds a tiny real model package: an ONNX graph that tells heart and lungs of a phantom by grey value."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

SIDE = 128
"""Rows and columns of the tensor."""

RIGHT_LUNG, LEFT_LUNG, HEART = 1 / 3, 2 / 3, 1.0
"""Grey values of the phantom's organs, as share of the brightest; background is 0."""

Change = Callable[[dict], None]


def band_network(metadata: dict[str, str], channels: int = 3) -> onnx.ModelProto:
    """`image` (1, 1, SIDE, SIDE) to `probabilities`: 1 at each organ's grey value, 0.5 half-way to the next."""
    greys = np.array([HEART, RIGHT_LUNG, LEFT_LUNG][:channels], np.float32).reshape(1, -1, 1, 1)
    constants = {"greys": greys, "steepness": np.float32(3.0), "one": np.float32(1.0)}
    constants["zero"] = np.float32(0.0)
    nodes = [
        helper.make_node("Sub", ["image", "greys"], ["offset"]),
        helper.make_node("Abs", ["offset"], ["distance"]),
        helper.make_node("Mul", ["distance", "steepness"], ["steep"]),
        helper.make_node("Sub", ["one", "steep"], ["peak"]),
        helper.make_node("Clip", ["peak", "zero", "one"], ["probabilities"]),
    ]
    return model(nodes, constants, [1, 1, SIDE, SIDE], [1, channels, SIDE, SIDE], metadata)


def slow_network(metadata: dict[str, str], products: int = 1500) -> onnx.ModelProto:
    """As `band_network`, but after seconds of matrix products, so that it can be stopped."""
    constants = {"weights": np.full((1, 1, SIDE, 40 * SIDE), 1e-4, np.float32)}
    constants["back"] = np.full((1, 1, 40 * SIDE, SIDE), 1e-4, np.float32)
    constants["zeros"] = np.zeros((1, 3, 1, 1), np.float32)
    nodes, last = [], "image"
    for step in range(products):
        wide, narrow = f"wide{step}", f"narrow{step}"
        nodes += [
            helper.make_node("MatMul", [last, "weights"], [wide]),
            helper.make_node("MatMul", [wide, "back"], [narrow]),
        ]
        last = narrow
    nodes.append(helper.make_node("Mul", [last, "zeros"], ["probabilities"]))
    return model(nodes, constants, [1, 1, SIDE, SIDE], [1, 3, SIDE, SIDE], metadata)


def model(
    nodes: list,
    constants: dict[str, NDArray],
    input_shape: list[int],
    output_shape: list[int],
    metadata: dict[str, str],
) -> onnx.ModelProto:
    """One graph from `image` to `probabilities`."""
    graph = helper.make_graph(
        nodes,
        "phantom_reader",
        [helper.make_tensor_value_info("image", TensorProto.FLOAT, input_shape)],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, output_shape)],
        [numpy_helper.from_array(np.asarray(v), name) for name, v in constants.items()],
    )
    built = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(built, metadata)
    return built


def phantom(rows: int, columns: int, heart: tuple[float, float] = (0.42, 0.66)) -> NDArray:
    """A chest of rectangles: grey values 0 to 1, shape (rows, columns); asymmetric on purpose.

    The patient's right lung, on the left of the image, reaches from 0.10 to 0.40 of the width, the
    left lung from 0.66 to 0.92; heart: its left and right edge, as shares of the width.
    """
    values = np.zeros((rows, columns), np.float32)
    _fill(values, (0.15, 0.75), (0.10, 0.40), RIGHT_LUNG)
    _fill(values, (0.20, 0.80), (0.66, 0.92), LEFT_LUNG)
    _fill(values, (0.50, 0.85), heart, HEART)
    return values


def _fill(values: NDArray, rows: tuple[float, float], columns: tuple[float, float], grey: float):
    height, width = values.shape
    top, bottom = (round(share * height) for share in rows)
    left, right = (round(share * width) for share in columns)
    values[top:bottom, left:right] = grey


def build_package(
    folder: Path, change: Change = lambda manifest: None, network: onnx.ModelProto | None = None
) -> Path:
    """Write a package that passes all checks, unless `change` (of the manifest) breaks it."""
    (folder / "golden").mkdir(parents=True)
    manifest = declared()
    change(manifest)
    metadata = {"model_id": manifest["model_id"], "version": manifest["version"]}
    onnx.save(network or band_network(metadata), folder / "model.onnx")
    (folder / "MODEL_CARD.md").write_text("A phantom reader for tests.\n", encoding="utf-8")
    (folder / "LICENSE").write_text("MIT\n", encoding="utf-8")
    image = phantom(SIDE, SIDE)[None, None]
    np.savez(folder / "golden" / "phantom.npz", image=image, probabilities=expected(image))
    names = ("model.onnx", "golden/phantom.npz", "MODEL_CARD.md", "LICENSE")
    manifest.setdefault("files", [described(folder, name) for name in names])
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def described(folder: Path, name: str) -> dict[str, object]:
    """An entry of the manifest's `files`."""
    content = (folder / name).read_bytes()
    return {
        "path": name,
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
    }


def expected(image: NDArray) -> NDArray:
    """What `band_network` makes of an image (1, 1, rows, columns)."""
    greys = np.array([HEART, RIGHT_LUNG, LEFT_LUNG], np.float32).reshape(1, 3, 1, 1)
    return np.clip(1 - 3 * np.abs(image - greys), 0, 1).astype(np.float32)


def declared() -> dict:
    """The manifest, without `files`."""
    heart = {"value": "80891009", "scheme": "SCT", "meaning": "Heart"}
    lung = {"value": "39607008", "scheme": "SCT", "meaning": "Lung"}
    return {
        "schema_version": 1,
        "model_id": "org.secondread.phantom_reader",
        "version": "1.0.0",
        "name": "Heart size of a phantom",
        "vendor": "SecondRead tests",
        "release_date": "2026-11-22",
        "intended_use": "Tests.",
        "not_for": ["Patients."],
        "regulatory_status": "research",
        "warnings": [],
        "licences": {"code": "MIT", "weights": "MIT", "data": "none"},
        "task": {
            "kind": "cardiothoracic_ratio",
            "parameters": {
                "heart": "heart",
                "right_lung": "right_lung",
                "left_lung": "left_lung",
                "mask_threshold": 0.5,
                "plausible_ratio": [0.20, 0.85],
                "heart_area": [0.01, 0.40],
                "lung_area": [0.03, 0.40],
                "largest_component_share": 0.7,
            },
        },
        "applicability": {
            "modality": ["CR", "DX"],
            "body_part": ["CHEST", "THORAX"],
            "view": ["PA"],
            "photometric": ["MONOCHROME1", "MONOCHROME2"],
            "min_age_years": 16,
            "min_rows": 64,
            "min_columns": 64,
        },
        "input": {
            "tensor": "image",
            "layout": "NCHW",
            "dtype": "float32",
            "shape": [1, 1, SIDE, SIDE],
            "operations": [
                {"op": "invert_monochrome1"},
                {"op": "scale_to_unit"},
                {"op": "resize", "rows": SIDE, "columns": SIDE, "aspect": "stretch"},
            ],
        },
        "outputs": [
            {
                "tensor": "probabilities",
                "type": "probabilities",
                "layout": "NCHW",
                "shape": [1, 3, SIDE, SIDE],
            }
        ],
        "labels": [
            {"index": 0, "key": "heart", "display": {"en": "Heart"}, "code": heart},
            _lung(1, "right_lung", "Right lung", lung, "R"),
            _lung(2, "left_lung", "Left lung", lung, "L"),
        ],
        "findings": [
            {
                "key": "enlarged_cardiac_silhouette",
                "display": {"en": "Enlarged cardiac silhouette"},
                "code": {"value": "8186001", "scheme": "SCT", "meaning": "Cardiomegaly"},
                "site": heart,
                "score": {"name": "Cardiothoracic ratio", "unit": "1"},
            }
        ],
        "operating_points": [
            {
                "name": "second_read",
                "default": True,
                "thresholds": {"enlarged_cardiac_silhouette": 0.50},
            }
        ],
        "calibration": {"method": "none"},
        "explanation": {
            "method": "native_map",
            "output": "probabilities",
            "labels": ["heart", "right_lung", "left_lung"],
            "name": "Segmentation probability (heart and lungs)",
            "note": "Shows what the network took for heart and lungs.",
        },
        "training_data": [
            {
                "name": "none",
                "patients": 0,
                "images": 0,
                "split_unit": "patient",
                "source": "none",
                "licence": "none",
                "labels_by": "nobody",
            }
        ],
        "performance": [],
        "runtime": {"opset": 17, "min_onnxruntime": "1.17", "tolerance": 0.001},
        "golden": [{"file": "golden/phantom.npz", "tolerance": 0.001}],
        "references": [],
        "changelog": ["1.0.0: first release"],
        "contacts": ["nobody@example.org"],
        "quality": {"min_grey_values": 2, "max_commonest_share": 1.0},
    }


def _lung(index: int, key: str, name: str, code: dict, side: str) -> dict:
    return {"index": index, "key": key, "display": {"en": name}, "code": code, "laterality": side}
