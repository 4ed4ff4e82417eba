"""HeatmapStore: keeps each run's maps, so that a case opened again shows what the reader saw."""

import json
import zlib
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np
from sqlalchemy import Engine, insert, select

from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.store.audit_log import reading
from viewer.store.schema import heatmaps


class HeatmapStore:
    """The maps of one database; kept as float16, which is finer than any colour table."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def save(self, run_uid: str, maps: Sequence[Heatmap]) -> None:
        """Keep the maps of one run."""
        if not maps:
            return
        rows = [
            {"run_uid": run_uid, "description": _describe(one), "values": _packed(one)}
            for one in maps
        ]
        with self._engine.begin() as connection:
            connection.execute(insert(heatmaps), rows)

    def load(self, run_uid: str, files: dict[str, Path]) -> tuple[Heatmap, ...]:
        """The maps of a run; files: where each SOP Instance UID lies now. A map without file is left out."""
        query = select(heatmaps.c.description, heatmaps.c["values"]).where(
            heatmaps.c.run_uid == run_uid
        )
        with reading(self._engine) as connection:
            rows = connection.execute(query.order_by(heatmaps.c.id)).all()
        maps = (_read(said, values, files) for said, values in rows)
        return tuple(one for one in maps if one is not None)


def _describe(heatmap: Heatmap) -> str:
    affine = heatmap.image_from_map_px
    return json.dumps(
        {
            "sop_instance_uid": heatmap.ref.sop_instance_uid,
            "frame": heatmap.ref.frame,
            "model_key": heatmap.model_key,
            "label": heatmap.label,
            "method": heatmap.method,
            "shape": list(heatmap.values.shape),
            "affine": [affine.a, affine.b, affine.c, affine.d, affine.tx, affine.ty],
            "segment": heatmap.segment and astuple(heatmap.segment),
        }
    )


def _packed(heatmap: Heatmap) -> bytes:
    return zlib.compress(heatmap.values.astype("<f2").tobytes())


def _read(description: str, packed: bytes, files: dict[str, Path]) -> Heatmap | None:
    said = json.loads(description)
    path = files.get(said["sop_instance_uid"])
    if path is None:
        return None
    values = np.frombuffer(zlib.decompress(packed), "<f2").reshape(said["shape"])
    return Heatmap(
        ref=FrameRef(said["sop_instance_uid"], said["frame"], path),
        model_key=said["model_key"],
        label=said["label"],
        method=said["method"],
        values=values.astype(np.float32),
        image_from_map_px=Affine2D(*said["affine"]),
        segment=CodedConcept(*said["segment"]) if said.get("segment") else None,
    )
