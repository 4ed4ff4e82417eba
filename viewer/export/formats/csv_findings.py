"""CSV: one line for each finding and each measurement, for a spreadsheet or statistics."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from viewer.base.i18n import _
from viewer.domain.readable import side_text
from viewer.export.destination import report_name, write_whole
from viewer.export.evidence import Evidence
from viewer.export.sr_content import stated_by_reader
from viewer.review.report import ReportedFinding, SignedReport
from viewer.review.statements import score_name

COLUMNS = (
    "report_sha256",
    "report_version",
    "signed_by",
    "signed_by_account",
    "signed_at",
    "patient_id",
    "patient_name",
    "accession_number",
    "study_instance_uid",
    "number",
    "kind",
    "label",
    "side",
    "code",
    "code_scheme",
    "verdict",
    "reason",
    "comment",
    "decided_by",
    "decided_at",
    "ai_label",
    "score_name",
    "value",
    "unit",
    "threshold",
    "model",
    "model_sha256",
    "evidence",
    "sop_instance_uid",
    "frame",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula by spreadsheets; an apostrophe in front stops that."""

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel takes UTF-8 for the code page of the machine."""

Cells = dict[str, object]


@dataclass(frozen=True)
class CsvFindings:
    """One file, RFC 4180, UTF-8."""

    key: str = "csv"
    suffix: str = ".csv"
    whole: bool = True

    @property
    def title(self) -> str:
        """For the reader."""
        return _("CSV table of findings (for a spreadsheet)")

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """See Exporter.write; the images are not needed."""
        stream = io.StringIO(newline="")
        writer = csv.DictWriter(stream, COLUMNS, restval="")
        writer.writeheader()
        for cells in _rows(report):
            writer.writerow({column: _safe(value) for column, value in cells.items()})
        content = (BYTE_ORDER_MARK + stream.getvalue()).encode("utf-8")
        return (write_whole(destination, report_name(report, self.suffix), content),)


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return f"'{value}"
    return value


def _rows(report: SignedReport) -> Iterator[Cells]:
    """The report itself first, so that a normal one has a line, too."""
    common = _common(report)
    said = " ".join(filter(None, (report.misses, *report.statements)))
    yield {**common, "kind": "report", "label": said, "comment": report.text}
    for number, each in enumerate(report.findings, start=1):
        yield {**common, "number": number, **_finding(each)}
    for name, drawing in report.numbered_measurements:
        place = drawing.annotation
        for measurement in drawing.measurements:
            yield {
                **common,
                "number": name,
                "kind": "measurement",
                "label": " ".join(filter(None, (place.label, measurement.name))),
                "value": measurement.value,
                "unit": measurement.unit,
                "evidence": measurement.evidence,
                "sop_instance_uid": place.sop_instance_uid,
                "frame": place.frame + 1,
            }


def _common(report: SignedReport) -> Cells:
    return {
        "report_sha256": report.sha256,
        "report_version": report.version,
        "signed_by": report.signature.reader,
        "signed_by_account": report.signature.user,
        "signed_at": report.signature.at.isoformat(),
        "patient_id": report.patient.patient_id,
        "patient_name": report.patient.name,
        "accession_number": report.study.accession_number,
        "study_instance_uid": report.study.uid,
    }


def _finding(each: ReportedFinding) -> Cells:
    stated, decision = stated_by_reader(each), each.decision
    cells: Cells = {
        "kind": "finding",
        "label": stated.label,
        "side": side_text(stated),
        "verdict": decision.verdict.value,
        "reason": decision.reason.value if decision.reason else "",
        "comment": decision.comment,
        "decided_by": decision.reader,
        "decided_at": decision.at.isoformat(),
    }
    if stated.code is not None:
        cells |= {"code": stated.code.value, "code_scheme": stated.code.scheme}
    if stated.localization is not None:
        place = stated.localization
        cells |= {"sop_instance_uid": place.sop_instance_uid, "frame": place.frame + 1}
    return cells | _proposal(each)


def _proposal(each: ReportedFinding) -> Cells:
    """What the AI had proposed; nothing for a finding of the reader's own."""
    finding = each.finding
    cells: Cells = {}
    if finding.algorithm is not None:
        model = f"{finding.algorithm.model_id} {finding.algorithm.version}"
        cells |= {"ai_label": finding.label, "model": model}
        cells["model_sha256"] = finding.algorithm.sha256
    if finding.score is not None:
        score = finding.score
        cells |= {"score_name": score_name(score), "value": score.value, "unit": score.unit}
    if finding.operating_point is not None:
        cells["threshold"] = finding.operating_point.threshold
    return cells


PLUGIN = CsvFindings()
