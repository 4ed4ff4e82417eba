"""AuditHead: the end of the audit log at some moment, kept elsewhere so that a shortened log shows."""

from dataclasses import dataclass

FIRST = "0" * 64
"""What the first record names as the one before it."""


@dataclass(frozen=True)
class AuditHead:
    """Number and sha256 of a record: nothing up to there may change or be missing afterwards."""

    sequence: int = 0
    sha256: str = FIRST
