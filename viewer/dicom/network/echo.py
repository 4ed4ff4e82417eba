"""C-ECHO: is the node there, and does it know us (PS3.4 annex A)."""

from time import monotonic

from pynetdicom import build_context
from pynetdicom.sop_class import Verification

from viewer.dicom.network.association import associated, lost
from viewer.dicom.network.faults import fault, status_words
from viewer.dicom.network.node import Node


def echo(node: Node) -> float:
    """Seconds until the node answered; raises NetworkError with the reason in words."""
    started = monotonic()
    with associated(node, [build_context(Verification)]) as association:
        answer = association.send_c_echo()
    if "Status" not in answer:
        raise lost(node)
    if answer.Status != 0:
        raise fault(node, status_words(node, answer.Status))
    return monotonic() - started
