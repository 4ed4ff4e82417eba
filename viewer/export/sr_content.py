"""What the reader's structured report says, as plain values: one group for each finding with its verdict."""

from dataclasses import dataclass

from viewer.base.i18n import _
from viewer.domain.coding import CodedConcept
from viewer.domain.finding import Algorithm, Finding, Mark, ModelRun, OperatingPoint, Score
from viewer.domain.measurement import NO_UNIT, SHOWN_UNITS, Measurement, unit_shown
from viewer.domain.readable import stated_text
from viewer.export.wording import decision_notes
from viewer.review.codes import LOCAL_SCHEME, report_code
from viewer.review.decision import Verdict, reason_text, verdict_text
from viewer.review.drawing import Drawing
from viewer.review.report import ReportedFinding, SignedReport
from viewer.review.statements import score_text


@dataclass(frozen=True)
class Measured:
    """A number with its coded name and unit."""

    name: CodedConcept
    value: float
    unit: CodedConcept


@dataclass(frozen=True)
class Region:
    """A mark on one frame (0 is the first) of an image; points as in domain.finding.Mark."""

    sop_instance_uid: str
    frame: int
    mark: Mark


@dataclass(frozen=True)
class Group:
    """One finding: what is stated, whether it is present, the reader's verdict, and by what measure.

    number: position in the report, 1 is the first. algorithm and measured: only where the numbers are
    the network's own. comments: sentences; they repeat the verdict for receivers that print no codes.
    assessment, reason and reported: None in what the AI itself states.
    """

    number: int
    tracking_uid: str
    label: str
    finding: CodedConcept
    site: CodedConcept | None
    laterality: CodedConcept | None
    presence: CodedConcept
    assessment: CodedConcept | None
    reason: CodedConcept | None
    measured: Measured | None
    algorithm: Algorithm | None
    operating_point: OperatingPoint | None
    regions: tuple[Region, ...]
    comments: tuple[str, ...]
    reported: ReportedFinding | None


_PRESENCE = {
    Verdict.CONFIRMED: "present",
    Verdict.MODIFIED: "present",
    Verdict.REJECTED: "absent",
    Verdict.INDETERMINATE: "undetermined",
    Verdict.ADDED: "present",
}
"""What the reader states: of the finding, or of the corrected one for MODIFIED."""

_LATERALITY = {"L": "left", "R": "right", "B": "bilateral"}

LONGEST_CODE, LONGEST_MEANING = 16, 64
"""Characters of SH and LO (PS3.5 6.2)."""

_SCORE_CODES = {"Cardiothoracic ratio": ("cardiothoracic_ratio", "ratio_unit")}
"""Scores that are a measurement of their own, by name: code and unit."""


def groups_of(report: SignedReport) -> tuple[Group, ...]:
    """One group for each finding of the report, in its order."""
    return tuple(_group(each, number) for number, each in enumerate(report.findings, start=1))


def _group(reported: ReportedFinding, number: int) -> Group:
    decision, stated = reported.decision, stated_by_reader(reported)
    own = stated is reported.finding
    return Group(
        number=number,
        tracking_uid=reported.finding.tracking_uid,
        label=stated.label,
        finding=stated.code or report_code("abnormality"),
        site=stated.site,
        laterality=_laterality(stated),
        presence=report_code(_PRESENCE[decision.verdict]),
        assessment=report_code(decision.verdict.value),
        reason=report_code(decision.reason.value) if decision.reason else None,
        measured=_measured(stated.score) if own and stated.score else None,
        algorithm=stated.algorithm if own else None,
        operating_point=stated.operating_point if own else None,
        regions=_regions(stated),
        comments=_comments(reported, stated),
        reported=reported,
    )


def ai_groups_of(run: ModelRun) -> tuple[Group, ...]:
    """What a network itself states: one group for each finding above its threshold."""
    return tuple(_ai_group(finding, number) for number, finding in enumerate(run.findings, start=1))


def _ai_group(finding: Finding, number: int) -> Group:
    said = _("{label}: {score}. Proposed by AI, not confirmed by a physician.")
    return Group(
        number=number,
        tracking_uid=finding.tracking_uid,
        label=finding.label,
        finding=finding.code or report_code("abnormality"),
        site=finding.site,
        laterality=_laterality(finding),
        presence=report_code("present"),
        assessment=None,
        reason=None,
        measured=_measured(finding.score) if finding.score else None,
        algorithm=finding.algorithm,
        operating_point=finding.operating_point,
        regions=_regions(finding),
        comments=(
            said.format(label=finding.label, score=score_text(finding)),
            *filter(None, (_regions_sentence(finding),)),
        ),
        reported=None,
    )


def stated_by_reader(reported: ReportedFinding) -> Finding:
    """The finding the verdict speaks of: the corrected one where there is one."""
    return reported.decision.corrected or reported.finding


def _laterality(stated: Finding) -> CodedConcept | None:
    return report_code(_LATERALITY[stated.laterality]) if stated.laterality else None


def _measured(score: Score) -> Measured:
    if score.name in _SCORE_CODES:
        name, unit = _SCORE_CODES[score.name]
        return Measured(report_code(name), score.value, report_code(unit))
    if 0 <= score.value <= 1:
        name = "probability" if score.calibrated else "certainty"
        return Measured(report_code(name), 100 * score.value, report_code("percent"))
    return Measured(report_code("score"), score.value, report_code("no_units"))


@dataclass(frozen=True)
class DrawnGroup:
    """What the reader drew and measured. number: "M1" and so on, as in the PDF."""

    number: str
    uid: str
    label: str
    measured: tuple[Measured, ...]
    region: Region
    comments: tuple[str, ...]


def drawn_groups_of(report: SignedReport) -> tuple[DrawnGroup, ...]:
    """One group for each drawing that measures or says something."""
    return tuple(_drawn(number, drawing) for number, drawing in report.numbered_measurements)


def _drawn(number: str, drawing: Drawing) -> DrawnGroup:
    annotation = drawing.annotation
    said = (measurement.sentence for measurement in drawing.measurements)
    words = (annotation.label, annotation.text, *said)
    return DrawnGroup(
        number=number,
        uid=annotation.uid,
        label=annotation.label or annotation.text or annotation.tool,
        measured=tuple(_number(measurement) for measurement in drawing.measurements),
        region=Region(
            annotation.sop_instance_uid, annotation.frame, Mark("", annotation.handles_px)
        ),
        comments=tuple(filter(None, words)),
    )


def _number(measurement: Measurement) -> Measured:
    code = measurement.code or CodedConcept(
        _code_value(measurement.name), LOCAL_SCHEME, measurement.name
    )
    return Measured(code, measurement.value, _unit(measurement.unit))


def _unit(unit: str) -> CodedConcept:
    """UCUM where it is; a file's own word for its values is declared as such."""
    if unit == NO_UNIT:
        return report_code("no_units")
    if unit in SHOWN_UNITS:
        return CodedConcept(unit, "UCUM", unit_shown(unit) or "no units")
    return CodedConcept(_code_value(unit), LOCAL_SCHEME, unit[:LONGEST_MEANING])


def _code_value(words: str) -> str:
    """A Code Value, SH (PS3.5 6.2), of words."""
    plain = "".join(letter if letter.isascii() and letter.isalnum() else "_" for letter in words)
    return plain.upper()[:LONGEST_CODE]


def _regions(stated: Finding) -> tuple[Region, ...]:
    where = stated.localization
    if where is None:
        return ()
    return tuple(Region(where.sop_instance_uid, where.frame, mark) for mark in where.marks)


def _comments(reported: ReportedFinding, stated: Finding) -> tuple[str, ...]:
    sentences = (
        verdict_sentence(reported),
        _label_sentence(stated),
        _regions_sentence(stated),
        *(f"{note}." for note in decision_notes(reported.decision)),
        reported.decision.comment,
    )
    return tuple(sentence.strip() for sentence in sentences if sentence.strip())


def verdict_sentence(reported: ReportedFinding) -> str:
    """The verdict in words, with what the AI had proposed; complete without any code."""
    decision, finding = reported.decision, reported.finding
    verdict = verdict_text(decision.verdict)
    if decision.reason is not None:
        verdict = f"{verdict} ({reason_text(decision.reason)})"
    if decision.verdict is Verdict.ADDED:
        return f"{verdict}."
    return _("{verdict}. The AI had proposed: {proposal}.").format(
        verdict=verdict, proposal=", ".join(filter(None, (finding.label, score_text(finding))))
    )


def _label_sentence(stated: Finding) -> str:
    return f"{stated_text(stated)}."


def _regions_sentence(stated: Finding) -> str:
    """Names the image regions, which have no label of their own in DICOM SR."""
    labels = [region.mark.label for region in _regions(stated)]
    if not all(labels) or not labels:
        return ""
    return _("Image regions, in order: {labels}.").format(labels=", ".join(labels))
