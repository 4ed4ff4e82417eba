"""C-FIND: studies that match, the instances of a study, scheduled steps (PS3.4 annexes C and K)."""

from collections.abc import Iterator
from functools import partial

from pydicom.dataset import Dataset
from pynetdicom import build_context
from pynetdicom.association import Association
from pynetdicom.sop_class import (
    ModalityWorklistInformationFind,
    StudyRootQueryRetrieveInformationModelFind,
)

from viewer.dicom.network.association import associated, lost
from viewer.dicom.network.faults import fault, status_words
from viewer.dicom.network.matching import (
    STUDY_KEYS,
    contains,
    identifier,
    instance_ref,
    scheduled_step,
    study_match,
    study_matching,
    text_of,
)
from viewer.dicom.network.node import Node, Watch
from viewer.domain.pacs import InstanceRef, ScheduledStep, StudyMatch, StudyQuery

PENDING = (0xFF00, 0xFF01)
STUDY_ROOT = StudyRootQueryRetrieveInformationModelFind
MOST_MATCHES = 1000
"""Matches after which a query is ended: nobody reads further, and the reader can ask more narrowly."""

UTF_8 = "ISO_IR 192"
"""Of every question, since some nodes answer in the character set they were asked in."""

STEP_KEYS = (
    "Modality",
    "ScheduledProcedureStepStartDate",
    "ScheduledProcedureStepStartTime",
    "ScheduledProcedureStepDescription",
    "ScheduledStationAETitle",
)
WORKLIST_KEYS = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "AccessionNumber",
    "RequestedProcedureDescription",
    "StudyInstanceUID",
)


def find_studies(node: Node, query: StudyQuery, watch: Watch) -> tuple[StudyMatch, ...]:
    """The studies that match, at most MOST_MATCHES; raises NetworkError, Cancelled."""
    asked = identifier("STUDY", STUDY_KEYS, study_matching(query))
    with associated(node, [build_context(STUDY_ROOT)], watch) as association:
        answers = _answers(node, association, asked, STUDY_ROOT)
        return tuple(study_match(partial(text_of, answer)) for answer in answers)


def find_instances(node: Node, study_uid: str, watch: Watch) -> tuple[InstanceRef, ...]:
    """Every instance of a study, series by series, as a hierarchical search asks (PS3.4 C.4.1.3.1.1)."""
    study = {"StudyInstanceUID": study_uid}
    found: list[InstanceRef] = []
    with associated(node, [build_context(STUDY_ROOT)], watch) as association:
        series = identifier("SERIES", ("SeriesInstanceUID",), study)
        for row in list(_answers(node, association, series, STUDY_ROOT, None)):
            uid = text_of(row, "SeriesInstanceUID")
            above = {**study, "SeriesInstanceUID": uid}
            asked = identifier("IMAGE", ("SOPInstanceUID", "SOPClassUID"), above)
            answers = _answers(node, association, asked, STUDY_ROOT, None)
            found += [instance_ref(partial(text_of, answer), uid) for answer in answers]
    return tuple({ref.sop_instance_uid: ref for ref in found}.values())


def find_scheduled(node: Node, query: StudyQuery, watch: Watch) -> tuple[ScheduledStep, ...]:
    """Scheduled steps of the node's Modality Worklist that match; raises NetworkError, Cancelled."""
    matching = {
        "PatientName": contains(query.patient_name),
        "PatientID": query.patient_id,
        "AccessionNumber": query.accession_number,
    }
    asked = identifier("", WORKLIST_KEYS, {key: value for key, value in matching.items() if value})
    step = {"Modality": query.modality, "ScheduledProcedureStepStartDate": query.date_range}
    asked.ScheduledProcedureStepSequence = [identifier("", STEP_KEYS, step)]
    model = ModalityWorklistInformationFind
    with associated(node, [build_context(model)], watch) as association:
        return tuple(scheduled_step(one) for one in _answers(node, association, asked, model))


def _answers(
    node: Node,
    association: Association,
    asked: Dataset,
    model: str,
    most: int | None = MOST_MATCHES,
) -> Iterator[Dataset]:
    """The identifiers of pending answers; a failure or a broken connection is never read as "no more"."""
    asked.SpecificCharacterSet = UTF_8
    count, cancelled = 0, False
    for status, answer in association.send_c_find(asked, model):
        if "Status" not in status:
            raise lost(node)
        if status.Status in PENDING and answer is not None:
            count += 1
            if most is None or count <= most:
                yield answer
            elif not cancelled:
                association.send_c_cancel(1, query_model=model)
                cancelled = True
        elif status.Status != 0 and not cancelled:
            raise fault(node, status_words(node, status.Status))
