"""HL7 v2.5.1 ORU^R01: the signed report for a RIS or a record system (HL7 v2.5.1 chapter 7).

Only what a physician has verified is in it. Processing ID (MSH-11) is T: for research use only.
"""

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from textwrap import wrap

from viewer.domain.coding import CodedConcept
from viewer.export.sr_content import Group, drawn_groups_of, groups_of
from viewer.export.wording import signer_text
from viewer.review.codes import report_code
from viewer.review.report import SignedReport

VERSION = "2.5.1"
PROCESSING = "T"
SENDER = "SECONDREAD"
CHARACTER_SET = "UNICODE UTF-8"
SEGMENT_END = "\r"
ESCAPES = {
    "\\": "\\E\\",
    "|": "\\F\\",
    "^": "\\S\\",
    "&": "\\T\\",
    "~": "\\R\\",
    "\r\n": "\\.br\\",
    "\n": "\\.br\\",
    "\r": "\\.br\\",
}
"""HL7 v2.5.1 section 2.7."""

REPRESENTATIONS = ("A", "I", "P")
"""Name representation code, table 0465, by component group of the PN."""

SYSTEMS = {"SCT": "SCT", "DCM": "DCM", "LN": "LN", "UCUM": "UCUM"}
"""Table 0396; any other scheme is private, 99zzz."""

LONGEST_LINE = 120
"""Characters of one OBX text."""

FINDINGS = CodedConcept("59776-5", "LN", "Findings")
IMPRESSION = CodedConcept("19005-8", "LN", "Impression")


def oru_message(report: SignedReport, pdf: bytes | None) -> str:
    """The message, segments ended by carriage returns. pdf: the printed report, or None."""
    segments = [_msh(report), _pid(report), _obr(report), *_observations(report, pdf)]
    return SEGMENT_END.join(segments) + SEGMENT_END


def escaped(text: str) -> str:
    """Delimiters and line ends as escape sequences."""
    for character, sequence in _ordered(ESCAPES):
        text = text.replace(character, sequence)
    return text


def _ordered(table: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The escape character first: the others are written with it."""
    yield "\\", table["\\"]
    yield from ((one, sequence) for one, sequence in table.items() if one != "\\")


def extended_name(stored: str) -> str:
    """A PN (PS3.5 6.2.1) as repetitions of XPN: Latin, ideographic and phonetic."""
    names = []
    for group, representation in zip(stored.split("="), REPRESENTATIONS, strict=False):
        parts = [escaped(part.strip()) for part in group.split("^")]
        if any(parts):
            family, given, middle, prefix, suffix = (*parts, "", "", "", "", "")[:5]
            names.append("^".join((family, given, middle, suffix, prefix, "", "L", representation)))
    return "~".join(names)


def coded(code: CodedConcept) -> str:
    """A CWE."""
    system = SYSTEMS.get(code.scheme, code.scheme if code.scheme.startswith("99") else "L")
    return "^".join((escaped(code.value), escaped(code.meaning), system))


def time_stamp(at: datetime) -> str:
    """A TS with its zone."""
    return at.strftime("%Y%m%d%H%M%S%z")


def _segment(name: str, *fields: str) -> str:
    return "|".join((name, *fields)).rstrip("|")


def _msh(report: SignedReport) -> str:
    control = report.sha256[:20]
    at = time_stamp(report.signature.at)
    return _segment(
        "MSH",
        "^~\\&",
        SENDER,
        "",
        "",
        "",
        at,
        "",
        "ORU^R01^ORU_R01",
        control,
        PROCESSING,
        VERSION,
        *[""] * 5,
        CHARACTER_SET,
    )


def _pid(report: SignedReport) -> str:
    patient = report.patient
    identifier = "^".join((escaped(patient.patient_id), "", "", escaped(patient.issuer), "MR"))
    return _segment(
        "PID",
        "1",
        "",
        identifier,
        "",
        extended_name(patient.name),
        "",
        patient.birth_date,
        patient.sex,
    )


def _obr(report: SignedReport) -> str:
    study = report.study
    fields = [""] * 32
    fields[0] = "1"
    fields[2] = escaped(study.accession_number)
    fields[3] = coded(report_code("text_report_title"))
    fields[6] = study.date + study.time.split(".")[0] if study.date else ""
    fields[21] = time_stamp(report.signature.at)
    fields[24] = _status(report)
    signature = report.signature
    fields[31] = f"{escaped(signature.user)}&{escaped(signature.reader)}"
    return _segment("OBR", *fields)


def _status(report: SignedReport) -> str:
    """F final, or C corrected when it replaces an earlier version (table 0123)."""
    return "C" if report.predecessor_uid else "F"


def _observations(report: SignedReport, pdf: bytes | None) -> list[str]:
    rows = [
        *_texts(FINDINGS, _finding_sentences(report)),
        *_texts(IMPRESSION, (report.text, report.misses, _signed(report))),
        *(row for group in groups_of(report) for row in _finding(group)),
        *_measured(report),
    ]
    if pdf is not None:
        content = base64.b64encode(pdf).decode("ascii")
        title = coded(report_code("text_report_title"))
        rows.append(("ED", title, "", f"^application^pdf^Base64^{content}", ""))
    return [_obx(number, row, report) for number, row in enumerate(rows, start=1)]


Row = tuple[str, str, str, str, str]
"""Value type, observation identifier, sub-id, value, unit."""


def _texts(code: CodedConcept, sentences: Sequence[str]) -> Iterator[Row]:
    """A line each; a long one goes on in the next, as many receivers cut what does not fit their screen."""
    lines = [line for sentence in sentences for line in _lines(sentence)]
    for number, line in enumerate(lines, start=1):
        yield "TX", coded(code), str(number), escaped(line), ""


def _lines(sentence: str) -> list[str]:
    return [
        line
        for paragraph in sentence.splitlines()
        for line in wrap(paragraph, LONGEST_LINE)
        if line
    ]


def _finding_sentences(report: SignedReport) -> tuple[str, ...]:
    found = (f"{group.number}. {' '.join(group.comments)}" for group in groups_of(report))
    return (*found, *report.statements)


def _signed(report: SignedReport) -> str:
    signature = report.signature
    return (
        f"{signer_text(signature)}, {signature.at.isoformat()}. {signature.meaning}"
        f" SHA-256 {report.sha256}. For research use only, not for clinical use."
    )


def _finding(group: Group) -> Iterator[Row]:
    """What the reader states: present, absent or undetermined; and the verdict on the AI's proposal."""
    finding, number = coded(group.finding), str(group.number)
    yield "CWE", finding, number, coded(group.presence), ""
    if group.assessment is not None:
        yield "CWE", coded(report_code("assessment")), number, coded(group.assessment), ""


def _measured(report: SignedReport) -> Iterator[Row]:
    for group in drawn_groups_of(report):
        for one in group.measured:
            yield "NM", coded(one.name), group.number, f"{one.value:g}", coded(one.unit)


def _obx(number: int, row: Row, report: SignedReport) -> str:
    kind, code, sub, value, unit = row
    at = time_stamp(report.signature.at)
    status = _status(report)
    return _segment("OBX", str(number), kind, code, sub, value, unit, *[""] * 4, status, "", "", at)
