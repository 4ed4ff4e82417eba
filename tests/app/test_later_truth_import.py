"""Later truths from a table: each line to its case, and what does not fit refused by its line."""

from collections.abc import Callable
from pathlib import Path

import pytest
from builders import NOON, ai_finding, run, study

from viewer.app.later_truth_import import import_truths, imported, read_table
from viewer.app.workbench import Workbench
from viewer.base.errors import FileProblem
from viewer.review.case import Case
from viewer.review.decision import confirm
from viewer.review.events import Decided, MissesAttested, RunRecorded, Signed
from viewer.review.later_truth import TruthSource, TruthState, known
from viewer.review.signature import sign
from viewer.store.cases import CaseStore

WORD = "SCT|8186001"
HEAD = "study_uid,finding,truth,source,date,note\n"


class Context:
    """Hears progress, never cancels."""

    def __init__(self) -> None:
        self.shares: list[float] = []

    def report(self, share: float) -> None:
        self.shares.append(share)


def keep_signed(cases: CaseStore, uid: str) -> None:
    case = Case(uid)
    for event in (
        RunRecorded(run(ai_finding(), study_uid=uid), NOON),
        Decided(confirm(ai_finding(), "Dr Li", NOON)),
        MissesAttested(True, "Dr Li", NOON),
    ):
        case.apply(event)
        cases.append(study(uid), event)
    cases.append(study(uid), Signed(sign(case, study(uid), "Dr Li", NOON, "test")))


@pytest.fixture
def table(tmp_path: Path) -> Callable[[str], Path]:
    def write(lines: str) -> Path:
        path = tmp_path / "truths.csv"
        path.write_text(HEAD + lines, encoding="utf-8")
        return path

    return write


def test_a_line_is_found_by_label_code_or_key_and_recorded_once(
    bench: Workbench, table: Callable[[str], Path]
) -> None:
    names = ("enlarged cardiac silhouette", "8186001", "enlarged_cardiac_silhouette")
    for number, _name in enumerate(names):
        keep_signed(bench.cases, f"1.2.{number}")
    lines = "".join(
        f"1.2.{number},{name},present,pathology,2026-01-02,seen\n"
        for number, name in enumerate(names)
    )
    context = Context()
    found = imported(bench.cases, "Dr Wu", table(lines), context)  # type: ignore[arg-type]
    assert (found.recorded, found.known, found.refused) == (3, 0, ())
    assert len(context.shares) == 3
    for number, _name in enumerate(names):
        (kept,) = bench.cases.kept(f"1.2.{number}")
        truth = kept.case.truths[WORD]
        assert (truth.state, truth.source) == (TruthState.PRESENT, TruthSource.PATHOLOGY)
        assert (truth.known_on, truth.note, truth.reader) == ("2026-01-02", "seen", "Dr Wu")
    again = imported(bench.cases, "Dr Wu", table(lines), Context())  # type: ignore[arg-type]
    assert (again.recorded, again.known) == (0, 3)
    kinds = [record.kind for record in bench.log.records()]
    assert kinds.count("later_truth") == 3


def test_each_line_that_does_not_fit_is_named_and_the_others_are_taken(
    bench: Workbench, table: Callable[[str], Path]
) -> None:
    keep_signed(bench.cases, "1.2.1")
    bench.cases.append(study("1.2.2"), RunRecorded(run(study_uid="1.2.2"), NOON))
    lines = (
        "9.9,8186001,present,pathology,,\n"
        "1.2.2,8186001,present,pathology,,\n"
        "1.2.1,Fracture,present,pathology,,\n"
        "1.2.1,8186001,perhaps,pathology,,\n"
        "1.2.1,8186001,present,,,\n"
        "1.2.1,8186001,absent,follow_up,,\n"
    )
    found = imported(bench.cases, "Dr Wu", table(lines), Context())  # type: ignore[arg-type]
    assert found.recorded == 1
    assert [sentence.split(":")[0] for sentence in found.refused] == [
        "Line 2",
        "Line 3",
        "Line 4",
        "Line 5",
        "Line 6",
    ]
    assert "no signed case" in found.refused[0]
    assert "“Fracture” is no finding" in found.refused[2]
    assert "present, absent, unknown" in found.refused[3]


def test_a_table_without_a_column_is_refused_whole(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_text("study_uid,finding,truth\n1,2,3\n", encoding="utf-8")
    with pytest.raises(FileProblem, match="lacks the column source"):
        read_table(path)
    path.write_text("", encoding="utf-8")
    with pytest.raises(FileProblem, match="or any line"):
        read_table(path)


def test_what_came_of_a_table_is_said_and_the_open_case_shows_it(
    bench: Workbench, table: Callable[[str], Path]
) -> None:
    keep_signed(bench.cases, "1.2.1")
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    import_truths(bench, table("1.2.1,8186001,absent,panel,,\n9.9,x,absent,panel,,\n"))
    (kept,) = bench.cases.kept("1.2.1")
    assert known(kept.case.truths, WORD) is False
    assert said[-1] == "1 later truth recorded, 1 line not taken."
    _title, words = bench.dialogs.shown_text  # type: ignore[attr-defined]
    assert "Line 3" in words
