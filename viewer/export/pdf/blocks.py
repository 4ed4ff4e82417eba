"""Blocks of the first page: patient and study, the reader's text, and the signature."""

from collections.abc import Sequence
from datetime import datetime

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer, Table, TableStyle

from viewer.base.i18n import _
from viewer.domain.readable import readable_date, readable_name
from viewer.export.pdf.fonts import markup
from viewer.export.pdf.style import (
    ACCENT,
    CONTENT_WIDTH,
    GAP,
    PANEL,
    body,
    heading,
    label,
    placed,
    ruled,
    small,
    styles,
)
from viewer.export.wording import (
    readable_moment,
    readable_sex,
    readable_time,
    runs_right_to_left,
    signer_text,
)
from viewer.review.report import SignedReport

Facts = Sequence[tuple[str, str]]
"""What a value is, and the value; an empty value is said to be not stated."""

LABEL_WIDTH = 25 * mm
COLUMN_GAP = 6 * mm


def title(report: SignedReport) -> list[Flowable]:
    """The title, and which version this is when it is not the first."""
    parts: list[Flowable] = [
        Paragraph(markup(_("Radiology report, second read with AI")), styles().title)
    ]
    if report.predecessor_uid:
        words = _("Version {version}. It replaces report {uid}.")
        parts.append(
            body(words.format(version=report.version, uid=report.predecessor_uid), bold=True)
        )
    return [*parts, Spacer(0, 1.5 * GAP)]


def patient_and_study(report: SignedReport) -> list[Flowable]:
    """Two columns: who, and what was examined."""
    width = (CONTENT_WIDTH - COLUMN_GAP) / 2
    columns = [fact_table(_who(report), width), [], fact_table(_what(report), width)]
    both = Table([columns], colWidths=[width, COLUMN_GAP, width], style=placed())
    return [both, Spacer(0, 2 * GAP)]


def _who(report: SignedReport) -> Facts:
    patient = report.patient
    notes = [(_("Note on the name"), _order_note(patient.name))]
    issuers = [(_("Issuer of ID"), patient.issuer)]
    return [
        (_("Patient"), readable_name(patient.name)),
        *(note for note in notes if note[1]),
        (_("Patient ID"), patient.patient_id),
        *(issuer for issuer in issuers if issuer[1]),
        (_("Born"), readable_date(patient.birth_date)),
        (_("Sex"), readable_sex(patient.sex)),
    ]


def _what(report: SignedReport) -> Facts:
    study = report.study
    moment = " ".join(filter(None, (readable_date(study.date), readable_time(study.time))))
    return [
        (_("Study"), study.description),
        (_("Date and time"), moment),
        (_("Accession no."), study.accession_number),
        (_("Study ID"), study.study_id),
        (_("Study UID"), study.uid),
    ]


def _order_note(name: str) -> str:
    """reportlab sets all scripts from left to right; a name that suffers from it says so."""
    if not runs_right_to_left(name):
        return ""
    return _("Its right-to-left letters are printed from left to right.")


def fact_table(facts: Facts, width: float, label_width: float = LABEL_WIDTH) -> Table:
    """Label and value, a row each."""
    rows = [[label(name), small(value or _("not stated"))] for name, value in facts]
    return Table(rows, colWidths=[label_width, width - label_width], style=ruled())


def reader_text(report: SignedReport) -> list[Flowable]:
    """What the reader wrote, line by line as it was written."""
    text = report.text.strip() or _("The reader wrote no text; the findings below are the report.")
    paragraphs = [body(line) if line.strip() else Spacer(0, GAP) for line in text.splitlines()]
    return [heading(_("Report")), Spacer(0, GAP / 2), *paragraphs, Spacer(0, 2 * GAP)]


def signature(report: SignedReport) -> list[Flowable]:
    """Printed name with its account, moment with zone, and meaning (21 CFR 11.50), bound by the hash."""
    signed = report.signature
    return signature_box(signer_text(signed), signed.at, signed.meaning, report.sha256)


def signature_box(signer: str, at: datetime, meaning: str, sha256: str) -> list[Flowable]:
    """The box of a signature under whatever was signed."""
    rows = [
        [label(_("Signed by")), body(signer, bold=True)],
        [label(_("Date and time")), body(readable_moment(at))],
        [label(_("Meaning")), body(meaning)],
        [label(_("SHA-256 of report")), small(sha256)],
    ]
    box = Table(
        rows,
        colWidths=[LABEL_WIDTH + 8 * mm, CONTENT_WIDTH - LABEL_WIDTH - 8 * mm],
        style=TableStyle(
            [
                ("BACKGROUND", (0, 0), (-1, -1), PANEL),
                ("LINEBEFORE", (0, 0), (0, -1), 2, ACCENT),
                ("LEFTPADDING", (0, 0), (-1, -1), 6),
            ],
            parent=placed(padding=3),
        ),
    )
    return [KeepTogether([heading(_("Electronic signature")), Spacer(0, GAP / 2), box])]
