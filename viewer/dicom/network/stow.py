"""STOW-RS: files sent as parts of one request, and what the node says of each (PS3.18 10.5)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydicom.datadict import tag_for_keyword

from viewer.dicom.network.faults import fault, status_words
from viewer.dicom.network.multipart import body
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.part10 import FileStart, file_start
from viewer.dicom.network.qido import text_in
from viewer.dicom.network.web import JSON, ask, http_words, session
from viewer.domain.pacs import Sent

BYTES_AT_ONCE = 2**25
"""Of files in one request; a larger file goes alone."""

TAKEN, PARTLY, REFUSED = 200, 202, 409


def stow_files(
    node: Node, files: Sequence[Path], on_sent: Callable[[Path], None], watch: Watch
) -> Sent:
    """Send `files`; `on_sent` is told of each that the node has taken. Raises NetworkError, Cancelled."""
    uids: list[tuple[str, str]] = []
    refused: list[tuple[str, str]] = []
    with session(node, watch) as opened:
        for batch in _batches(files):
            watch.wait(0)
            boundary = uuid4().hex
            answer = ask(
                node,
                opened,
                "POST",
                "/studies",
                watch,
                (TAKEN, PARTLY, REFUSED),
                data=b"".join(body(batch, boundary, "application/dicom")),
                headers={
                    "Accept": JSON,
                    "Content-Type": f'multipart/related; type="application/dicom"; boundary={boundary}',
                },
            )
            failed = _failures(node, answer.status_code, answer.content, answer)
            for file in batch:
                start = _start(file)
                reason = failed.get(start.sop_instance_uid, failed.get("", ""))
                if reason:
                    refused.append((file.name, reason))
                else:
                    uids.append((start.sop_class_uid, start.sop_instance_uid))
                    on_sent(file)
    return Sent(tuple(uids), 0, tuple(refused))


def _start(file: Path) -> FileStart:
    with file.open("rb") as opened:
        return file_start(opened)


def _batches(files: Sequence[Path]) -> Iterator[list[Path]]:
    batch: list[Path] = []
    size = 0
    for file in files:
        bytes_of = file.stat().st_size
        if batch and size + bytes_of > BYTES_AT_ONCE:
            yield batch
            batch, size = [], 0
        batch.append(file)
        size += bytes_of
    if batch:
        yield batch


def _failures(node: Node, status: int, content: bytes, answer: Any) -> dict[str, str]:
    """SOP Instance UID to reason; "" stands for all where the answer names none."""
    if status == TAKEN:
        return {}
    try:
        stated = answer.json()
    except ValueError:
        stated = None
    if not isinstance(stated, dict):
        if status == REFUSED:
            return {"": http_words(REFUSED)}
        raise fault(node, http_words(status))
    items = _items(stated, "FailedSOPSequence")
    named = {text_in(item, "ReferencedSOPInstanceUID"): _reason(node, item) for item in items}
    return named if named or status == PARTLY else {"": http_words(REFUSED)}


def _items(stated: Mapping[str, Any], keyword: str) -> list[dict[str, Any]]:
    element = stated.get(f"{tag_for_keyword(keyword):08X}", {})
    values = element.get("Value", []) if isinstance(element, dict) else []
    return [value for value in values if isinstance(value, dict)]


def _reason(node: Node, item: Mapping[str, Any]) -> str:
    code = text_in(item, "FailureReason")
    return status_words(node, int(code)) if code.isdecimal() else http_words(REFUSED)
