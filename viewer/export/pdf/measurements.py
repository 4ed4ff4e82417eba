"""What the reader measured: each number with what entitles it to its unit."""

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Spacer

from viewer.base.i18n import _
from viewer.export.pdf.style import CONTENT_WIDTH, GAP, heading, label, small, table
from viewer.review.drawing import Drawing
from viewer.review.report import SignedReport

_WIDTHS = [10 * mm, 62 * mm, CONTENT_WIDTH - 72 * mm]


def measurements(report: SignedReport) -> list[Flowable]:
    """A table of the drawings that say or measure something; nothing where there are none."""
    rows = [_row(number, drawing) for number, drawing in report.numbered_measurements]
    if not rows:
        return []
    columns = [_("No."), _("Image"), _("Measurement (what its unit rests on)")]
    return [
        heading(_("Measurements by the reader")),
        Spacer(0, GAP / 2),
        table(columns, rows, _WIDTHS),
        Spacer(0, 2 * GAP),
    ]


def _row(number: str, drawing: Drawing) -> list[object]:
    annotation = drawing.annotation
    said = [small(line) for line in annotation.text.splitlines() if line.strip()]
    said += [small(measurement.sentence) for measurement in drawing.measurements]
    frame = _("Frame {number}").format(number=annotation.frame + 1)
    return [[small(number)], [label(annotation.sop_instance_uid), label(frame)], said]
