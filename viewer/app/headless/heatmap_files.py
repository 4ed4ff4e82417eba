"""Heatmaps as 16-bit PNG with their geometry beside them in JSON; names free of patient data."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from viewer.domain.finding import ModelRun
from viewer.domain.image import Heatmap

FULL_SCALE = 65535
"""PNG value that stands for 1."""


def write_heatmaps(folder: Path, run: ModelRun, heatmaps: Sequence[Heatmap]) -> tuple[str, ...]:
    """Write `<hash>_<label>.png` and `.json` for each map; returns the PNG names. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    return tuple(_write(folder, run, heatmap) for heatmap in heatmaps)


def _write(folder: Path, run: ModelRun, heatmap: Heatmap) -> str:
    stem = f"{_hash(run, heatmap)}_{_plain(heatmap.label)}"
    levels = np.round(np.clip(heatmap.values, 0.0, 1.0) * FULL_SCALE).astype(np.uint16)
    Image.fromarray(levels).save(folder / f"{stem}.png")
    sidecar = json.dumps(_geometry(run, heatmap), indent=1)
    (folder / f"{stem}.json").write_text(sidecar, encoding="utf-8")
    return f"{stem}.png"


def _geometry(run: ModelRun, heatmap: Heatmap) -> dict[str, object]:
    rows, columns = heatmap.values.shape
    affine = heatmap.image_from_map_px
    return {
        "label": heatmap.label,
        "method": heatmap.method,
        "model_id": run.algorithm.model_id,
        "version": run.algorithm.version,
        "sha256": run.algorithm.sha256,
        "study_instance_uid": run.study_uid,
        "series_instance_uid": run.series_uid,
        "sop_instance_uid": heatmap.ref.sop_instance_uid,
        "frame": heatmap.ref.frame,
        "rows": rows,
        "columns": columns,
        "full_scale": FULL_SCALE,
        "image_from_map_px": affine.matrix.tolist(),
        "pixel_convention": "(column, row); (0, 0) is the centre of the top left pixel",
    }


def _hash(run: ModelRun, heatmap: Heatmap) -> str:
    said = "\0".join((run.algorithm.sha256, heatmap.ref.sop_instance_uid, str(heatmap.ref.frame)))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _plain(label: str) -> str:
    return "".join(letter if letter.isalnum() else "_" for letter in label.lower())
