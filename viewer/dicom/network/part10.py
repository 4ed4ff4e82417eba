"""The start of a DICOM file: what its file meta information says, and where its dataset begins (PS3.10 7.1)."""

from dataclasses import dataclass
from typing import BinaryIO

from pydicom.errors import InvalidDicomError
from pydicom.filereader import read_dataset, read_preamble
from pydicom.tag import BaseTag
from pydicom.uid import UID

from viewer.dicom.network.matching import text_of

META_GROUP = 2


@dataclass(frozen=True)
class FileStart:
    """offset: of the dataset, in bytes from the start of the file."""

    sop_class_uid: str
    sop_instance_uid: str
    syntax: UID
    offset: int


def file_start(file: BinaryIO) -> FileStart:
    """Read preamble and file meta information; raises InvalidDicomError where they are not there."""
    read_preamble(file, force=False)
    meta = read_dataset(file, is_implicit_VR=False, is_little_endian=True, stop_when=_beyond_meta)
    syntax = text_of(meta, "TransferSyntaxUID")
    if not syntax:
        raise InvalidDicomError("no transfer syntax")
    return FileStart(
        text_of(meta, "MediaStorageSOPClassUID"),
        text_of(meta, "MediaStorageSOPInstanceUID"),
        UID(syntax),
        file.tell(),
    )


def _beyond_meta(tag: BaseTag, _vr: str | None, _length: int) -> bool:
    return tag.group != META_GROUP
