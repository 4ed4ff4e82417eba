"""A network's statements to findings: identity, code, threshold and provenance, alike for all tasks."""

from collections.abc import Iterable
from dataclasses import dataclass

from viewer.domain.display_set import DisplaySet, FrameRef
from viewer.domain.finding import Finding, Localization, OperatingPoint, Score, Source
from viewer.inference.identifiers import uid_of
from viewer.inference.manifest import words
from viewer.inference.manifest_parts import OperatingPointSpec
from viewer.inference.model_package import ModelPackage
from viewer.inference.task import Statement


@dataclass(frozen=True)
class Proposals:
    """Findings above their thresholds, which the reader must decide, and those not above."""

    findings: tuple[Finding, ...]
    below: tuple[Finding, ...]


def proposals(
    package: ModelPackage,
    display_set: DisplaySet,
    ref: FrameRef,
    statements: Iterable[Statement],
) -> Proposals:
    """Split by the default operating point; a score equal to its threshold is not above it.

    ref : the frame of statements that name none
    """
    findings = [_finding(package, display_set, ref, statement) for statement in statements]
    return Proposals(
        tuple(finding for finding in findings if is_above(finding)),
        tuple(finding for finding in findings if not is_above(finding)),
    )


def is_above(finding: Finding) -> bool:
    """Whether the score is greater than the threshold."""
    if finding.score is None or finding.operating_point is None:
        raise ValueError(f"{finding.key} has no score or no threshold")
    return finding.score.value > finding.operating_point.threshold


def shown_point(point: OperatingPointSpec) -> OperatingPoint | None:
    """The run's operating point where all findings share one threshold, else None."""
    thresholds = set(point.thresholds.values())
    return OperatingPoint(point.name, thresholds.pop()) if len(thresholds) == 1 else None


def tracking_uid(
    package: ModelPackage, display_set: DisplaySet, ref: FrameRef, key: str, part: str = ""
) -> str:
    """The same for one network's word on one frame whenever and wherever it runs.

    part : tells several of one key apart
    """
    place = (display_set.study_uid, display_set.series_uid, ref.sop_instance_uid, str(ref.frame))
    return uid_of(*place, package.algorithm.sha256, key, *filter(None, (part,)))


def _finding(
    package: ModelPackage, display_set: DisplaySet, frame: FrameRef, statement: Statement
) -> Finding:
    ref = statement.ref or frame
    spec = package.manifest.finding(statement.key)
    point = package.manifest.operating_point
    return Finding(
        tracking_uid=tracking_uid(package, display_set, ref, statement.key, statement.part),
        key=spec.key,
        label=statement.title or words(spec.display),
        code=spec.code,
        site=spec.site,
        source=Source.AI,
        laterality=statement.laterality or spec.laterality,
        score=Score(spec.score.name, statement.score, spec.score.unit, package.manifest.calibrated),
        operating_point=OperatingPoint(point.name, point.thresholds[spec.key]),
        algorithm=package.algorithm,
        localization=Localization(ref.sop_instance_uid, ref.frame, statement.marks),
    )
