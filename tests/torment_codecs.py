"""Run by tests/dicom/test_broken_files.py in a process of its own: broken codestreams, one line each.

A case that takes longer than `SECONDS` ends the process, as does one that crashes a codec or outgrows
`MOST_BYTES`; the last line then names it.
"""

import contextlib
import faulthandler
import random
import resource
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pydicom import dcmread
from pydicom.encaps import encapsulate, get_frame

from viewer.base.errors import ViewerError
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef

SECONDS = 5
MOST_BYTES = 6 << 30
FLIPS = 40


def broken(codestream: bytes) -> Iterator[tuple[str, bytes]]:
    """Cut, emptied, filled with one byte, and with bytes of chance at places of chance."""
    for share in (0.0, 0.01, 0.05, 0.3, 0.6, 0.95):
        yield f"cut {share}", codestream[: int(len(codestream) * share)]
        yield f"cut {share}, ended", codestream[: int(len(codestream) * share)] + b"\xff\xd9"
    for filler in (b"\x00", b"\xff"):
        half = len(codestream) // 2
        yield f"half {filler.hex()}", codestream[:half] + filler * (half - 2) + b"\xff\xd9"
    random.seed(1)
    for number in range(FLIPS):
        changed = bytearray(codestream)
        for _change in range(random.choice((1, 3, 50))):
            changed[random.randrange(len(changed))] = random.randrange(256)
        yield f"flip {number}", bytes(changed)


def main(paths: list[Path]) -> None:
    """Each must be shown or refused by name."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    target = Path(tempfile.mkdtemp()) / "broken.dcm"
    for path in paths:
        dataset = dcmread(path)
        codestream = get_frame(dataset.PixelData, 0, number_of_frames=1)
        for kind, changed in broken(codestream):
            sys.stdout.write(f"{path.name}: {kind}\n")
            sys.stdout.flush()
            dataset.PixelData = encapsulate([changed or b"\0\0"])
            dataset["PixelData"].is_undefined_length = True
            dataset.save_as(target)
            faulthandler.dump_traceback_later(SECONDS, exit=True)
            with contextlib.suppress(ViewerError):
                decode(FrameRef("", 0, target))
            faulthandler.cancel_dump_traceback_later()
    sys.stdout.write("all done\n")


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
