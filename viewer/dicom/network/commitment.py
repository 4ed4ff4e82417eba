"""Storage commitment: the node says that it keeps what was sent, or what of it it does not (PS3.4 J)."""

from collections.abc import Sequence
from dataclasses import dataclass
from time import monotonic

from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import build_context, evt
from pynetdicom.sop_class import StorageCommitmentPushModel, StorageCommitmentPushModelInstance

from viewer.base.i18n import _
from viewer.dicom.network.association import associated, lost
from viewer.dicom.network.faults import fault, status_words
from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.matching import text_of
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.receiver import Receiving, received_here

REQUEST = 1
"""Action Type ID of a request for storage commitment (PS3.4 table J.3-1)."""

POLL_S = 0.2


@dataclass(frozen=True)
class Commitment:
    """What the node answered: the SOP Instance UIDs it keeps, and those it does not."""

    kept: frozenset[str]
    failed: frozenset[str]


def commit(
    node: Node, uids: Sequence[tuple[str, str]], folder: IncomingFolder, watch: Watch
) -> Commitment:
    """Ask the node to commit itself to (SOP class, SOP instance) pairs, and wait for its answer.

    The answer comes to our receiver at the node's `own_port`, or on the same association. Raises
    NetworkError when the node does not offer it, refuses, or does not answer in time; Cancelled.
    """
    asked = _request(uids)
    settings = Receiving(
        node.own_ae_title, node.own_port, "", (node.ae_title,), node.tls, node.timeouts.answer
    )
    with received_here(settings, folder, lambda _arrival: None) as receiver:
        contexts = [build_context(StorageCommitmentPushModel)]
        handlers = [(evt.EVT_N_EVENT_REPORT, receiver.take_report)]
        with associated(node, contexts, watch, handlers=handlers) as association:
            status, _reply = association.send_n_action(
                asked, REQUEST, StorageCommitmentPushModel, StorageCommitmentPushModelInstance
            )
            if "Status" not in status:
                raise lost(node)
            if status.Status != 0:
                raise fault(node, status_words(node, status.Status))
            until = monotonic() + node.timeouts.answer
            while monotonic() < until:
                answer = receiver.wait_committed(asked.TransactionUID, POLL_S)
                if answer is not None:
                    return _answered(answer)
                watch.wait(0)
    raise fault(
        node,
        _("it did not say in time whether it keeps what was sent (storage commitment)"),
    )


def _request(uids: Sequence[tuple[str, str]]) -> Dataset:
    asked = Dataset()
    asked.TransactionUID = generate_uid(None)
    asked.ReferencedSOPSequence = [_reference(*uid) for uid in uids]
    return asked


def _reference(sop_class: str, sop_instance: str) -> Dataset:
    item = Dataset()
    item.ReferencedSOPClassUID = sop_class
    item.ReferencedSOPInstanceUID = sop_instance
    return item


def _answered(answer: Dataset) -> Commitment:
    kept, failed = (
        frozenset(text_of(item, "ReferencedSOPInstanceUID") for item in answer.get(key) or ())
        for key in ("ReferencedSOPSequence", "FailedSOPSequence")
    )
    return Commitment(kept, failed)
