"""The outbox on the disk: results that wait for their node, each a folder with its files and its state.

An item exists once its `item.json` does; the files are on the disk before it is written, so nothing that was
said to be queued can be lost. `viewer.app.send` fills it and empties it.
"""

import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from pathlib import Path
from uuid import uuid4

import cattrs

from viewer.base.errors import StoreError
from viewer.base.i18n import _
from viewer.base.paths import data_folder

OUTBOX_NAME = "outbox"
ITEM_NAME = "item.json"
MOST_ENDED = 200
"""Ended items that stay listed."""


class OutboxState(Enum):
    """WAITING: not sent yet. SENT: taken by the node. COMMITTED: the node said that it keeps it.

    REFUSED: the node does not take it; it waits for the reader's decision.
    """

    WAITING = "waiting"
    SENT = "sent"
    COMMITTED = "committed"
    REFUSED = "refused"


@dataclass(frozen=True)
class OutboxItem:
    """What one node is to get. title: said of it in lists, free of patient data.

    sent: names of the files the node has taken; uids: their (SOP class, SOP instance). reason: why the last
    attempt failed. study_uid, report_uid: what the results are of, "" before 0.2.
    """

    key: str
    node: str
    title: str
    queued_at: str
    files: tuple[str, ...]
    sent: tuple[str, ...] = ()
    uids: tuple[tuple[str, str], ...] = ()
    state: OutboxState = OutboxState.WAITING
    attempts: int = 0
    reason: str = ""
    study_uid: str = ""
    report_uid: str = ""

    @property
    def left(self) -> tuple[str, ...]:
        """Names of the files that are still to be sent."""
        return tuple(name for name in self.files if name not in self.sent)


def outbox_folder() -> Path:
    """Where the items lie."""
    return data_folder() / OUTBOX_NAME


def put(
    files: Sequence[Path],
    node: str,
    title: str,
    queued_at: datetime,
    study_uid: str = "",
    report_uid: str = "",
) -> OutboxItem:
    """Copy `files` into the outbox; when this returns, they are on the disk. Raises StoreError."""
    key = f"{queued_at:%Y%m%d%H%M%S}-{uuid4().hex[:8]}"
    folder = outbox_folder() / key
    names = tuple(f"{number:03d}{file.suffix}" for number, file in enumerate(files, start=1))
    item = OutboxItem(
        key,
        node,
        title,
        queued_at.isoformat(timespec="seconds"),
        names,
        study_uid=study_uid,
        report_uid=report_uid,
    )
    try:
        folder.mkdir(parents=True, mode=0o700)
        for file, name in zip(files, names, strict=True):
            shutil.copyfile(file, folder / name)
            _sync(folder / name)
        save(item)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise StoreError(
            _("The results could not be queued: {reason}. Make room and send them again.").format(
                reason=error.strerror or type(error).__name__
            )
        ) from error
    return item


def save(item: OutboxItem) -> None:
    """Write the state of an item, whole or not at all."""
    place = outbox_folder() / item.key / ITEM_NAME
    part = place.with_suffix(".part")
    part.write_text(json.dumps(cattrs.unstructure(item), indent=1), encoding="utf-8")
    _sync(part)
    part.replace(place)


def items() -> tuple[OutboxItem, ...]:
    """All items, oldest first."""
    folder = outbox_folder()
    found = sorted(folder.glob(f"*/{ITEM_NAME}")) if folder.is_dir() else []
    return tuple(_read(path) for path in found)


def waiting() -> tuple[OutboxItem, ...]:
    """Items that are still to be sent."""
    return tuple(item for item in items() if item.state is OutboxState.WAITING)


def paths(item: OutboxItem) -> tuple[Path, ...]:
    """The files that are still to be sent."""
    return tuple(outbox_folder() / item.key / name for name in item.left)


def ended(item: OutboxItem) -> OutboxItem:
    """Keep the record of an item that was sent, without its files."""
    save(item)
    for name in item.files:
        (outbox_folder() / item.key / name).unlink(missing_ok=True)
    done = [one for one in items() if one.state in (OutboxState.SENT, OutboxState.COMMITTED)]
    for old in done[:-MOST_ENDED]:
        remove(old)
    return item


def again(item: OutboxItem) -> OutboxItem:
    """Let a refused item wait once more."""
    back = replace(item, state=OutboxState.WAITING, reason="")
    save(back)
    return back


def remove(item: OutboxItem) -> None:
    """Take an item out of the outbox for good."""
    (outbox_folder() / item.key / ITEM_NAME).unlink(missing_ok=True)
    shutil.rmtree(outbox_folder() / item.key, ignore_errors=True)


def _read(path: Path) -> OutboxItem:
    try:
        return cattrs.structure(json.loads(path.read_text(encoding="utf-8")), OutboxItem)
    except (OSError, ValueError, cattrs.BaseValidationError) as error:
        raise StoreError(
            _(
                "The outbox item {path} cannot be read; move it away and send its results again."
            ).format(path=path)
        ) from error


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
