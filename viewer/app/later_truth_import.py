"""Later truths from a table: one line a finding of a signed case; what does not fit is named by its line."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.later_truth import Answer, truth_of
from viewer.app.workbench import Workbench
from viewer.base.errors import FileProblem, ViewerError, WorkflowError
from viewer.base.i18n import _, plural
from viewer.review.case import Case
from viewer.review.events import TruthStated
from viewer.review.later_truth import Asked, TruthSource, TruthState, asked_words
from viewer.review.workflow import Stage
from viewer.store.cases import CaseStore, KeptCase

IMPORT_KEY = "later truths"
COLUMNS = ("study_uid", "finding", "truth", "source", "date", "note")
"""finding: label, code value or a model's key. truth: present, absent or unknown. date, note: may be empty."""

MOST_SHOWN = 40
"""Refused lines that are listed; more are counted."""


@dataclass(frozen=True)
class Imported:
    """How many lines were recorded, how many said what was known, and why others were refused, by line."""

    recorded: int = 0
    known: int = 0
    refused: tuple[str, ...] = ()


def import_truths(workbench: Workbench, path: Path) -> None:
    """Read a table off the GUI thread and say what came of it."""

    def done(found: Imported) -> None:
        for study in workbench.session.index.studies:
            if workbench.cases.length(study) != len(workbench.session.case_of(study).history):
                workbench.session.reload(study)
        workbench.session.notify(_summary(found))
        if found.refused:
            workbench.dialogs.show_text(_("Lines that were not taken"), _listed(found.refused))

    cases, reader = workbench.cases, workbench.reader
    workbench.jobs.submit(
        Job(
            IMPORT_KEY,
            Lane.OBJECTS,
            lambda context: imported(cases, reader, path, context),
            done,
            workbench.session.fail,
        )
    )


def imported(cases: CaseStore, reader: str, path: Path, context: JobContext) -> Imported:
    """Take each line by itself, as stated by `reader`. Raises FileProblem for a table that cannot be read."""
    recorded, known, refused = 0, 0, []
    rows = read_table(path)
    for number, row in enumerate(rows, start=2):
        context.report(number / (len(rows) + 2))
        try:
            new = _take(cases, reader, row)
        except ViewerError as error:
            refused.append(_("Line {n}: {reason}").format(n=number, reason=error))
        else:
            recorded, known = recorded + new, known + (not new)
    return Imported(recorded, known, tuple(refused))


def read_table(path: Path) -> list[dict[str, str]]:
    """The lines by column. Raises FileProblem where the file is no such table."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [
                {str(name).strip(): (value or "").strip() for name, value in row.items() if name}
                for row in csv.DictReader(file)
            ]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise FileProblem(
            _("The table {path} cannot be read: {reason}.").format(path=path, reason=error)
        ) from error
    missing = [name for name in COLUMNS[:4] if not rows or name not in rows[0]]
    if missing:
        raise FileProblem(
            _("The table {path} lacks the column {column}, or any line.").format(
                path=path, column=missing[0]
            )
        )
    return rows


def _take(cases: CaseStore, reader: str, row: Mapping[str, str]) -> bool:
    """Record one line; whether it said anything new."""
    kept = _signed_case(cases, row["study_uid"])
    asked = _asked(kept.case, row["finding"])
    answer = _answer(row)
    truth = kept.case.truths.get(asked.word)
    if truth and (truth.state, truth.source, truth.known_on, truth.note) == (
        answer.state,
        answer.source,
        answer.known_on,
        answer.note,
    ):
        return False
    cases.append_kept(kept, TruthStated(truth_of(asked, answer, reader)))
    return True


def _signed_case(cases: CaseStore, study_uid: str) -> KeptCase:
    found = cases.kept(study_uid)
    signed = [one for one in found if one.case.stage is Stage.SIGNED]
    if len(found) > 1:
        raise WorkflowError(_("This study is kept under several patients; record it by hand."))
    if not signed:
        raise WorkflowError(_("There is no signed case of this study here."))
    return signed[0]


def _asked(case: Case, named: str) -> Asked:
    """The finding of the report that a line names, by label, code value or a model's key."""
    assert case.report is not None
    of_run = [one for run in case.report.runs for one in (*run.findings, *run.below)]
    keys = {one.key.casefold(): one.label.casefold() for one in of_run if one.key}
    name = keys.get(named.casefold(), named.casefold())
    matches = [
        one
        for one in asked_words(case.report)
        if name in (one.label.casefold(), one.word.split("|")[1].casefold())
    ]
    if len(matches) != 1:
        raise WorkflowError(_("“{name}” is no finding of the signed report.").format(name=named))
    return matches[0]


def _answer(row: Mapping[str, str]) -> Answer:
    try:
        state = TruthState(row["truth"].upper())
        source = TruthSource(row["source"].upper()) if row["source"] else None
    except ValueError:
        raise WorkflowError(
            _("truth is one of {states}, source one of {sources}.").format(
                states=_values(tuple(TruthState)), sources=_values(tuple(TruthSource))
            )
        ) from None
    return Answer(state, source, row.get("date", ""), row.get("note", ""))


def _values(kinds: Sequence[TruthState | TruthSource]) -> str:
    return ", ".join(kind.value.lower() for kind in kinds)


def _summary(found: Imported) -> str:
    parts = [plural("{n} later truth recorded", "{n} later truths recorded", found.recorded)]
    if found.known:
        parts.append(plural("{n} was known", "{n} were known", found.known))
    if found.refused:
        parts.append(plural("{n} line not taken", "{n} lines not taken", len(found.refused)))
    return ", ".join(parts) + "."


def _listed(refused: Sequence[str]) -> str:
    return "\n".join(_lines(refused))


def _lines(refused: Sequence[str]) -> Iterator[str]:
    yield from (f"- {sentence}" for sentence in refused[:MOST_SHOWN])
    if len(refused) > MOST_SHOWN:
        yield "- " + _("and {n} more").format(n=len(refused) - MOST_SHOWN)
