"""Files that appear whole or not at all, under names that say nothing of the patient."""

import os
import tempfile
from pathlib import Path

from viewer.base.errors import ExportError
from viewer.base.i18n import _
from viewer.review.report import SignedReport

SHORT_HASH_DIGITS = 10
"""Hex digits of the report's SHA-256 in a file name: tells 2^40 reports apart, and fits a label."""


def report_name(report: SignedReport, suffix: str) -> str:
    """For example `report_20261122_0f3a9c2b11.pdf`: date of signing and hash, no patient data."""
    return f"report_{report.signature.at:%Y%m%d}_{report.sha256[:SHORT_HASH_DIGITS]}{suffix}"


def write_whole(folder: Path, name: str, content: bytes) -> Path:
    """Write `content` as `folder/name` through a temporary file beside it; raises ExportError."""
    target = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(target, content)
    except OSError as problem:
        raise ExportError(
            _(
                "{file} could not be written: {reason}. Choose another folder and export again."
            ).format(file=target, reason=problem.strerror or problem)
        ) from problem
    return target


def _replace(target: Path, content: bytes) -> None:
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".secondread_", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
