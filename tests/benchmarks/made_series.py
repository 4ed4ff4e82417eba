"""Series for the benchmarks: one real slice written many times, with UIDs and places of its own each time."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless, generate_uid

Encode = Callable[[np.ndarray], bytes]
NOISE = 8
"""Grey levels of noise, so that no two slices compress alike."""


def write_slices(
    folder: Path, count: int, source: Path, syntax: str = "", encode: Encode | None = None
) -> list[Path]:
    """The series uncompressed, or in `syntax`, each frame through `encode` (RLE: pydicom's)."""
    folder.mkdir(parents=True, exist_ok=True)
    dataset = dcmread(source, force=True)
    values, random = dataset.pixel_array, np.random.default_rng(1)
    dataset.StudyInstanceUID = dataset.SeriesInstanceUID = generate_uid()
    dataset.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    paths = []
    for number in range(count):
        shown = values + random.integers(0, NOISE, values.shape, dtype=values.dtype)
        dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        dataset.InstanceNumber, dataset.ImagePositionPatient = number, [0, 0, number]
        if syntax == RLELossless:
            dataset.compress(RLELossless, shown, encoding_plugin="pydicom")
        elif encode is not None:
            dataset.PixelData = encapsulate([encode(shown)])
            dataset["PixelData"].VR = "OB"
            dataset.file_meta.TransferSyntaxUID = syntax
        else:
            dataset.PixelData = shown.tobytes()
        paths.append(folder / f"{number:04}.dcm")
        dataset.save_as(paths[-1], enforce_file_format=True)
    return paths


def least(work: Callable[[], object], rounds: int) -> tuple[float, float]:
    """Least wall and CPU time of some rounds, s."""
    times = []
    for _round in range(rounds):
        wall, cpu = time.perf_counter(), time.process_time()
        work()
        times.append((time.perf_counter() - wall, time.process_time() - cpu))
    walls, cpus = zip(*times, strict=True)
    return min(walls), min(cpus)
