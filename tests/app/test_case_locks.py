"""Two workstations on one database: who has the case is told, the loser cannot write, nothing is lost."""

from collections.abc import Callable
from pathlib import Path

import pytest
from held_runner import HeldRunner

from viewer.app import compose as composition
from viewer.app.case_locks import beat, take_over
from viewer.app.compose import compose
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.review_findings import attest_no_further_finding, confirm
from viewer.app.workbench import Workbench
from viewer.base.errors import CaseElsewhere
from viewer.base.paths import data_folder
from viewer.inference.model_store import ModelStore
from viewer.store.users import User


@pytest.fixture
def second(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """Dr Roe's workstation; `bench` is Dr Li's."""
    monkeypatch.setattr(composition.platform, "node", lambda: "WS-2")
    answers: Callable[..., object] = type(bench.dialogs)
    made = compose(HeldRunner(), answers, ModelStore([data_folder() / "models"]))  # type: ignore[arg-type]
    for one, name in ((bench, "Dr Li"), (made, "Dr Roe")):
        one.session.presence.set_user(User(name.split()[1].casefold(), name, role=None))  # type: ignore[arg-type]
    return made


@pytest.fixture
def film(two_patients: Path) -> Path:
    return two_patients / "jane.dcm"


def told(bench: Workbench) -> list[str]:
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    return said


def test_the_second_reader_sees_the_case_as_it_stands_but_cannot_write(
    bench: Workbench, second: Workbench, runner: HeldRunner, film: Path
) -> None:
    open_paths(bench, [film])
    runner.let_go()
    assert bench.session.case is not None
    confirm(bench, bench.session.case.proposed[0])
    open_paths(second, [film])
    assert not second.session.may_write
    assert second.session.case is not None
    assert len(second.session.case.decisions) == 1
    assert second.jobs.held == {}  # type: ignore[attr-defined]
    with pytest.raises(CaseElsewhere, match="Dr Li has this case since"):
        attest_no_further_finding(second, True)
    assert bench.session.may_write
    attest_no_further_finding(bench, True)


def test_after_a_takeover_the_loser_is_told_and_sees_what_the_other_decides(
    bench: Workbench, second: Workbench, film: Path
) -> None:
    for one in (bench, second):
        open_paths(one, [film])
    assert second.session.shown is not None
    take_over(second, second.session.shown.study)
    assert second.session.may_write
    attest_no_further_finding(second, True)
    said = told(bench)
    beat(bench)
    assert said == ["Dr Roe has taken this case over. What you decided before is kept."]
    assert not bench.session.may_write
    assert bench.session.case is not None and bench.session.case.no_further_finding
    with pytest.raises(CaseElsewhere):
        attest_no_further_finding(bench, False)
    assert second.session.case is not None
    assert len(second.cases.load(second.session.shown.study).history) == len(
        second.session.case.history
    )


def test_a_loser_who_writes_before_being_told_is_refused_and_shown_the_case_as_it_stands(
    bench: Workbench, second: Workbench, film: Path
) -> None:
    for one in (bench, second):
        open_paths(one, [film])
    assert second.session.shown is not None
    take_over(second, second.session.shown.study)
    attest_no_further_finding(second, True)
    with pytest.raises(CaseElsewhere, match="Dr Roe has this case"):
        attest_no_further_finding(bench, True)
    assert bench.session.case is not None and bench.session.case.no_further_finding
    assert not bench.session.may_write


def test_a_case_that_becomes_free_goes_to_who_waits_for_it(
    bench: Workbench, second: Workbench, two_patients: Path
) -> None:
    open_paths(bench, [two_patients])
    open_paths(second, [two_patients])
    assert not second.session.may_write
    other = next(
        study
        for study in bench.session.index.studies
        if bench.session.shown is not None and study != bench.session.shown.study
    )
    show_display_set(bench, other, other.display_sets[0])
    said = told(second)
    beat(second)
    # a model still runs on the first study: its case is kept until the result is recorded
    assert said == []
    bench.jobs.let_go()  # type: ignore[attr-defined]
    beat(second)
    assert "Dr Li has closed this case; you have it now." in said
    assert second.session.may_write
    assert second.session.case is not None and second.session.case.runs


def test_opening_a_study_leaves_one_record_and_coming_back_another(
    bench: Workbench, two_patients: Path
) -> None:
    open_paths(bench, [two_patients])
    studies = bench.session.index.studies
    for study in (studies[1], studies[0], studies[0]):
        show_display_set(bench, study, study.display_sets[0])
    opened = [record.study_uid for record in bench.log.records() if record.kind == "open"]
    assert opened == [studies[0].uid, studies[1].uid, studies[0].uid]
