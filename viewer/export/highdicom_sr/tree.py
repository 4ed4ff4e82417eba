"""The content tree of the reader's report: TID 1500, with a group for each finding (TID 1501, 1410)."""

from collections.abc import Mapping, Sequence
from typing import cast

from highdicom.sr import (
    AlgorithmIdentification,
    CodeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    FindingSite,
    LanguageOfContentItemAndDescendants,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    QualitativeEvaluation,
    TrackingIdentifier,
)
from highdicom.sr.templates import DEFAULT_LANGUAGE
from pydicom import Dataset
from pydicom.sr.codedict import codes

from viewer.domain.finding import Algorithm, OperatingPoint
from viewer.export.highdicom_sr.items import (
    MODIFIES,
    concept,
    container,
    library_entry,
    named,
    region,
    text,
)
from viewer.export.sr_content import Group
from viewer.export.uids import date_time, observation_uid, person_name
from viewer.review.report import SignedReport

_PROCEDURES = {"CR": "xr", "DX": "xr", "CT": "ct", "MR": "mr", "PT": "pet"}
"""CID 100 by Modality; any other is an imaging procedure without closer name."""


def report_tree(
    report: SignedReport, groups: Sequence[Group], sources: Mapping[str, Dataset]
) -> ContainerContentItem:
    """The root container. sources: headers by SOP Instance UID, all images the report names."""
    root = ContainerContentItem(name=named("document_title"), template_id="1500")
    root.ContentSequence = ContentSequence(
        [
            *LanguageOfContentItemAndDescendants(DEFAULT_LANGUAGE),
            *_reader(report),
            *_procedures(sources),
            _library(sources),
            *_measurements(report, groups, sources),
            container("qualitative_evaluations", _statements(report)),
        ]
    )
    return root


def _reader(report: SignedReport) -> ObservationContext:
    person = PersonObserverIdentifyingAttributes(
        name=person_name(report.signature.reader),
        role_in_procedure=named("verifying"),
    )
    return ObservationContext(observer_person_context=ObserverContext(codes.DCM.Person, person))


def _procedures(sources: Mapping[str, Dataset]) -> list[ContentItem]:
    keys = {
        _PROCEDURES.get(str(source.get("Modality", "")), "imaging_procedure")
        for source in sources.values()
    }
    return [
        CodeContentItem(named("procedure_reported"), named(key), MODIFIES) for key in sorted(keys)
    ]


def _library(sources: Mapping[str, Dataset]) -> ContainerContentItem:
    entries = [library_entry(source) for source in sources.values()]
    return container("image_library", [container("image_library_group", entries)])


def _measurements(
    report: SignedReport, groups: Sequence[Group], sources: Mapping[str, Dataset]
) -> list[ContentItem]:
    if not groups:
        return []
    items = [_finding_group(report, group, sources) for group in groups]
    return [container("imaging_measurements", items)]


def _finding_group(
    report: SignedReport, group: Group, sources: Mapping[str, Dataset]
) -> ContentItem:
    template = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(
            uid=group.tracking_uid, identifier=f"{group.number} {group.label}"
        ),
        finding_type=concept(group.finding),
        finding_sites=_sites(group),
        algorithm_id=None if group.measured else _algorithm(group.algorithm, group.operating_point),
        measurements=_numbers(group),
        qualitative_evaluations=_verdict(group),
    )
    item = cast(ContainerContentItem, template[0])
    item.ContentSequence.extend(text(named("comment"), each) for each in group.comments)
    item.ContentSequence.extend(
        region(each, sources[each.sop_instance_uid]) for each in group.regions
    )
    return _identified(item, report, group)


def _identified(item: ContentItem, report: SignedReport, group: Group) -> ContentItem:
    """One region makes it a planar ROI group (TID 1410); none or several stay TID 1501."""
    if len(group.regions) == 1:
        item.ContentTemplateSequence[0].TemplateIdentifier = "1410"
    for keyword, value in (
        ("ObservationDateTime", date_time(group.reported.decision.at)),
        ("ObservationUID", observation_uid(report, group.tracking_uid)),
    ):
        setattr(item, keyword, value)
    return item


def _sites(group: Group) -> list[FindingSite] | None:
    if group.site is None:
        return None
    side = concept(group.laterality) if group.laterality else None
    return [FindingSite(concept(group.site), laterality=side)]


def _numbers(group: Group) -> list[Measurement] | None:
    if group.measured is None:
        return None
    return [
        Measurement(
            name=concept(group.measured.name),
            value=group.measured.value,
            unit=concept(group.measured.unit),
            algorithm_id=_algorithm(group.algorithm, group.operating_point),
        )
    ]


def _verdict(group: Group) -> list[QualitativeEvaluation]:
    stated = [("presence", group.presence), ("assessment", group.assessment)]
    if group.reason is not None:
        stated.append(("override_reason", group.reason))
    return [QualitativeEvaluation(named(key), concept(value)) for key, value in stated]


def _algorithm(
    algorithm: Algorithm | None, point: OperatingPoint | None
) -> AlgorithmIdentification | None:
    """TID 4019."""
    if algorithm is None:
        return None
    threshold = [f"threshold={point.threshold:g} ({point.name})"] if point else []
    return AlgorithmIdentification(
        name=algorithm.name,
        version=algorithm.version,
        parameters=[*threshold, f"model={algorithm.model_id}", f"sha256={algorithm.sha256}"],
        family=named("artificial_intelligence"),
        manufacturer=algorithm.manufacturer or None,
    )


def _statements(report: SignedReport) -> list[ContentItem]:
    """What each AI did, what the reader states and writes, and what binds the signature."""
    signature = report.signature
    stated = [
        *(("comment", sentence) for sentence in report.statements),
        ("misses_statement", report.misses),
        ("report_text", report.text),
        ("signature_meaning", signature.meaning),
        ("report_hash", report.sha256),
    ]
    return [text(named(key), value) for key, value in stated if value.strip()]
