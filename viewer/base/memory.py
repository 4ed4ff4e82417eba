"""Memory: hand back to the system what the C library keeps after large pieces were freed."""

import ctypes
import sys


def give_back() -> None:
    """After a piece of work that took much memory for a moment; does nothing but on Linux with glibc."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)
