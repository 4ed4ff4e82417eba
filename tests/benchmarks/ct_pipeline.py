"""From decoded pixels of a chest CT to findings and maps, beside the bare network on the same batches.

By hand: `python tests/benchmarks/ct_pipeline.py FOLDER_OF_A_SERIES [PACKAGE]`. Prints milliseconds
and their ratio; the goal is at most 1.3.
"""

import sys
from pathlib import Path

from in_turn import in_turn, told

from viewer.base.paths import shipped_models
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.dicom.volume_builder import build_volume
from viewer.inference.model_store import load_package
from viewer.inference.series_analysis import analyze_series
from viewer.inference.session import Device, SessionPool

ROUNDS = 3


def main(folder: Path, model: Path) -> None:
    """Print both times and the ratio."""
    package, pool = load_package(model), SessionPool()
    found = index([folder], lambda _index: None, lambda _share: None)
    display_set = max(found.studies[0].display_sets, key=lambda one: len(one.frames))
    volume = build_volume([decode(ref) for ref in display_set.frames])

    def pipeline():
        return analyze_series(
            package=package,
            display_set=display_set,
            volume=volume,
            pool=pool,
            device=Device.CPU,
            stated_view="",
            evidence=(),
            report=lambda share: None,
            on_cancel=lambda stop: None,
        )

    analysis = pipeline()
    assert analysis.seen is not None, analysis.run.reason
    batch, spec = analysis.seen, package.manifest.input
    names = [output.tensor for output in package.manifest.outputs]
    session = pool.get(package, Device.CPU)

    def bare() -> None:
        for first in range(0, len(batch), spec.max_batch):
            rows = batch[first : first + spec.max_batch]
            session.run({spec.tensor: rows}, names, lambda stop: None)

    times = in_turn({"bare": bare, "pipeline": pipeline}, ROUNDS)
    print(
        f"{len(volume.frames)} slices, {len(batch)} patches, {len(analysis.run.findings)} findings"
    )
    print(told(times))


if __name__ == "__main__":
    chosen = Path(sys.argv[2]) if len(sys.argv) > 2 else shipped_models() / "chest_ct_nodule"
    main(Path(sys.argv[1]), chosen)
