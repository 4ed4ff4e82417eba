"""C-MOVE: the node sends the instances to our own receiver (PS3.4 C.4.2)."""

from collections.abc import Sequence

from pydicom.dataset import Dataset
from pynetdicom import build_context
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelMove

from viewer.dicom.network.association import associated, lost
from viewer.dicom.network.faults import fault, status_words
from viewer.dicom.network.get import PENDING, WARNING, requests_for
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.receiver import Receiver, Receiving, received_here
from viewer.dicom.network.tally import Tally
from viewer.domain.pacs import InstanceRef

MODEL = StudyRootQueryRetrieveInformationModelMove


def move_instances(node: Node, tally: Tally, missing: Sequence[InstanceRef], watch: Watch) -> None:
    """Ask the node to send `missing` to us, at our own AE title and port; raises NetworkError, Cancelled.

    The receiver runs while the request does, unless the listener of the site takes that port already.
    """
    settings = Receiving(
        ae_title=node.own_ae_title,
        port=node.own_port,
        address="",
        senders=(node.ae_title,),
        tls=node.tls,
        silence=node.timeouts.answer,
    )
    with (
        received_here(settings, tally.folder, tally.count) as receiver,
        associated(node, [build_context(MODEL)], watch) as association,
    ):
        for asked in requests_for(tally, missing):
            for status, _identifier in association.send_c_move(asked, node.own_ae_title, MODEL):
                _check(node, tally, receiver, status)


def _check(node: Node, tally: Tally, receiver: Receiver, status: Dataset) -> None:
    tally.disk = tally.disk or receiver.disk_fault
    if "Status" not in status:
        raise lost(node)
    if status.Status not in (*PENDING, 0, WARNING):
        raise fault(node, status_words(node, status.Status))
