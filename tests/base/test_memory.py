"""What the C library keeps of freed memory goes back to the system; elsewhere nothing happens."""

import platform
import sys
from pathlib import Path

import pytest

from viewer.base.memory import give_back

PIECES, PIECE_BYTES = 2_000, 60_000
"""Too small for the C library to map each alone, so it keeps them when they are freed."""


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be asked")
def test_what_was_freed_goes_back_to_the_system() -> None:
    held = [bytearray(b"x" * PIECE_BYTES) for _ in range(PIECES)]
    above = bytearray(b"x" * PIECE_BYTES)
    del held
    before = resident_bytes()
    give_back()
    assert before - resident_bytes() > PIECES * PIECE_BYTES / 2
    assert above


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr("ctypes.CDLL", None)
    give_back()
