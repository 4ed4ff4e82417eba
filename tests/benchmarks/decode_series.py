"""Decode a CT series beside SimpleITK's ImageSeriesReader, both in one run, as ratios.

By hand: `pip install SimpleITK; python tests/benchmarks/decode_series.py [SLICES]`. The series is a real
CT slice of pydicom-data with noise of its own on each slice (512 x 512, 16 bit), written uncompressed,
RLE, JPEG-LS and JPEG 2000. SecondRead decodes with two threads, as its lanes may.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imagecodecs
import numpy as np
import SimpleITK
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.encaps import encapsulate
from pydicom.uid import (
    JPEG2000Lossless,
    JPEGLSLossless,
    RLELossless,
    generate_uid,
)

from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef

SOURCE = "693_UNCR.dcm"
THREADS = 2
NOISE = 8
ROUNDS = 3
Encode = Callable[[np.ndarray], bytes]
ENCODERS: dict[str, Encode] = {
    JPEGLSLossless: lambda values: imagecodecs.jpegls_encode(values.view(np.uint16)),
    JPEG2000Lossless: lambda values: imagecodecs.jpeg2k_encode(
        values, level=0, codecformat="j2k", reversible=True
    ),
}


def write_series(folder: Path, slices: int, syntax: str) -> list[Path]:
    """The series in one transfer syntax; "" is uncompressed."""
    source = dcmread(str(get_testdata_file(SOURCE, download=False)))
    values, random = source.pixel_array, np.random.default_rng(1)
    source.SeriesInstanceUID = generate_uid()
    paths = []
    for number in range(slices):
        noise = random.integers(0, NOISE, values.shape, dtype=values.dtype)
        source.SOPInstanceUID = source.file_meta.MediaStorageSOPInstanceUID = generate_uid()
        source.InstanceNumber, source.ImagePositionPatient = number, [0, 0, number]
        shown = values + noise
        if syntax == RLELossless:
            source.compress(RLELossless, shown, encoding_plugin="pydicom")
        elif syntax:
            source.PixelData = encapsulate([ENCODERS[syntax](shown)])
            source["PixelData"].VR = "OB"
            source.file_meta.TransferSyntaxUID = syntax
        else:
            source.PixelData = shown.tobytes()
        paths.append(folder / f"{number:04}.dcm")
        source.save_as(paths[-1])
    return paths


def ours(paths: list[Path]) -> None:
    refs = [FrameRef(str(path), 0, path) for path in paths]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(decode, refs))


def theirs(paths: list[Path]) -> None:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames([str(path) for path in paths])
    reader.Execute()


def best(work: Callable[[list[Path]], None], paths: list[Path]) -> float:
    """Least wall time of some rounds, s."""
    times = []
    for _round in range(ROUNDS):
        start = time.perf_counter()
        work(paths)
        times.append(time.perf_counter() - start)
    return min(times)


def main(slices: int) -> None:
    """Print one line a syntax."""
    for name, syntax in (
        ("uncompressed", ""),
        ("RLE", RLELossless),
        ("JPEG-LS", JPEGLSLossless),
        ("JPEG 2000", JPEG2000Lossless),
    ):
        with tempfile.TemporaryDirectory() as folder:
            paths = write_series(Path(folder), slices, syntax)
            mine, peer = best(ours, paths), best(theirs, paths)
            print(
                f"{name:13} {slices} slices: {mine:.2f} s, SimpleITK {peer:.2f} s, ratio {mine / peer:.2f}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
