"""Sending results of a signed report to a node, through the outbox.

How it is called (for example by the export dialog, after the exporters have written their files):

    send(workbench, report, files, node_name)

`report` is the SignedReport the files were made from: nothing that is unsigned can be named. `files` are
DICOM files, or HL7 messages for a node of that kind (others are refused with an ExportError); they are
copied, so they may be removed afterwards. `node_name` is the name of one of `pacs_nodes.nodes(workbench)`.
It returns at once: the item waits on the disk, is sent in the background, again and again while the node is
away, and its state is in `session.network.outbox`.
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic

from viewer.app import outbox
from viewer.app.arrivals import incoming_folder
from viewer.app.heatmaps import study_files, study_heatmaps
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.outbox import OutboxItem, OutboxState
from viewer.app.pacs_nodes import node_named, nodes
from viewer.app.transfer_audit import note_sent
from viewer.app.workbench import Workbench, now
from viewer.base.errors import ExportError, NetworkError, ViewerError
from viewer.base.i18n import _
from viewer.dicom.network.commitment import commit
from viewer.dicom.network.node import SUFFIXES, Node, NodeKind
from viewer.dicom.network.services import send as send_files
from viewer.domain.study import Study
from viewer.export.evidence import Evidence
from viewer.export.exporter import exporters
from viewer.review.audit import AuditKind
from viewer.review.report import SignedReport
from viewer.store.audit_log import AuditLog

OUTBOX_KEY = "outbox"
RESULTS_KEY = "results for the node"
BACK_OFF_S = (10.0, 30.0, 60.0, 300.0, 600.0)
"""Waits after failed attempts; the last one repeats."""

LOOK_EVERY_S = 1.0
"""Between two looks for new items while others wait."""


def send(workbench: Workbench, report: SignedReport, files: Sequence[Path], node_name: str) -> None:
    """Queue files of a signed report for a node; see above. Raises StoreError, ExportError."""
    wanted = suffix_for(workbench, node_name)
    for file in files:
        if file.suffix != wanted:
            raise ExportError(
                _("{name} is no file that {node} takes; it takes {suffix}.").format(
                    name=file.name, node=node_name, suffix=wanted
                )
            )
    workbench.jobs.cancel(OUTBOX_KEY)  # its nodes may be those of before
    title = _("Report signed {when}").format(when=f"{report.signature.at:%Y-%m-%d %H:%M}")
    outbox.put(files, node_name, title, now(), report.study.uid, report.report_uid)
    said = {"report": report.report_uid, "node": node_name, "files": str(len(files))}
    workbench.log.note(AuditKind.EXPORT, report.study.uid, said)
    start_outbox(workbench)


def suffix_for(workbench: Workbench, node_name: str) -> str:
    """Suffix of the files a node takes: DICOM, or an HL7 message; DICOM's for a node that is gone."""
    node = node_named(workbench, node_name)
    return SUFFIXES[node.kind if node is not None else NodeKind.DICOM]


def queue_results(workbench: Workbench, study: Study, report: SignedReport) -> None:
    """On signing: make the exports the site wants and queue them for its result node, if it names one."""
    pacs = workbench.settings.values.pacs
    known = exporters()
    wanted = [known[key] for key in pacs.result_formats if key in known]
    if not pacs.result_node or not wanted:
        return
    evidence = Evidence(study_files(study), study_heatmaps(workbench, study))
    suffix = suffix_for(workbench, pacs.result_node)
    home = outbox.outbox_folder()

    def work(_context: JobContext) -> tuple[Path, tuple[Path, ...]]:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(mkdtemp(prefix=".", dir=home))
        written = [path for exporter in wanted for path in exporter.write(report, evidence, folder)]
        return folder, tuple(path for path in written if path.suffix == suffix)

    def done(made: tuple[Path, tuple[Path, ...]]) -> None:
        folder, files = made
        try:
            send(workbench, report, files, pacs.result_node)
        except ViewerError as error:
            workbench.session.fail(error)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    workbench.jobs.submit(Job(RESULTS_KEY, Lane.TRANSFER, work, done, workbench.session.fail))


def start_outbox(workbench: Workbench) -> None:
    """Send what waits, all of it now; does nothing where nothing waits."""
    network = workbench.session.network
    known = {node.name: node for node in nodes(workbench)}
    network.set_outbox(outbox.items())
    if not outbox.waiting():
        return

    def work(context: JobContext) -> None:
        _empty(known, context, workbench.log)

    workbench.jobs.submit(
        Job(
            OUTBOX_KEY,
            Lane.OUTBOX,
            work,
            lambda _none: network.set_outbox(outbox.items()),
            workbench.session.fail,
            on_update=network.set_outbox,
        )
    )


def send_again(workbench: Workbench, key: str) -> None:
    """Let a refused item wait once more, and try all that waits now."""
    workbench.jobs.cancel(OUTBOX_KEY)
    for item in outbox.items():
        if item.key == key and item.state is OutboxState.REFUSED:
            outbox.again(item)
    start_outbox(workbench)


def remove_item(workbench: Workbench, key: str) -> None:
    """Take an item out of the outbox; what the node has taken stays there."""
    workbench.jobs.cancel(OUTBOX_KEY)
    for item in outbox.items():
        if item.key == key:
            outbox.remove(item)
    start_outbox(workbench)


def _empty(known: dict[str, Node], context: JobContext, log: AuditLog) -> None:
    """Send until nothing waits; each item has its own waits, so one absent node delays no other."""
    due: dict[str, float] = {}
    while left := outbox.waiting():
        for item in left:
            context.wait(0)
            if due.get(item.key, 0.0) <= monotonic():
                tried = _try(known, item, context)
                if (tried.state, tried.reason) != (OutboxState.WAITING, item.reason):
                    note_sent(log, tried)
                due[item.key] = monotonic() + BACK_OFF_S[min(tried.attempts, len(BACK_OFF_S)) - 1]
                context.publish(outbox.items())
        if outbox.waiting():
            context.wait(LOOK_EVERY_S)


def _try(known: dict[str, Node], item: OutboxItem, context: JobContext) -> OutboxItem:
    """One attempt; whatever the node takes is noted at once, so that it is not sent twice."""
    progress = [replace(item, attempts=item.attempts + 1, reason="")]

    def taken(file: Path) -> None:
        progress[0] = replace(progress[0], sent=(*progress[0].sent, file.name))
        outbox.save(progress[0])

    try:
        node = _named(known, item)
        sent = send_files(node, outbox.paths(item), taken, context)
        uids = (*item.uids, *sent.uids)
        reached = replace(progress[0], uids=uids, state=OutboxState.SENT)
        if sent.refused:
            reasons = "; ".join(dict.fromkeys(reason for _name, reason in sent.refused))
            reached = replace(reached, state=OutboxState.REFUSED, reason=reasons)
            outbox.save(reached)
            return reached
        return outbox.ended(_committed(node, reached, context))
    except ViewerError as error:
        failed = replace(progress[0], reason=str(error))
        outbox.save(failed)
        return failed


def _named(known: dict[str, Node], item: OutboxItem) -> Node:
    if item.node not in known:
        raise NetworkError(_("There is no node named {name} any more.").format(name=item.node))
    return known[item.node]


def _committed(node: Node, item: OutboxItem, context: JobContext) -> OutboxItem:
    """Ask for storage commitment where the site wants it; without it, it is sent but not more is claimed."""
    if not node.commitment or node.kind is not NodeKind.DICOM:
        return item
    try:
        answer = commit(node, item.uids, incoming_folder(), context)
    except NetworkError as error:
        return replace(item, reason=str(error))
    if answer.failed:
        words = _(
            "The node does not keep {count} of what was sent. Ask its operator, and send again."
        )
        return replace(item, reason=words.format(count=len(answer.failed)))
    return replace(item, state=OutboxState.COMMITTED)
