"""Decode a CT series beside SimpleITK's ImageSeriesReader, both in one run, as ratios.

By hand: `pip install SimpleITK; python tests/benchmarks/decode_series.py [SLICES]`. The series is a real
CT slice of pydicom-data with noise of its own on each slice (512 x 512, 16 bit), written in five transfer
syntaxes. SecondRead decodes with two threads, as it does ahead of the reader; SimpleITK has one. The ratio
of the wall times needs two free cores; that of the CPU times does not depend on neighbours.
"""

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import imagecodecs
import numpy as np
import SimpleITK
from made_series import Encode, least, write_slices
from pydicom.data import get_testdata_file
from pydicom.uid import (
    JPEG2000Lossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    RLELossless,
)

from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef

SOURCE = "693_UNCR.dcm"
THREADS = 2
ROUNDS = 3


def jpeg_ls(values: np.ndarray) -> bytes:
    return bytes(imagecodecs.jpegls_encode(values.view(np.uint16)))


def jpeg_lossless(values: np.ndarray) -> bytes:
    return bytes(imagecodecs.jpeg8_encode(values.view(np.uint16), lossless=True, predictor=1))


def jpeg_2000(values: np.ndarray) -> bytes:
    return bytes(imagecodecs.jpeg2k_encode(values, level=0, codecformat="j2k", reversible=True))


SYNTAXES: dict[str, tuple[str, Encode | None]] = {
    "uncompressed": ("", None),
    "RLE": (RLELossless, None),
    "JPEG-LS": (JPEGLSLossless, jpeg_ls),
    "JPEG lossless": (JPEGLosslessSV1, jpeg_lossless),
    "JPEG 2000": (JPEG2000Lossless, jpeg_2000),
}


def ours(paths: list[Path]) -> None:
    refs = [FrameRef(str(path), 0, path) for path in paths]
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(decode, refs))


def theirs(paths: list[Path]) -> None:
    reader = SimpleITK.ImageSeriesReader()
    reader.SetFileNames([str(path) for path in paths])
    reader.Execute()


def main(slices: int) -> None:
    """Print one line a syntax."""
    source = Path(str(get_testdata_file(SOURCE)))
    for name, (syntax, encode) in SYNTAXES.items():
        with tempfile.TemporaryDirectory() as folder:
            paths = write_slices(Path(folder), slices, source, syntax, encode)
            wall, cpu = least(partial(ours, paths), ROUNDS)
            wall_peer, cpu_peer = least(partial(theirs, paths), ROUNDS)
        print(
            f"{name:13} {slices} slices: {wall:.2f} s, SimpleITK {wall_peer:.2f} s, "
            f"ratio {wall / wall_peer:.2f} (goal 0.5); CPU {cpu:.2f} s, {cpu_peer:.2f} s, "
            f"ratio {cpu / cpu_peer:.2f}"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
