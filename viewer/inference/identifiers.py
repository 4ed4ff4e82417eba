"""UIDs of runs, findings and networks: under the root 2.25 (DICOM PS3.5 B.2), so no registration is needed."""

import hashlib
import uuid

ROOT = "2.25"
UID_HASH_BYTES = 16
"""Of a SHA-256, as many as a UUID has; the UID then has at most 44 of 64 characters."""


def uid_of(*parts: str) -> str:
    """The same UID for the same parts, in the same order, for ever."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return f"{ROOT}.{int.from_bytes(digest[:UID_HASH_BYTES], 'big')}"


def new_uid() -> str:
    """A UID never used before."""
    return f"{ROOT}.{uuid.uuid4().int}"
