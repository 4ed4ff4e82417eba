"""What a node can be asked, whichever way it is spoken to."""

from collections.abc import Callable, Sequence
from pathlib import Path

from viewer.dicom.network.echo import echo
from viewer.dicom.network.find import find_scheduled, find_studies
from viewer.dicom.network.mllp import mllp_check, mllp_files
from viewer.dicom.network.node import Node, NodeKind, Watch
from viewer.dicom.network.qido import qido_studies
from viewer.dicom.network.storing import store_files
from viewer.dicom.network.stow import stow_files
from viewer.dicom.network.web import not_web, web_echo
from viewer.domain.pacs import ScheduledStep, Sent, StudyMatch, StudyQuery


def check(node: Node) -> float:
    """Seconds until the node answered; raises NetworkError with the reason in words."""
    ways = {NodeKind.WEB: web_echo, NodeKind.DICOM: echo, NodeKind.HL7: mllp_check}
    return ways[node.kind](node)


def studies(node: Node, query: StudyQuery, watch: Watch) -> tuple[StudyMatch, ...]:
    """The studies that match, newest first; raises NetworkError, Cancelled."""
    ask = qido_studies if node.kind is NodeKind.WEB else find_studies
    found = ask(node, query, watch)
    return tuple(sorted(found, key=lambda match: (match.date, match.time), reverse=True))


def scheduled(node: Node, query: StudyQuery, watch: Watch) -> tuple[ScheduledStep, ...]:
    """The scheduled steps that match, in order of their start; raises NetworkError, Cancelled."""
    if node.kind is NodeKind.WEB:
        raise not_web(node)
    steps = find_scheduled(node, query, watch)
    return tuple(sorted(steps, key=lambda step: (step.start_date, step.start_time)))


def send(node: Node, files: Sequence[Path], on_sent: Callable[[Path], None], watch: Watch) -> Sent:
    """Send files of the kind the node takes; raises NetworkError, ExportError, Cancelled."""
    ways = {NodeKind.WEB: stow_files, NodeKind.DICOM: store_files, NodeKind.HL7: mllp_files}
    return ways[node.kind](node, files, on_sent, watch)
