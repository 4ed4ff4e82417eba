"""C-STORE: files as they lie on the disk; uncompressed, the same pixels, where a node refuses their syntax."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.errors import InvalidDicomError
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian
from pynetdicom.association import Association

from viewer.base.errors import ExportError
from viewer.base.i18n import _
from viewer.dicom.network.association import NothingAccepted, associated, lost
from viewer.dicom.network.faults import status_words
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.part10 import FileStart, file_start
from viewer.dicom.network.syntaxes import MOST_CONTEXTS, UNCOMPRESSED, sending_contexts
from viewer.domain.pacs import Sent

WARNINGS = (0xB000, 0xB006, 0xB007, 0x0001, 0x0107, 0x0116)
"""Stored all the same (PS3.4 B.2.3, PS3.7 C)."""

OnSent = Callable[[Path], None]


@dataclass(frozen=True)
class _Outcome:
    refused: str = ""
    transcoded: bool = False


def store_files(node: Node, files: Sequence[Path], on_sent: OnSent, watch: Watch) -> Sent:
    """Send `files`; `on_sent` is told of each that the node has taken, at once.

    Raises NetworkError when the connection cannot be made or breaks, ExportError for a file that is no
    DICOM file, Cancelled. What a node refuses by itself is told in the result.
    """
    starts = {file: _start(file) for file in files}
    uids: list[tuple[str, str]] = []
    refused: list[tuple[str, str]] = []
    transcoded = 0
    for batch in _batches(files, starts):
        pairs = [(starts[file].sop_class_uid, starts[file].syntax) for file in batch]
        try:
            with associated(node, sending_contexts(pairs), watch) as association:
                for file in batch:
                    outcome = _send(node, association, file, starts[file])
                    if outcome.refused:
                        refused.append((file.name, outcome.refused))
                        continue
                    transcoded += outcome.transcoded
                    uids.append((starts[file].sop_class_uid, starts[file].sop_instance_uid))
                    on_sent(file)
                    if watch.cancelled:
                        break
        except NothingAccepted:
            refused += [(file.name, status_words(node, 0x0122)) for file in batch]
    return Sent(tuple(uids), transcoded, tuple(refused))


def _start(file: Path) -> FileStart:
    try:
        with file.open("rb") as opened:
            return file_start(opened)
    except (InvalidDicomError, OSError) as error:
        raise ExportError(
            _("{name} cannot be sent: it is no readable DICOM file.").format(name=file.name)
        ) from error


def _batches(files: Sequence[Path], starts: dict[Path, FileStart]) -> list[list[Path]]:
    """Files whose contexts fit into one association each."""
    batches: list[list[Path]] = []
    pairs: set[tuple[str, str]] = set()
    for file in files:
        wanted = pairs | {(starts[file].sop_class_uid, starts[file].syntax)}
        if not batches or len(sending_contexts(wanted)) > MOST_CONTEXTS:
            batches.append([])
            wanted = {(starts[file].sop_class_uid, starts[file].syntax)}
        batches[-1].append(file)
        pairs = wanted
    return batches


def _send(node: Node, association: Association, file: Path, start: FileStart) -> _Outcome:
    accepted = {
        str(context.transfer_syntax[0])
        for context in association.accepted_contexts
        if context.abstract_syntax == start.sop_class_uid
    }
    if start.syntax in accepted:
        return _answered(node, association.send_c_store(file))
    target = next((syntax for syntax in UNCOMPRESSED if syntax in accepted), None)
    if target is None:
        return _Outcome(status_words(node, 0x0122))
    try:
        plain = uncompressed(dcmread(file), target)
    except Exception as error:  # noqa: BLE001  (decoders raise whatever they like)
        return _Outcome(
            _("it does not take {syntax}, and the pixels could not be decoded ({kind})").format(
                syntax=start.syntax.name, kind=type(error).__name__
            )
        )
    return _answered(node, association.send_c_store(plain), transcoded=True)


def uncompressed(dataset: Dataset, target: str) -> Dataset:
    """`dataset` in Explicit or Implicit VR Little Endian, the same instance with the same pixels.

    Nothing is ever compressed here; what was compressed with loss keeps the attributes that say so.
    """
    if dataset.file_meta.TransferSyntaxUID.is_encapsulated:
        dataset.decompress(generate_instance_uid=False)
    dataset.file_meta.TransferSyntaxUID = (
        ImplicitVRLittleEndian if target == ImplicitVRLittleEndian else ExplicitVRLittleEndian
    )
    fresh = Dataset()
    fresh.update(dataset)
    fresh.file_meta = dataset.file_meta
    return fresh


def _answered(node: Node, status: Dataset, transcoded: bool = False) -> _Outcome:
    if "Status" not in status:
        raise lost(node)
    if status.Status == 0 or status.Status in WARNINGS:
        return _Outcome(transcoded=transcoded)
    return _Outcome(status_words(node, status.Status))
