"""Measurement groups: a finding with its verdict, what a network states, what the reader measured."""

from collections.abc import Mapping
from typing import cast

from highdicom.sr import (
    AlgorithmIdentification,
    CompositeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    FindingSite,
    Measurement,
    MeasurementsAndQualitativeEvaluations,
    QualitativeEvaluation,
    RelationshipTypeValues,
    TrackingIdentifier,
)
from pydicom import Dataset

from viewer.domain.finding import Algorithm, OperatingPoint
from viewer.export.highdicom_sr.items import concept, named, region, text
from viewer.export.sr_content import DrawnGroup, Group, Measured
from viewer.export.uids import date_time, observation_uid
from viewer.review.report import SignedReport


def finding_group(
    report: SignedReport,
    group: Group,
    sources: Mapping[str, Dataset],
    answered: Mapping[str, Dataset],
) -> ContentItem:
    """TID 1501, or 1410 where there is one region.

    answered: identity of the AI document that proposed it, by tracking UID; none in that document.
    """
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
    if group.tracking_uid in answered:
        _answer(item, answered[group.tracking_uid])
    item.ContentSequence.extend(text(named("comment"), each) for each in group.comments)
    item.ContentSequence.extend(
        region(each, sources[each.sop_instance_uid]) for each in group.regions
    )
    return _identified(item, report, group)


def _identified(item: ContentItem, report: SignedReport, group: Group) -> ContentItem:
    """One region makes it a planar ROI group (TID 1410); none or several stay TID 1501."""
    if len(group.regions) == 1:
        item.ContentTemplateSequence[0].TemplateIdentifier = "1410"
    at = group.reported.decision.at if group.reported else report.signature.at
    said = "reader" if group.reported else "AI"
    for keyword, value in (
        ("ObservationDateTime", date_time(at)),
        ("ObservationUID", observation_uid(report, f"{said} {group.tracking_uid}")),
    ):
        setattr(item, keyword, value)
    return item


def _answer(item: ContainerContentItem, result: Dataset) -> None:
    """The reader's assessment is inferred from the AI's own document."""
    assessment = next(
        child
        for child in item.ContentSequence
        if child.ConceptNameCodeSequence[0].CodeValue == named("assessment").value
    )
    assessment.ContentSequence = ContentSequence(
        [
            CompositeContentItem(
                name=named("ai_result"),
                referenced_sop_class_uid=result.SOPClassUID,
                referenced_sop_instance_uid=result.SOPInstanceUID,
                relationship_type=RelationshipTypeValues.INFERRED_FROM,
            )
        ]
    )


def drawn_group(group: DrawnGroup, sources: Mapping[str, Dataset]) -> ContentItem:
    """TID 1410: what the reader measured, with its outline and what entitles it to its unit."""
    template = MeasurementsAndQualitativeEvaluations(
        tracking_identifier=TrackingIdentifier(
            uid=group.uid, identifier=f"{group.number} {group.label}"
        ),
        measurements=[_measurement(each) for each in group.measured] or None,
    )
    item = cast(ContainerContentItem, template[0])
    item.ContentTemplateSequence[0].TemplateIdentifier = "1410"
    item.ContentSequence.extend(text(named("comment"), each) for each in group.comments)
    item.ContentSequence.append(region(group.region, sources[group.region.sop_instance_uid]))
    return item


def _sites(group: Group) -> list[FindingSite] | None:
    if group.site is None:
        return None
    side = concept(group.laterality) if group.laterality else None
    return [FindingSite(concept(group.site), laterality=side)]


def _numbers(group: Group) -> list[Measurement] | None:
    if group.measured is None:
        return None
    algorithm = _algorithm(group.algorithm, group.operating_point)
    return [_measurement(group.measured, algorithm)]


def _measurement(
    measured: Measured, algorithm: AlgorithmIdentification | None = None
) -> Measurement:
    return Measurement(
        name=concept(measured.name),
        value=measured.value,
        unit=concept(measured.unit),
        algorithm_id=algorithm,
    )


def _verdict(group: Group) -> list[QualitativeEvaluation]:
    stated = (
        ("presence", group.presence),
        ("assessment", group.assessment),
        ("override_reason", group.reason),
    )
    return [QualitativeEvaluation(named(key), concept(value)) for key, value in stated if value]


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
