"""An instance as it comes over the network: encoded dataset and context to a kept file, or a status to answer."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.filereader import read_dataset
from pydicom.tag import BaseTag, Tag
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian
from pynetdicom import PYNETDICOM_IMPLEMENTATION_UID, PYNETDICOM_IMPLEMENTATION_VERSION

from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.matching import text_of
from viewer.domain.pacs import Kept

HEAD_BYTES = 2**18
"""Bytes of a dataset within which its Study Instance UID must stand; nothing before it is large."""

STUDY_UID = Tag("StudyInstanceUID")
WANTED = ["SOPClassUID", "SOPInstanceUID", "Modality", "BodyPartExamined", "StudyInstanceUID"]

SUCCESS, OUT_OF_RESOURCES, NOT_AUTHORISED = 0x0000, 0xA700, 0x0124
MISMATCH, NOT_UNDERSTOOD = 0xA900, 0xC000
"""Statuses of a C-STORE response (PS3.4 B.2.3)."""


@dataclass(frozen=True)
class Heading:
    """What decides on an instance before it is kept."""

    study_uid: str
    modality: str
    body_part: str
    sop_class_uid: str
    sop_instance_uid: str


@dataclass(frozen=True)
class Arrival:
    """One instance that was kept. sender: AE title, "" where it came over the web."""

    study_uid: str
    sop_instance_uid: str
    kept: Kept
    sender: str = ""


class Unreadable(ValueError):
    """What arrived is not a dataset that says which instance of which study it is."""


def heading_of(data: bytes | memoryview, syntax: UID) -> Heading:
    """The heading of an encoded dataset, read no further than its Study Instance UID; raises Unreadable."""
    try:
        found = _first_attributes(data, syntax)
    except Exception as error:  # whatever a stranger's bytes do to the parser
        raise Unreadable(type(error).__name__) from error
    heading = Heading(
        study_uid=text_of(found, "StudyInstanceUID"),
        modality=text_of(found, "Modality"),
        body_part=text_of(found, "BodyPartExamined"),
        sop_class_uid=text_of(found, "SOPClassUID"),
        sop_instance_uid=text_of(found, "SOPInstanceUID"),
    )
    if not heading.study_uid or not heading.sop_instance_uid:
        raise Unreadable("no identity")
    return heading


def _first_attributes(data: bytes | memoryview, syntax: UID) -> Dataset:
    start = bytes(data[:HEAD_BYTES])
    if syntax == DeflatedExplicitVRLittleEndian:
        start = zlib.decompressobj(-zlib.MAX_WBITS).decompress(bytes(data), HEAD_BYTES)

    def beyond(tag: BaseTag, _vr: str | None, _length: int) -> bool:
        return int(tag) > int(STUDY_UID)

    return read_dataset(
        BytesIO(start),
        is_implicit_VR=syntax.is_implicit_VR,
        is_little_endian=syntax.is_little_endian,
        stop_when=beyond,
        specific_tags=[Tag(keyword) for keyword in WANTED],
    )


def file_meta(heading: Heading, syntax: UID, sender: str) -> FileMetaDataset:
    """File meta information for a dataset that came over the network (PS3.10 7.1)."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID(heading.sop_class_uid)
    meta.MediaStorageSOPInstanceUID = UID(heading.sop_instance_uid)
    meta.TransferSyntaxUID = syntax
    meta.ImplementationClassUID = PYNETDICOM_IMPLEMENTATION_UID
    meta.ImplementationVersionName = PYNETDICOM_IMPLEMENTATION_VERSION
    if sender:
        meta.SourceApplicationEntityTitle = sender
    return meta


def keep(
    folder: IncomingFolder,
    data: bytes | memoryview,
    syntax: UID,
    sender: str = "",
    wanted: Callable[[Heading], bool] = lambda _heading: True,
) -> Arrival | None:
    """Keep an instance; None when it is not wanted. Raises Unreadable, OSError."""
    heading = heading_of(data, syntax)
    if not wanted(heading):
        return None
    kept, _path = folder.keep(heading.study_uid, file_meta(heading, syntax, sender), data)
    return Arrival(heading.study_uid, heading.sop_instance_uid, kept, sender)
