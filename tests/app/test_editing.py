"""Correcting an AI finding: what is kept, what is replaced, and that the AI's own word stays in the record."""

from pathlib import Path

import pytest
from held_runner import HeldRunner

from viewer.app.editing import begin_editing, draft, drag_box, stop_editing
from viewer.app.marks import shown_findings
from viewer.app.open_study import open_paths
from viewer.app.review_findings import modify
from viewer.app.workbench import Workbench
from viewer.base.errors import WorkflowError
from viewer.domain.finding import Finding, Source
from viewer.review.codes import FindingConcept, concepts_for
from viewer.review.decision import Decision, OverrideReason, Verdict


@pytest.fixture
def read(bench: Workbench, runner: HeldRunner, two_patients: Path) -> Workbench:
    open_paths(bench, [two_patients / "jane.dcm"])
    runner.let_go()
    return bench


@pytest.fixture
def finding(read: Workbench) -> Finding:
    assert read.session.case is not None
    (proposed,) = read.session.case.proposed
    begin_editing(read, proposed)
    return proposed


def concept(key: str) -> FindingConcept:
    return next(one for one in concepts_for("DX") if one.key == key)


def decision(bench: Workbench) -> Decision:
    assert bench.session.case is not None
    (made,) = bench.session.case.decisions.values()
    return made


def test_another_side_keeps_label_site_and_place(read: Workbench, finding: Finding) -> None:
    modify(read, None, "L", None, None)
    made = decision(read)
    assert (made.verdict, made.reason) == (Verdict.MODIFIED, OverrideReason.WRONG_EXTENT)
    corrected = made.corrected
    assert corrected is not None
    assert (corrected.source, corrected.laterality, corrected.label) == (
        Source.READER,
        "L",
        finding.label,
    )
    assert (corrected.code, corrected.localization) == (finding.code, finding.localization)
    assert (corrected.score, corrected.algorithm) == (None, None)


def test_another_label_brings_its_code_and_site_and_says_why(
    read: Workbench, finding: Finding
) -> None:
    effusion = concept("pleural_effusion")
    modify(read, effusion, "R", None, None, "meniscus")
    made = decision(read)
    assert made.corrected is not None
    assert (made.corrected.code, made.corrected.site) == (effusion.code, effusion.site)
    assert (made.reason, made.comment) == (OverrideReason.WRONG_LABEL, "meniscus")


def test_a_site_of_its_own_and_a_size_are_kept(read: Workbench, finding: Finding) -> None:
    modify(read, concept("lung_mass"), "", 31.5, concept("pleural_effusion"))
    corrected = decision(read).corrected
    assert corrected is not None and corrected.site is not None
    assert (corrected.site.meaning, corrected.size_mm) == ("Pleura", 31.5)


def test_a_box_dragged_in_any_direction_replaces_the_marks(
    read: Workbench, finding: Finding
) -> None:
    drag_box(read.session, (120.0, 90.04), (60.0, 140.0))
    modify(read, None, "", None, None)
    corrected = decision(read).corrected
    assert corrected is not None and corrected.localization is not None
    (mark,) = corrected.localization.marks
    assert mark.closed
    assert mark.points_px == ((60.0, 90.0), (120.0, 90.0), (120.0, 140.0), (60.0, 140.0))


def test_a_slip_of_the_hand_is_no_box(read: Workbench, finding: Finding) -> None:
    drag_box(read.session, (60.0, 90.0), (61.0, 140.0))
    with pytest.raises(WorkflowError, match="Nothing was changed"):
        modify(read, None, "", None, None)


def test_the_box_is_drawn_while_it_is_dragged_and_gone_when_the_form_closes(
    read: Workbench, finding: Finding
) -> None:
    drag_box(read.session, (60.0, 90.0), (120.0, 140.0))
    assert [one.source for one in shown_findings(read.session)] == [Source.READER]
    stop_editing(read)
    assert shown_findings(read.session) == ()
    assert draft(read.session) is None


def test_what_says_the_same_as_the_ai_is_no_modification(read: Workbench, finding: Finding) -> None:
    with pytest.raises(WorkflowError, match="Confirm the finding"):
        modify(read, None, finding.laterality, None, None)
    assert read.session.case is not None and read.session.case.undecided == (finding,)


def test_a_second_change_begins_with_the_first_and_both_stay_in_the_record(
    read: Workbench, finding: Finding
) -> None:
    modify(read, None, "L", None, None)
    begin_editing(read, finding)
    assert read.session.editing is not None
    assert read.session.editing.start.laterality == "L"
    modify(read, None, "L", 12.0, None)
    made = [event for event in read.session.case.history if type(event).__name__ == "Decided"]
    assert [event.decision.corrected.size_mm for event in made] == [None, 12.0]


def test_another_study_on_the_screen_closes_the_form(
    read: Workbench, finding: Finding, two_patients: Path
) -> None:
    open_paths(read, [two_patients / "john.dcm"])
    other = read.session.index.studies[-1]
    read.session.show(other, other.display_sets[0])
    assert read.session.editing is None
    with pytest.raises(WorkflowError, match="Choose the finding"):
        modify(read, None, "L", None, None)
