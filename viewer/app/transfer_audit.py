"""Records of what came from and went to other systems: study, node, count, and how it ended; no patient name."""

from viewer.app.outbox import OutboxItem
from viewer.base.errors import Cancelled, ViewerError
from viewer.domain.pacs import Progress, Received
from viewer.review.audit import AuditKind
from viewer.store.audit_log import AuditLog

DONE, CANCELLED, FAILED = "done", "cancelled", "failed"


def note_retrieved(
    log: AuditLog, study_uid: str, node: str, here_before: int, reached: Progress
) -> None:
    """A study was fetched whole. here_before: instances of it that were on this disk already."""
    fetched = max(reached.there - here_before, 0)
    _note_retrieval(log, study_uid, node, fetched, {"outcome": DONE, **_conflicts(reached)})


def note_not_retrieved(
    log: AuditLog, study_uid: str, node: str, fetched: int, error: Exception
) -> None:
    """A retrieval was given up or failed; what came until then stays."""
    outcome = CANCELLED if isinstance(error, Cancelled) else FAILED
    reason = {"reason": str(error)} if isinstance(error, ViewerError) else {}
    _note_retrieval(log, study_uid, node, fetched, {"outcome": outcome, **reason})


def _note_retrieval(
    log: AuditLog, study_uid: str, node: str, fetched: int, detail: dict[str, str]
) -> None:
    said = {"node": node, "images": str(fetched), **detail}
    log.note(AuditKind.RETRIEVE, study_uid, said)


def _conflicts(reached: Progress) -> dict[str, str]:
    return {"kept aside": str(reached.conflicts)} if reached.conflicts else {}


def note_received(log: AuditLog, visit: Received) -> None:
    """A sender brought images of a study, or tried to."""
    counts = {
        "images": visit.new,
        "here already": visit.same,
        "kept aside": visit.conflicts,
        "refused by rule": visit.not_taken,
        "not kept": visit.failed,
    }
    outcome = FAILED if visit.failed else DONE
    said = {name: str(count) for name, count in counts.items() if count or name == "images"}
    log.note(AuditKind.RECEIVE, visit.study_uid, {"node": visit.sender, "outcome": outcome, **said})


def note_sent(log: AuditLog, item: OutboxItem) -> None:
    """An attempt to send results ended: taken, refused, or the node could not be reached."""
    said = {
        "report": item.report_uid,
        "node": item.node,
        "files": f"{len(item.sent)}/{len(item.files)}",
        "outcome": item.state.value,
        "reason": item.reason,
    }
    log.note(AuditKind.SEND, item.study_uid, {name: value for name, value in said.items() if value})
