"""The acceptance of a model for a site as a page to file: figures, choices, reason and signature, sealed."""

import json
from collections.abc import Iterator, Mapping, Sequence

from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Spacer

from viewer.base.i18n import _
from viewer.domain.figures import Figure
from viewer.export.pdf.blocks import Facts, fact_table, signature_box
from viewer.export.pdf.fonts import markup
from viewer.export.pdf.page import Page, print_pages
from viewer.export.pdf.style import CONTENT_WIDTH, GAP, body, heading, small, styles, table
from viewer.export.wording import account_text
from viewer.review.acceptance import Acceptance, ThresholdRow

TITLE_OF_FILE = "SecondRead acceptance report"
LABEL_WIDTH = 40 * mm
FIGURE_WIDTHS = [52 * mm, 46 * mm, CONTENT_WIDTH - 98 * mm]
CHOICE_WIDTHS = [30 * mm, 50 * mm, 50 * mm, CONTENT_WIDTH - 130 * mm]
SHORT_SHA = 10

_FIGURES = {"auroc": "AUROC"}
"""Names that are no plain words."""

Names = Mapping[str, str]
"""Findings as people read them, by key."""


def acceptance_content(report: Acceptance, names: Names) -> bytes:
    """The whole file. names: of the findings; a key without one is printed as it stands."""
    figures = json.loads(report.figures)
    story = [
        Paragraph(markup(_("Acceptance of a model for this site")), styles().title),
        Spacer(0, 1.5 * GAP),
        *_block(_("Model"), _model(report)),
        *_block(_("Images"), _images(report, figures)),
        *_measured(figures, names),
        *_choices(report, names, figures),
        *_block(_("Reason"), (("", report.reason),)),
        small(_caution()),
        Spacer(0, 2 * GAP),
        *signature_box(
            account_text(report.signed_by, report.user),
            report.at,
            _(report.meaning),
            report.sha256,
        ),
    ]
    return print_pages(_page(report), story)


def _page(report: Acceptance) -> Page:
    algorithm = report.algorithm
    words = _("Acceptance {hash}, {software}")
    return Page(
        ("SecondRead", f"{algorithm.name} {algorithm.version}"),
        words.format(hash=report.sha256[:SHORT_SHA], software=report.software),
        TITLE_OF_FILE,
        report.software,
    )


def _block(title: str, facts: Facts) -> list[Flowable]:
    shown: Flowable = (
        body(facts[0][1]) if not facts[0][0] else fact_table(facts, CONTENT_WIDTH, LABEL_WIDTH)
    )
    return [heading(title), Spacer(0, GAP / 2), shown, Spacer(0, 2 * GAP)]


def _model(report: Acceptance) -> Facts:
    algorithm = report.algorithm
    return (
        (_("Name and version"), f"{algorithm.name} {algorithm.version}"),
        (_("Model ID"), algorithm.model_id),
        (_("Manufacturer"), algorithm.manufacturer),
        (_("Model SHA-256"), algorithm.sha256),
        (_("Manifest SHA-256"), algorithm.manifest_sha256),
    )


def _images(report: Acceptance, figures: Mapping[str, object]) -> Facts:
    measured = _("{measured} of {images} images, of {patients} patients").format(**figures)
    return (
        (_("Measured"), measured),
        (_("Refused"), _reasons(figures["not_applicable"])),
        (_("Failed"), _reasons(figures["failed"])),
        (_("Table of labels, SHA-256"), report.labels_sha256),
    )


def _reasons(group: object) -> str:
    assert isinstance(group, dict)
    reasons = [f"{n}: {reason}" for reason, n in group["reasons"].items()]
    return "\n".join(reasons) or _("none")


def _measured(figures: Mapping[str, object], names: Names) -> list[Flowable]:
    """Every figure with its interval and number, by finding; then the masks."""
    rows = [row for kind in ("findings", "masks") for row in _rows(figures[kind], names)]
    columns = [_("Finding"), _("Figure"), _("Value (95 % interval, n)")]
    return [
        heading(_("Measured on the labelled images, at the threshold of the manifest")),
        Spacer(0, GAP / 2),
        table(columns, rows, FIGURE_WIDTHS),
        Spacer(0, 2 * GAP),
    ]


def _rows(group: object, names: Names) -> Iterator[list[object]]:
    assert isinstance(group, dict)
    for key, found in group.items():
        title = names.get(key, key)
        for name, value in found.items():
            told = _FIGURES.get(name, name.replace("_", " "))
            yield [small(title), small(told), small(_told(value))]
            title = ""


def _told(figure: object) -> str:
    """A figure with its interval, a count or a name; what does not exist is said to be not measured."""
    if not isinstance(figure, dict):
        return _("not measured") if figure is None else str(figure)
    if figure["value"] is None:
        return _("not measured (n {n})").format(n=figure["n"])
    low, high = figure["ci95"]
    ends = (
        _("no interval") if low is None else _("{low:.3f} to {high:.3f}").format(low=low, high=high)
    )
    return _("{value:.3f} ({ends}, n {n})").format(value=figure["value"], ends=ends, n=figure["n"])


def _choices(report: Acceptance, names: Names, figures: Mapping[str, object]) -> list[Flowable]:
    """The thresholds there were to choose from, and which one is in force from now on."""
    measured = figures["findings"]
    assert isinstance(measured, dict)
    parts: list[Flowable] = []
    for key, rows in report.rows.items():
        title = _("Thresholds of “{finding}”").format(finding=names.get(key, key))
        marks = {measured.get(key, {}).get("threshold"): _("of the manifest")}
        chosen = report.thresholds.get(key)
        if chosen is not None:
            marks[chosen] = ", ".join(filter(None, (_("taken into use"), marks.get(chosen))))
        parts += [heading(title), Spacer(0, GAP / 2), _choice(rows, marks, chosen)]
        parts.append(Spacer(0, 2 * GAP))
    return parts


def _choice(
    rows: Sequence[ThresholdRow], marks: Mapping[object, str], chosen: float | None
) -> Flowable:
    if not rows:
        words = _("The images are all of one kind: none could be chosen; the manifest's holds.")
        return body(words)
    columns = [_("Proposes above"), _("Sensitivity"), _("Specificity"), ""]
    cells = [
        (f"{row.threshold:g}", _share(row.sensitivity), _share(row.specificity)) for row in rows
    ]
    shown: list[list[object]] = [
        [small(cell, row.threshold == chosen) for cell in (*told, marks.get(row.threshold, ""))]
        for row, told in zip(rows, cells, strict=True)
    ]
    return table(columns, shown, CHOICE_WIDTHS)


def _share(figure: Figure) -> str:
    low, high = figure.ci95
    return f"{figure.value:.1%} ({low:.1%} to {high:.1%}, n {figure.n})"


def _caution() -> str:
    return _(
        "Intervals: 95 %, bootstrap over patients; for thresholds Wilson, by image. A threshold chosen on the "
        "images it is judged by looks better than it is. The decision holds for this version with these two "
        "hashes and for no other."
    )
