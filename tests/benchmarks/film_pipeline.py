"""From the decoded pixels of a radiograph to findings and maps, beside the bare network on the same tensor.

By hand: `python tests/benchmarks/film_pipeline.py FILM [PACKAGE] [SIDE ...]`. FILM is a picture or DICOM;
each SIDE enlarges it to that many rows and columns of 12-bit values. Prints milliseconds, their ratio
(the goal is at most 1.15), and what lies beside the network.
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from in_turn import in_turn, told
from PIL import Image

from viewer.app.evaluation.outcome import stated_header
from viewer.base.paths import shipped_models
from viewer.dicom.decoder import decode
from viewer.dicom.dicomize import dicomize, is_picture
from viewer.dicom.indexer import index
from viewer.domain.display_set import DisplaySet
from viewer.domain.image import Frame
from viewer.inference.analysis import analyze
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.quality_gate import pixel_refusal
from viewer.inference.session import Device, SessionPool
from viewer.inference.task import frame_task

ROUNDS = 15
TWELVE_BIT = 4095


def _opened(film: Path, package: ModelPackage, folder: Path) -> tuple[DisplaySet, Frame]:
    if is_picture(film):
        film = dicomize(film, folder / "film.dcm", stated_header(package.manifest))
    found = index([film], lambda _index: None, lambda _share: None)
    display_set = found.studies[0].display_sets[0]
    return display_set, decode(display_set.frames[0])


def enlarged(frame: Frame, side: int) -> Frame:
    """The film as a detector of that many pixels would give it, in 12 bits with its noise."""
    image = Image.fromarray(frame.stored.astype(np.float32))
    large = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))
    noise = np.random.default_rng(0).normal(0, 0.5, large.shape)
    scaled = (large + noise) * (TWELVE_BIT / max(1.0, float(frame.stored.max())))
    return replace(frame, stored=scaled.clip(0, TWELVE_BIT).astype(np.uint16), bits_stored=12)


def measure(
    display_set: DisplaySet, frame: Frame, package: ModelPackage, pool: SessionPool
) -> None:
    """Print one line for the frame."""
    manifest, task = package.manifest, frame_task(package.manifest)

    def pipeline() -> object:
        return analyze(
            package=package,
            acquisition=display_set.acquisition,
            display_set=display_set,
            frame=frame,
            pool=pool,
            device=Device.CPU,
            stated_view=next(iter(manifest.applicability.view), ""),
            evidence=(),
            report=lambda share: None,
            on_cancel=lambda stop: None,
        )

    prepared = task.prepare(frame, manifest)
    feeds = {manifest.input.tensor: manifest.input.fed(prepared.tensor)}
    names = [output.tensor for output in manifest.outputs]
    session = pool.get(package, Device.CPU)
    tensors = session.run(feeds, names, lambda stop: None).tensors
    found = in_turn(
        {
            "bare": lambda: session.run(feeds, names, lambda stop: None),
            "pipeline": pipeline,
            "gate": lambda: pixel_refusal(frame, manifest.quality),
            "prepare": lambda: task.prepare(frame, manifest),
            "read": lambda: task.read(tensors, prepared, frame, manifest),
        },
        ROUNDS,
    )
    print(f"{frame.rows} x {frame.columns} {frame.stored.dtype}: {told(found)}")


def main(film: Path, model: Path, sides: list[int]) -> None:
    """The film as it is, then enlarged."""
    package, pool = load_package(model), SessionPool()
    with tempfile.TemporaryDirectory() as folder:
        display_set, frame = _opened(film, package, Path(folder))
    for shown in (frame, *(enlarged(frame, side) for side in sides)):
        measure(display_set, shown, package, pool)


if __name__ == "__main__":
    chosen = sys.argv[2] if len(sys.argv) > 2 else shipped_models() / "chest_xray_heart_size"
    main(Path(sys.argv[1]), Path(chosen), [int(side) for side in sys.argv[3:]])
