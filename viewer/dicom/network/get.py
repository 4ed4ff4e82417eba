"""C-GET: instances come over the association that asked for them (PS3.4 C.4.3)."""

from collections.abc import Iterator, Sequence

from pydicom.dataset import Dataset
from pynetdicom import build_context, build_role, evt
from pynetdicom.association import Association
from pynetdicom.sop_class import StudyRootQueryRetrieveInformationModelGet

from viewer.base.i18n import _
from viewer.dicom.network.arrival import (
    NOT_UNDERSTOOD,
    OUT_OF_RESOURCES,
    SUCCESS,
    Unreadable,
    keep,
)
from viewer.dicom.network.association import associated, lost
from viewer.dicom.network.faults import fault, status_words
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.syntaxes import CLASSES_AT_ONCE, in_batches, receiving_contexts
from viewer.dicom.network.tally import Tally
from viewer.domain.pacs import InstanceRef

PENDING, WARNING = (0xFF00, 0xFF01), 0xB000
MODEL = StudyRootQueryRetrieveInformationModelGet
UIDS_AT_ONCE = 200
"""SOP Instance UIDs in one request; longer lists exceed what some nodes take."""


def get_instances(node: Node, tally: Tally, missing: Sequence[InstanceRef], watch: Watch) -> None:
    """Fetch `missing` over one association for each few SOP classes; raises NetworkError, Cancelled."""
    classes = list(dict.fromkeys(ref.sop_class_uid for ref in missing))
    if not all(classes):
        raise fault(
            node, _("it does not say of which kind its images are; try C-MOVE for this node")
        )
    for some in in_batches(classes, CLASSES_AT_ONCE):
        refs = [ref for ref in missing if ref.sop_class_uid in some]
        with associated(
            node,
            [build_context(MODEL), *receiving_contexts(some)],
            watch,
            [build_role(uid, scp_role=True) for uid in some],
            [(evt.EVT_C_STORE, lambda event: _take(event, node, tally))],
        ) as association:
            for asked in requests_for(tally, refs):
                _run(node, association, tally, asked)


def requests_for(tally: Tally, missing: Sequence[InstanceRef]) -> Iterator[Dataset]:
    """Identifiers that ask for `missing`: whole series where nothing of them is there, images elsewhere."""
    for series_uid, refs, all_of_it in tally.by_series(missing):
        if all_of_it:
            yield _request(tally.study_uid, series_uid, ())
            continue
        uids = [ref.sop_instance_uid for ref in refs]
        for some in in_batches(uids, UIDS_AT_ONCE):
            yield _request(tally.study_uid, series_uid, some)


def _request(study_uid: str, series_uid: str, uids: Sequence[str]) -> Dataset:
    asked = Dataset()
    asked.QueryRetrieveLevel = "IMAGE" if uids else "SERIES"
    asked.StudyInstanceUID = study_uid
    asked.SeriesInstanceUID = series_uid
    if uids:
        asked.SOPInstanceUID = list(uids)
    return asked


def _run(node: Node, association: Association, tally: Tally, asked: Dataset) -> None:
    for status, _identifier in association.send_c_get(asked, MODEL):
        if tally.disk is not None:
            association.abort()
            return
        if "Status" not in status:
            raise lost(node)
        if status.Status not in (*PENDING, SUCCESS, WARNING):
            raise fault(node, status_words(node, status.Status))


def _take(event: evt.Event, node: Node, tally: Tally) -> int:
    """Answer a C-STORE of the node: success only once the file is on the disk."""
    try:
        data = event.request.DataSet.getbuffer()
        arrival = keep(tally.folder, data, event.context.transfer_syntax, node.ae_title)
    except Unreadable:
        return NOT_UNDERSTOOD
    except OSError as error:
        tally.disk = error
        return OUT_OF_RESOURCES
    if arrival is not None:
        tally.count(arrival)
    return SUCCESS
