"""Evidence: hashes of what was read and of what was decoded, to bind a report to its pixels."""

import hashlib
import json
from pathlib import Path

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.domain.image import Frame


def file_sha256(path: Path) -> str:
    """SHA-256 of the file's bytes, hexadecimal; raises FileProblem where it cannot be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as fault:
        raise FileProblem(
            _("{name} can no longer be read: {reason}.").format(
                name=path.name, reason=fault.strerror or str(fault)
            )
        ) from fault


def pixels_sha256(frame: Frame) -> str:
    """SHA-256 of the decoded stored values: kind and shape, then values little-endian in C order."""
    little = frame.stored.astype(frame.stored.dtype.newbyteorder("<"), order="C", copy=False)
    digest = hashlib.sha256(json.dumps([little.dtype.str, list(little.shape)]).encode())
    digest.update(little.tobytes())
    return digest.hexdigest()
