"""What arrives late belongs to its own patient, whoever is on the screen by then."""

from pathlib import Path

import pytest
from held_runner import HeldRunner

from viewer.app.ai_state import ai_states, unrecorded_sentences
from viewer.app.heatmaps import shown_heatmaps
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.review_findings import add_finding, begin_adding, confirm
from viewer.app.run_inference import cancel_runs, run_models_on
from viewer.app.workbench import Workbench
from viewer.base.errors import WorkflowError
from viewer.domain.finding import RunState
from viewer.domain.study import Study
from viewer.review.codes import concepts_for


def studies(bench: Workbench) -> tuple[Study, Study]:
    jane, john = sorted(bench.session.index.studies, key=lambda study: study.patient.name)
    return jane, john


def show(bench: Workbench, study: Study) -> None:
    show_display_set(bench, study, study.display_sets[0])


@pytest.fixture
def opened(bench: Workbench, two_patients: Path) -> Workbench:
    open_paths(bench, [two_patients])
    show(bench, studies(bench)[0])
    return bench


def test_a_result_that_comes_after_the_switch_goes_to_its_own_patient(
    opened: Workbench, runner: HeldRunner
) -> None:
    jane, john = studies(opened)
    runner.held.clear()
    opened.session.running.clear()
    run_models_on(opened, jane, jane.display_sets[0])
    opened.settings.change(inference=type(opened.settings.values.inference)(automatic=False))
    show(opened, john)
    runner.let_go()
    assert opened.session.case_of(john).runs == {}
    (run,) = opened.session.case_of(jane).runs.values()
    assert run.study_uid == jane.uid
    opened.session.set_overlay(visible=True)
    assert shown_heatmaps(opened) == ()


def test_a_finding_of_another_patient_cannot_be_decided_here(
    opened: Workbench, runner: HeldRunner
) -> None:
    jane, john = studies(opened)
    runner.let_go()
    (finding,) = opened.session.case_of(jane).proposed
    show(opened, john)
    with pytest.raises(WorkflowError, match="Only a finding the AI proposes in this study"):
        confirm(opened, finding)


def test_switching_the_patient_closes_the_add_form_and_forgets_selection_and_pointer(
    opened: Workbench,
) -> None:
    _jane, john = studies(opened)
    opened.session.pointer_px = (3.0, 4.0)
    begin_adding(opened)
    opened.session.select("2.25.9")
    show(opened, john)
    assert (opened.session.adding, opened.session.selected, opened.session.pointer_px) == (
        None,
    ) * 3
    with pytest.raises(WorkflowError, match="Press A"):
        add_finding(opened, concepts_for("DX")[0])


def test_screen_case_and_display_set_always_change_together(opened: Workbench) -> None:
    seen: list[bool] = []

    def look(_none: None) -> None:
        shown = opened.session.shown
        assert shown is not None
        seen.append(
            shown.case.study_uid == shown.study.uid == shown.display_set.study_uid
            and shown.display_set in shown.study.display_sets
        )

    for event in (opened.session.events.shown, opened.session.events.case):
        event.subscribe(look)
    for study in (*studies(opened), *studies(opened)):
        show(opened, study)
    assert seen
    assert all(seen)


def test_a_running_model_is_none_of_the_other_states(opened: Workbench) -> None:
    study, display_set = opened.session.shown.study, opened.session.shown.display_set  # type: ignore[union-attr]
    (state,) = ai_states(opened, study, display_set)
    assert state.state is RunState.RUNNING
    assert state.sentence.startswith("AI running")


def test_a_cancelled_run_is_not_recorded_and_counts_as_not_run(opened: Workbench) -> None:
    cancel_runs(opened)
    study, display_set = opened.session.shown.study, opened.session.shown.display_set  # type: ignore[union-attr]
    (state,) = ai_states(opened, study, display_set)
    assert state.state is RunState.NOT_RUN
    assert opened.session.case_of(study).runs == {}
    assert unrecorded_sentences(opened, study) == ("AI not run: Heart size of a phantom 1.0.0.",)
