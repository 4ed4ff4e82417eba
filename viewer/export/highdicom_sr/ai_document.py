"""The AI's own result as an UNVERIFIED Comprehensive 3D SR (TID 1500), one for each run with a finding.

Positives only: many receivers print a finding and overlook that it is said to be absent.
"""

from collections.abc import Mapping

from highdicom.sr import (
    Comprehensive3DSR,
    DeviceObserverIdentifyingAttributes,
    ObservationContext,
    ObserverContext,
)
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import Comprehensive3DSRStorage

from viewer.domain.finding import Algorithm, ModelRun
from viewer.export.dicom_object import (
    TEXT_LIMIT,
    OfAnyClass,
    copy_identity,
    declare_schemes,
    heading,
    local_scheme,
    set_equipment,
    set_times,
    skeleton,
)
from viewer.export.highdicom_sr.tree import ai_tree
from viewer.export.sr_content import ai_groups_of
from viewer.export.uids import device_uid, instance_uid, series_uid
from viewer.review.report import SignedReport

SERIES_NUMBER = 991
SERIES_DESCRIPTION = "AI (unverified)"


class AiDocument(OfAnyClass, Comprehensive3DSR):
    """highdicom's document."""


def runs_with_findings(report: SignedReport) -> tuple[ModelRun, ...]:
    """Those that have something to say to a receiver."""
    return tuple(run for run in report.runs if run.findings)


def ai_result_references(report: SignedReport) -> dict[str, Dataset]:
    """Skeletons of the AI documents of a report, by run UID."""
    return {run.run_uid: _reference(report, run) for run in runs_with_findings(report)}


def ai_document(
    report: SignedReport, run: ModelRun, sources: Mapping[str, Dataset], number: int
) -> AiDocument:
    """What one network stated; never edited later, never verified.

    sources: headers by SOP Instance UID; the first gives patient and study, copied as they stand.
    number: Instance Number. Its times are the moment of signing, the only one the report states.
    """
    first = next(iter(sources.values()))
    document = AiDocument(
        evidence=[skeleton(source) for source in sources.values()],
        content=ai_tree(report, run, ai_groups_of(run), sources, _observer(run.algorithm)),
        is_complete=True,
        is_final=False,
        is_verified=False,
        **heading(report, _kind(run), SERIES_NUMBER, SERIES_DESCRIPTION, number),
        coding_schemes=[local_scheme()],
    )
    copy_identity(document, first)
    set_times(document, report.signature.at, first)
    set_equipment(document, [run.algorithm])
    declare_schemes(document)
    return document


def _kind(run: ModelRun) -> str:
    return f"AI SR {run.run_uid}"


def _reference(report: SignedReport, run: ModelRun) -> Dataset:
    bare = Dataset()
    bare.StudyInstanceUID = report.study.uid
    bare.SeriesInstanceUID = series_uid(report.report_uid, _kind(run))
    bare.SOPInstanceUID = instance_uid(report.report_uid, _kind(run))
    bare.SOPClassUID = Comprehensive3DSRStorage
    return skeleton(bare)


def _observer(algorithm: Algorithm) -> ObservationContext:
    device = DeviceObserverIdentifyingAttributes(
        uid=device_uid(algorithm.sha256),
        name=algorithm.name,
        manufacturer_name=algorithm.manufacturer or None,
        model_name=algorithm.model_id,
        serial_number=algorithm.sha256[:TEXT_LIMIT],
    )
    context = ObserverContext(codes.DCM.Device, device)
    return ObservationContext(observer_device_context=context)
