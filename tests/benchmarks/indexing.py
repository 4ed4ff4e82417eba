"""Index a folder of CT slices beside `pydicom.dcmread(stop_before_pixels=True)` of each, in one run, as a ratio.

By hand: `python tests/benchmarks/indexing.py [FILES] [SLICE.dcm]`. The files are one real CT slice (by
default CT_small.dcm of pydicom) with new UIDs, in series of 1,000. dcmread only finds the elements; the
index also converts them, sorts the series and builds the study. CPU times stand beside the wall times:
they depend less on neighbours.
"""

import sys
import tempfile
from functools import partial
from pathlib import Path

from made_series import least, write_slices
from pydicom import dcmread
from pydicom.data import get_testdata_file

from viewer.dicom.indexer import index

SERIES_LENGTH = 1000
ROUNDS = 3


def read_each(files: list[Path]) -> None:
    for file in files:
        dcmread(file, stop_before_pixels=True)


def index_all(folder: Path) -> None:
    found = index([folder], lambda _study: None, lambda _share: None)
    assert not found.problems


def main(count: int, source: Path) -> None:
    """Print both times and the ratio."""
    with tempfile.TemporaryDirectory() as name:
        folder, files = Path(name), []
        for start in range(0, count, SERIES_LENGTH):
            length = min(SERIES_LENGTH, count - start)
            files += write_slices(folder / str(start), length, source)
        theirs = least(partial(read_each, files), ROUNDS)
        ours = least(partial(index_all, folder), ROUNDS)
    for kind, mine, peer in zip(("wall", "CPU"), ours, theirs, strict=True):
        print(
            f"indexing {count} files, {kind}: {mine:.2f} s, pydicom's dcmread {peer:.2f} s, "
            f"ratio {mine / peer:.2f} (goal 0.5)"
        )


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 5000,
        Path(sys.argv[2] if len(sys.argv) > 2 else str(get_testdata_file("CT_small.dcm"))),
    )
