"""A zipped model package, unpacked: refused whole where a member would lie outside, or is no plain file."""

import shutil
import stat
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.manifest import MANIFEST_NAME

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of an archive with members, and of an empty one."""

MOST_BYTES = 4 << 30
"""Unpacked; no network that runs here is larger."""

DEEPEST = 2
"""Parts of the manifest's name: at the root of the archive, or in one folder."""

MOST_MEMBERS = 10_000
FREE_SHARE = 0.9
"""Of the free disk, what a package may take."""

LEFT_OUT = ("__MACOSX",)
"""Folders that systems add by themselves."""

ENCRYPTED = 0x1
"""Bit of the general purpose flags."""

_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError)


def is_zip(path: Path) -> bool:
    """By its first bytes, whatever it is called."""
    try:
        with path.open("rb") as file:
            return file.read(len(MAGIC[0])) in MAGIC
    except OSError:
        return False


def holds_manifest(path: Path) -> bool:
    """Whether an archive looks like a package, by the names in it; other archives hold images."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = [PurePosixPath(name) for name in archive.namelist()]
    except (OSError, *_FAULTS):
        return False
    return any(name.name == MANIFEST_NAME and len(name.parts) <= DEEPEST for name in names)


def unpack(path: Path, into: Path) -> Path:
    """Write the members below the folder `into`; returns the folder that holds the manifest.

    Raises
    ------
    ModelError : the archive is damaged, encrypted or too large, a member's name leads outside or is no
        plain file, or there is not exactly one package in it
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if not _is_left_out(one)]
            _refuse(path, members, into)
            for member in members:
                _write(archive, member, into)
    except _FAULTS as fault:
        reason = _("it is damaged, or packed in an unknown way")
        raise _problem(path, reason) from fault
    except OSError as fault:
        raise _problem(path, str(fault.strerror)) from fault
    return _package_in(path, into)


def _is_left_out(member: zipfile.ZipInfo) -> bool:
    parts = PurePosixPath(member.filename).parts
    hidden = any(part.startswith(".") and not part.startswith("..") for part in parts)
    return member.is_dir() or hidden or (bool(parts) and parts[0] in LEFT_OUT)


def _refuse(path: Path, members: Sequence[zipfile.ZipInfo], into: Path) -> None:
    for member in members:
        reason = _reason(member)
        if reason:
            raise _problem(path, f"{member.filename}: {reason}")
    needed = sum(member.file_size for member in members)
    room = min(MOST_BYTES, int(FREE_SHARE * shutil.disk_usage(into).free))
    if needed > room or len(members) > MOST_MEMBERS:
        raise _problem(path, _("it is too large to unpack ({n:.1f} GB)").format(n=needed / 1e9))


def _reason(member: zipfile.ZipInfo) -> str:
    name, kind = member.filename, stat.S_IFMT(member.external_attr >> 16)
    place = PurePosixPath(name)
    if place.is_absolute() or ".." in place.parts or "\\" in name or ":" in name:
        return _("it would be written outside of the package")
    if kind not in (0, stat.S_IFREG):
        return _("it is a link, or no plain file")
    return _("it is encrypted") if member.flag_bits & ENCRYPTED else ""


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path) -> None:
    target = into / member.filename
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as packed, target.open("xb") as file:
        shutil.copyfileobj(packed, file)


def _package_in(path: Path, into: Path) -> Path:
    found = [one.parent for one in (*into.glob(MANIFEST_NAME), *into.glob(f"*/{MANIFEST_NAME}"))]
    if len(found) != 1:
        raise _problem(
            path,
            _("it must hold one manifest.json, at its root or in one folder; it holds {n}").format(
                n=len(found)
            ),
        )
    return found[0]


def _problem(path: Path, reason: str) -> ModelError:
    return ModelError(
        _("The model package {package} cannot be used: {problem}.").format(
            package=path.name, problem=reason
        )
    )
