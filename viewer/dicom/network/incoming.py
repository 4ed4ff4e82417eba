"""IncomingFolder: instances as they arrive, each a whole file on the disk before it is said to be there.

One folder a study, names are hashes of UIDs. An instance that is there already is not written again; one
with the same SOP Instance UID and other content is kept aside in a folder of its own, which is never listed
with the studies; nothing is overwritten.
"""

import hashlib
import os
import threading
from collections.abc import Callable
from io import BytesIO
from itertools import count
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import FileMetaDataset
from pydicom.errors import InvalidDicomError
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_file_meta_info
from pydicom.uid import UID

from viewer.dicom.network.part10 import file_start
from viewer.domain.pacs import Kept

ASIDE_SUFFIX = "_aside"
PART_SUFFIX = ".part"
NAME_LETTERS = 32


class IncomingFolder:
    """Where instances of other systems are kept; may be used from several threads at once."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.aside = root.with_name(root.name + ASIDE_SUFFIX)
        self._lock = threading.Lock()
        self._parts = count()

    def study_folder(self, study_uid: str) -> Path:
        """The folder of a study."""
        return self.root / _hashed(study_uid)

    def path_of(self, study_uid: str, sop_instance_uid: str) -> Path:
        """Where an instance is, or would be."""
        return self.study_folder(study_uid) / f"{_hashed(sop_instance_uid)}.dcm"

    def there(self, study_uid: str) -> frozenset[str]:
        """Names of the files of a study; compare with `path_of(...).name`."""
        folder = self.study_folder(study_uid)
        return (
            frozenset(path.name for path in folder.glob("*.dcm"))
            if folder.is_dir()
            else frozenset()
        )

    def keep(
        self, study_uid: str, meta: FileMetaDataset, data: bytes | memoryview
    ) -> tuple[Kept, Path]:
        """Keep one instance: `meta` with class, instance and transfer syntax, `data` its encoded dataset.

        When this returns, the file is whole and on the disk. Raises OSError (for example, disk full);
        then nothing of it is left.
        """
        place = self.path_of(study_uid, str(meta.MediaStorageSOPInstanceUID))
        content: list[bytes | memoryview] = [_head(meta), data]
        if place.exists():
            return self._again(place, meta, content)
        part = self._written(place, content)
        with self._lock:
            if not place.exists():
                part.replace(place)
                _sync_folder(place.parent)
                return Kept.NEW, place
        part.unlink()
        return self._again(place, meta, content)

    def _written(self, place: Path, content: list[bytes | memoryview]) -> Path:
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = place.with_suffix(f".{os.getpid()}-{next(self._parts)}{PART_SUFFIX}")
        try:
            with part.open("xb", buffering=0) as file:
                for piece in content:
                    write_all(file.write, piece)
                os.fsync(file.fileno())
        except BaseException:
            part.unlink(missing_ok=True)
            raise
        return part

    def _again(
        self, place: Path, meta: FileMetaDataset, content: list[bytes | memoryview]
    ) -> tuple[Kept, Path]:
        """Something of that UID is there: the same, or a conflict to keep aside."""
        if _same(place, meta, content[1]):
            return Kept.SAME, place
        digest = hashlib.sha256(content[1]).hexdigest()[:NAME_LETTERS]
        aside = self.aside / f"{place.stem}-{digest}.dcm"
        if not aside.exists():
            self._written(aside, content).replace(aside)
        return Kept.CONFLICT, aside


def write_all(write: Callable[[bytes | memoryview], int | None], piece: bytes | memoryview) -> None:
    """Write every byte of `piece`; an unbuffered file may take a part at a time."""
    rest = memoryview(piece)
    while rest:
        rest = rest[write(rest) or 0 :]


def _hashed(uid: str) -> str:
    return hashlib.sha256(uid.encode()).hexdigest()[:NAME_LETTERS]


def _head(meta: FileMetaDataset) -> bytes:
    """Preamble, prefix and file meta information (PS3.10 7.1)."""
    head = DicomBytesIO()
    head.write(b"\0" * 128 + b"DICM")
    write_file_meta_info(head, meta, enforce_standard=True)
    return bytes(head.getvalue())


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system can."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _same(place: Path, meta: FileMetaDataset, data: bytes | memoryview) -> bool:
    """Whether the file holds the same dataset: byte by byte, or attribute by attribute in another syntax."""
    here = place.read_bytes()
    if (
        len(here) > len(data)
        and here[-len(data) :] == data
        and _syntax(here) == meta.TransferSyntaxUID
    ):
        return True
    if _syntax(here) == meta.TransferSyntaxUID:
        return False
    try:
        other = dcmread(BytesIO(_head(meta) + bytes(data)))
        return bool(dcmread(BytesIO(here)) == other)
    except (InvalidDicomError, ValueError, KeyError, TypeError, OSError, AttributeError):
        return False


def _syntax(content: bytes) -> UID | None:
    try:
        return file_start(BytesIO(content)).syntax
    except InvalidDicomError:
        return None
