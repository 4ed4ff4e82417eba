"""ZIP archive: its DICOM members, unpacked into a scratch folder for this user alone (see base.scratch)."""

import shutil
import zipfile
import zlib
from pathlib import Path

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.base.scratch import Scratch
from viewer.dicom.file_start import START_BYTES, looks_like_dicom
from viewer.dicom.source import Fetched, Report

MAGIC = (b"PK\x03\x04", b"PK\x05\x06")
"""First bytes of an archive with members, and of an empty one."""

ENCRYPTED = 0x1
"""Bit of the general purpose flags."""

FREE_SHARE = 0.9
"""Of the free disk, what an archive may take."""

COPY_BYTES = 1 << 20
_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class ZipSource:
    """Unpacks each archive once, as long as it is the same file."""

    key = "zip"

    def __init__(self) -> None:
        self._unpacked: dict[tuple[Path, int, int], tuple[Scratch, Fetched]] = {}

    def takes(self, path: Path) -> bool:
        """By its first bytes, whatever it is called."""
        if not path.is_file():
            return False
        try:
            with path.open("rb") as file:
                return file.read(len(MAGIC[0])) in MAGIC
        except OSError:
            return False

    def fetch(self, path: Path, report: Report) -> Fetched:
        """The members that begin like DICOM, numbered: their names may name a patient."""
        status = path.stat()
        key = (path, status.st_mtime_ns, status.st_size)
        if key not in self._unpacked:
            scratch = Scratch()
            self._unpacked[key] = scratch, _unpack(path, scratch.folder, report)
        return self._unpacked[key][1]


def _unpack(path: Path, folder: Path, report: Report) -> Fetched:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            _refuse_encrypted(path, members)
            _refuse_larger_than_disk(path, members, folder)
            return _unpack_members(archive, members, folder, report)
    except _FAULTS as fault:
        words = _("{name} cannot be unpacked: it is damaged, or packed in an unknown way.")
        raise FileProblem(words.format(name=path.name)) from fault


def _refuse_encrypted(path: Path, members: list[zipfile.ZipInfo]) -> None:
    if any(member.flag_bits & ENCRYPTED for member in members):
        words = _("{name} is encrypted. Unpack it with its password, then open the folder.")
        raise FileProblem(words.format(name=path.name))


def _refuse_larger_than_disk(path: Path, members: list[zipfile.ZipInfo], folder: Path) -> None:
    needed = sum(member.file_size for member in members)
    if needed > FREE_SHARE * shutil.disk_usage(folder).free:
        words = _("{name} needs {needed:.1f} GB unpacked; the disk has not enough room.")
        raise FileProblem(words.format(name=path.name, needed=needed / 1e9))


def _unpack_members(
    archive: zipfile.ZipFile, members: list[zipfile.ZipInfo], folder: Path, report: Report
) -> Fetched:
    files: list[Path] = []
    for number, member in enumerate(members):
        report(0.5 * number / len(members))
        with archive.open(member) as packed:
            start = packed.read(START_BYTES)
            if not looks_like_dicom(start):
                continue
            target = folder / f"{number + 1:06d}.dcm"
            with target.open("wb") as file:
                file.write(start)
                shutil.copyfileobj(packed, file, COPY_BYTES)
        files.append(target)
    return Fetched(tuple(files), skipped=len(members) - len(files))


PLUGIN = ZipSource()
