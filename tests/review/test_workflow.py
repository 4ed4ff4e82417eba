"""The workflow of both modes under random acts: no way round a decision, the lock, or the record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from builders import (
    MASS,
    NOON,
    STUDY_UID,
    after_noon,
    ai_finding,
    reader_finding,
    run,
    study,
)
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from viewer.base.errors import WorkflowError
from viewer.domain.coding import CodedConcept
from viewer.domain.finding import Finding, RunState, Source
from viewer.review.canonical import from_plain, to_plain
from viewer.review.case import Case
from viewer.review.concordance import Discordance
from viewer.review.decision import (
    ChangeReason,
    Confidence,
    Decision,
    OverrideReason,
    Verdict,
    confirm,
    override,
)
from viewer.review.events import (
    AmendmentStarted,
    BlindReadingBegun,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingKept,
    FindingWithdrawn,
    FirstReadLocked,
    KeyImageMarked,
    MissesAttested,
    Reopened,
    Revealed,
    RunRecorded,
    Signed,
    TextChanged,
    TruthStated,
    ViewStated,
)
from viewer.review.first_read import first_read_of
from viewer.review.later_truth import LaterTruth, TruthSource, TruthState, asked_words
from viewer.review.reading import ReadingMode
from viewer.review.report import SignedReport
from viewer.review.signature import blockers, sign
from viewer.review.workflow import TRANSITIONS, WITHHELD, Stage, after

NODULE = CodedConcept("27925004", "SCT", "Nodule")
WHO = "Dr Li"
CHANGE = ChangeReason.OVERLOOKED


def proposal(uid: str, code: CodedConcept = MASS, side: str = "", score: float = 0.7) -> Finding:
    return replace(ai_finding(uid, score), code=code, laterality=side, label=code.meaning)


def stated(
    uid: str, code: CodedConcept = MASS, side: str = "", sure: Confidence = Confidence.LIKELY
) -> FindingAdded:
    finding = replace(reader_finding(uid), code=code, laterality=side, label=code.meaning)
    decision = Decision(uid, Verdict.ADDED, WHO, NOON, confidence=sure)
    return FindingAdded(finding, decision)


def begun() -> Case:
    return Case(STUDY_UID, [BlindReadingBegun(WHO, NOON)])


def locked_and_revealed(*own: FindingAdded) -> Case:
    case = begun()
    for event in own or (MissesAttested(True, WHO, NOON),):
        case.apply(event)
    case.apply(FirstReadLocked(first_read_of(case, WHO, after_noon(1))))
    case.apply(Revealed(WHO, after_noon(2)))
    return case


def signed(case: Case) -> SignedReport:
    return sign(case, study(), WHO, after_noon(9), "SecondRead test")


def test_a_blind_case_takes_no_ai_result_and_no_view_for_it() -> None:
    case = begun()
    for event in (RunRecorded(run(ai_finding()), NOON), ViewStated("set-1", "PA", WHO, NOON)):
        with pytest.raises(WorkflowError, match="Lock your first read"):
            case.apply(event)
    assert not case.ai_visible


def test_no_stage_that_withholds_the_ai_has_room_for_a_run() -> None:
    for stage in WITHHELD:
        assert (stage, RunRecorded) not in TRANSITIONS
        assert (stage, Decided) not in TRANSITIONS
        assert (stage, Signed) not in TRANSITIONS


def test_runs_that_are_in_the_history_of_a_withheld_case_are_not_shown() -> None:
    """Whatever a damaged or foreign history holds, the one gate stays closed."""
    case = begun()
    case._runs["set-1", "model"] = run(ai_finding())
    assert (dict(case.runs), case.proposed, case.findings, case.waiting) == ({}, (), (), ())


def test_every_pair_that_the_table_lacks_is_an_error() -> None:
    kinds = {kind for _stage, kind in TRANSITIONS}
    events: dict[type, CaseEvent] = {
        RunRecorded: RunRecorded(run(), NOON),
        ViewStated: ViewStated("set-1", "PA", WHO, NOON),
        Decided: Decided(confirm(ai_finding(), WHO, NOON)),
        Reopened: Reopened("2.25.1", WHO, NOON),
        FindingAdded: stated("2.25.9"),
        FindingKept: FindingKept("2.25.9", WHO, NOON),
        FindingWithdrawn: FindingWithdrawn("2.25.9", WHO, NOON),
        MissesAttested: MissesAttested(True, WHO, NOON),
        TextChanged: TextChanged("", WHO, NOON),
        KeyImageMarked: KeyImageMarked("1.2", 0, True, WHO, NOON),
        BlindReadingBegun: BlindReadingBegun(WHO, NOON),
        FirstReadLocked: FirstReadLocked(first_read_of(begun(), WHO, NOON)),
        Revealed: Revealed(WHO, NOON),
        AmendmentStarted: AmendmentStarted(WHO, NOON),
        TruthStated: TruthStated(
            LaterTruth("SCT|1", "x", TruthState.UNKNOWN, None, "", "", WHO, NOON)
        ),
    }
    assert kinds - {Signed} == set(events)
    for stage in Stage:
        for kind, event in events.items():
            if (stage, kind) in TRANSITIONS:
                assert after(stage, event) is TRANSITIONS[stage, kind]
            else:
                with pytest.raises(WorkflowError):
                    after(stage, event)


def test_a_case_with_any_history_cannot_become_blind_afterwards() -> None:
    case = Case(STUDY_UID, [RunRecorded(run(ai_finding()), NOON)])
    with pytest.raises(WorkflowError, match="stays as it is"):
        case.apply(BlindReadingBegun(WHO, NOON))


def test_an_untouched_case_of_a_read_first_site_withholds_the_ai_before_anything_is_stored() -> (
    None
):
    case = Case(STUDY_UID, blind=True)
    assert not case.ai_visible
    with pytest.raises(WorkflowError, match="has not been begun"):
        case.apply(stated("2.25.9"))
    case.apply(BlindReadingBegun(WHO, NOON))
    case.apply(stated("2.25.9"))
    assert Case(STUDY_UID, case.history).stage is case.stage


def test_a_finding_of_the_first_read_needs_its_confidence() -> None:
    event = stated("2.25.9")
    bare = FindingAdded(event.finding, replace(event.decision, confidence=None))
    with pytest.raises(WorkflowError, match="how sure"):
        begun().apply(bare)


def test_nothing_stated_cannot_be_locked() -> None:
    case = begun()
    with pytest.raises(WorkflowError, match="no finding"):
        case.apply(FirstReadLocked(first_read_of(case, WHO, NOON)))


def test_only_the_read_of_the_case_can_be_locked() -> None:
    case = begun()
    case.apply(stated("2.25.9"))
    other = begun()
    other.apply(stated("2.25.8"))
    with pytest.raises(WorkflowError, match="not the one of this case"):
        case.apply(FirstReadLocked(first_read_of(other, WHO, NOON)))


def test_a_locked_read_cannot_be_added_to_before_the_reveal() -> None:
    case = begun()
    case.apply(MissesAttested(True, WHO, NOON))
    case.apply(FirstReadLocked(first_read_of(case, WHO, NOON)))
    with pytest.raises(WorkflowError, match="locked"):
        case.apply(stated("2.25.9"))


def test_what_both_say_waits_for_one_verdict_and_is_reported_once() -> None:
    case = locked_and_revealed(stated("2.25.9", side="R"))
    case.apply(RunRecorded(run(proposal("2.25.1", side="R")), after_noon(3)))
    assert case.unresolved == ()
    assert case.discordance(case.proposed[0]) is None
    case.apply(Decided(confirm(case.proposed[0], WHO, after_noon(4))))
    report = signed(case)
    assert [one.decision.verdict for one in report.findings] == [Verdict.CONFIRMED]
    assert report.first_read is not None
    assert report.first_read.findings[0].decision.confidence is Confidence.LIKELY
    assert report.changes == ()


def test_what_the_ai_alone_says_is_taken_over_only_with_a_reason() -> None:
    case = locked_and_revealed()
    finding = proposal("2.25.1")
    case.apply(RunRecorded(run(finding), after_noon(3)))
    assert case.discordance(finding) is Discordance.AI_ONLY
    with pytest.raises(WorkflowError, match="why you change"):
        case.apply(Decided(confirm(finding, WHO, after_noon(4))))
    case.apply(Decided(confirm(finding, WHO, after_noon(4), CHANGE)))
    (change,) = signed(case).changes
    assert (change.what, change.reason, change.at) == ("CONFIRMED", CHANGE, after_noon(4))


def test_keeping_the_first_read_against_the_ai_is_one_override_without_another_reason() -> None:
    case = locked_and_revealed()
    finding = proposal("2.25.1")
    case.apply(RunRecorded(run(finding), after_noon(3)))
    case.apply(Decided(override(finding, WHO, after_noon(4))))
    assert signed(case).changes == ()


def test_a_finding_the_ai_looked_for_and_did_not_propose_must_be_kept_or_withdrawn() -> None:
    silent = replace(run(), below=(proposal("2.25.1", score=0.2),))
    case = locked_and_revealed(stated("2.25.9"))
    case.apply(RunRecorded(silent, after_noon(3)))
    own = case.added["2.25.9"]
    assert case.discordance(own) is Discordance.READER_ONLY
    assert "1 finding of your first read" in blockers(case)[0]
    with pytest.raises(WorkflowError, match="Say why you withdraw"):
        case.apply(FindingWithdrawn("2.25.9", WHO, after_noon(4)))
    case.apply(FindingKept("2.25.9", WHO, after_noon(4)))
    assert [one.decision.verdict for one in signed(case).findings] == [Verdict.ADDED]


def test_a_withdrawn_finding_of_the_first_read_is_a_change_and_leaves_the_misses_to_be_stated() -> (
    None
):
    silent = replace(run(), below=(proposal("2.25.1", score=0.2),))
    case = locked_and_revealed(stated("2.25.9"))
    case.apply(RunRecorded(silent, after_noon(3)))
    case.apply(FindingWithdrawn("2.25.9", WHO, after_noon(4), ChangeReason.JUDGED_OTHERWISE))
    assert blockers(case) == ("Add what the AI missed or state “no further finding”.",)
    case.apply(MissesAttested(True, WHO, after_noon(5)))
    report = signed(case)
    assert [change.what for change in report.changes] == ["WITHDRAWN"]
    assert report.first_read is not None and len(report.first_read.findings) == 1


def test_an_ai_that_does_not_look_for_a_finding_does_not_contradict_it() -> None:
    case = locked_and_revealed(stated("2.25.9", NODULE))
    case.apply(RunRecorded(replace(run(), below=(proposal("2.25.1"),)), after_noon(3)))
    assert case.unresolved == ()


@pytest.mark.parametrize("state", [RunState.FAILED, RunState.NOT_APPLICABLE])
def test_an_ai_that_gave_no_answer_contradicts_nothing(state: RunState) -> None:
    case = locked_and_revealed(stated("2.25.9"))
    case.apply(RunRecorded(run(state=state, reason="because."), after_noon(3)))
    assert case.unresolved == ()


def test_two_sides_are_a_discordance_that_a_corrected_side_resolves() -> None:
    case = locked_and_revealed(stated("2.25.9", side="L"))
    finding = proposal("2.25.1", side="R")
    case.apply(RunRecorded(run(finding), after_noon(3)))
    assert case.discordance(finding) is Discordance.OTHER_SIDE
    assert case.discordance(case.added["2.25.9"]) is Discordance.OTHER_SIDE
    left = replace(finding, laterality="L", source=Source.READER, tracking_uid="2.25.5")
    wrong = OverrideReason.WRONG_EXTENT
    case.apply(Decided(override(finding, WHO, after_noon(4), wrong, corrected=left)))
    assert case.waiting == ()
    assert signed(case).changes == ()


def test_a_rejected_finding_that_the_reader_stated_too_leaves_the_readers_own_to_be_resolved() -> (
    None
):
    case = locked_and_revealed(stated("2.25.9"))
    finding = proposal("2.25.1")
    case.apply(RunRecorded(run(finding), after_noon(3)))
    case.apply(Decided(override(finding, WHO, after_noon(4))))
    (own,) = case.unresolved
    assert case.discordance(own) is Discordance.REJECTED_BOTH


def test_two_findings_of_the_ai_are_not_both_covered_by_one_of_the_reader() -> None:
    case = locked_and_revealed(stated("2.25.9"))
    first, second = proposal("2.25.1"), proposal("2.25.2")
    case.apply(RunRecorded(run(first, second), after_noon(3)))
    assert [case.discordance(one) for one in (first, second)] == [None, Discordance.AI_ONLY]


def test_times_of_lock_reveal_and_change_are_in_the_statements_of_the_report() -> None:
    case = locked_and_revealed()
    finding = proposal("2.25.1")
    case.apply(RunRecorded(run(finding), after_noon(3)))
    case.apply(Decided(confirm(finding, WHO, after_noon(4), CHANGE)))
    words = " ".join(signed(case).statements)
    for part in ("locked at 2026-11-22 12:01:00", "revealed after that, at 2026-11-22 12:02:00"):
        assert part in words
    assert "Changed at 2026-11-22 12:04:00 +0000: Mass: taken over from the AI" in words


def test_a_report_of_a_first_read_without_its_reveal_cannot_come_into_being() -> None:
    report = signed(locked_and_revealed())
    assert report.reading_mode is ReadingMode.READ_FIRST
    with pytest.raises(WorkflowError, match="time of the reveal"):
        replace(report, revealed_at=None)


def test_a_report_of_a_first_read_is_read_back_as_it_was() -> None:
    case = locked_and_revealed(stated("2.25.9"))
    report = signed(case)
    assert from_plain(to_plain(report), SignedReport) == report


OWN = [
    stated(f"2.25.{90 + n}", code, side)
    for n, (code, side) in enumerate([(MASS, ""), (MASS, "L"), (NODULE, "R")])
]
PROPOSED = [
    proposal("2.25.1"),
    proposal("2.25.2", side="R"),
    proposal("2.25.3", NODULE, "L"),
]
CORRECTED = replace(PROPOSED[1], laterality="L", source=Source.READER, tracking_uid="2.25.50")


class Reading(RuleBasedStateMachine):
    """One case under any acts a reader, a network or a careless caller may try, in either mode."""

    @initialize(blind=st.booleans(), own=st.none() | st.sets(st.sampled_from(range(3))))
    def open(self, blind: bool, own: set[int] | None) -> None:
        """own: a first read to begin with, already locked and revealed; None: not even begun."""
        self.case = Case(STUDY_UID, blind=blind)
        self.blind = blind
        self.taken: list[CaseEvent] = []
        self.minute = 0
        if blind:
            self.attempt(BlindReadingBegun(WHO, NOON))
        if blind and own is not None:
            for n in own:
                self.attempt(OWN[n])
            self.attest(True)
            self.lock()
            self.reveal()

    def at(self) -> datetime:
        self.minute += 1
        return after_noon(self.minute)

    def attempt(self, event: CaseEvent) -> None:
        try:
            self.case.apply(event)
        except WorkflowError:
            return
        self.taken.append(event)

    def try_signing(self, make: Callable[[], SignedReport]) -> None:
        try:
            report = make()
        except WorkflowError:
            return
        self.check_report(report)
        self.attempt(Signed(report))

    @rule(event=st.sampled_from(OWN))
    def add(self, event: FindingAdded) -> None:
        if event.finding.tracking_uid not in self.case.added:
            self.attempt(event)

    @rule(event=st.sampled_from(OWN), reason=st.sampled_from([None, CHANGE]))
    def withdraw(self, event: FindingAdded, reason: ChangeReason | None) -> None:
        self.attempt(FindingWithdrawn(event.finding.tracking_uid, WHO, self.at(), reason))

    @rule(event=st.sampled_from(OWN))
    def keep(self, event: FindingAdded) -> None:
        self.attempt(FindingKept(event.finding.tracking_uid, WHO, self.at()))

    @rule(stated=st.booleans())
    def attest(self, stated: bool) -> None:
        self.attempt(MissesAttested(stated, WHO, self.at()))

    @rule()
    def begin(self) -> None:
        self.attempt(BlindReadingBegun(WHO, self.at()))

    @rule()
    def lock(self) -> None:
        self.attempt(FirstReadLocked(first_read_of(self.case, WHO, self.at())))

    @rule()
    def reveal(self) -> None:
        self.attempt(Revealed(WHO, self.at()))

    @rule(
        above=st.sets(st.sampled_from(range(3))),
        score=st.sampled_from([0.7, 0.8]),
        state=st.sampled_from([RunState.DONE, RunState.FAILED, RunState.NOT_APPLICABLE]),
    )
    def infer(self, above: set[int], score: float, state: RunState) -> None:
        split = [replace(one, score=replace(one.score, value=score)) for one in PROPOSED]
        found = [one for n, one in enumerate(split) if n in above]
        below = [one for n, one in enumerate(split) if n not in above]
        outcome = run(*found) if state is RunState.DONE else run(state=state, reason="because.")
        if state is RunState.DONE:
            outcome = replace(outcome, below=tuple(below))
        self.attempt(RunRecorded(outcome, self.at()))

    @rule(
        finding=st.sampled_from(PROPOSED),
        act=st.sampled_from(["confirm", "reject", "modify", "indeterminate"]),
        change=st.sampled_from([None, CHANGE]),
    )
    def decide(self, finding: Finding, act: str, change: ChangeReason | None) -> None:
        known = {one.tracking_uid: one for one in self.case.proposed}
        now = known.get(finding.tracking_uid, finding)
        made = {
            "confirm": lambda: confirm(now, WHO, self.at(), change),
            "reject": lambda: override(now, WHO, self.at()),
            "modify": lambda: override(
                now, WHO, self.at(), OverrideReason.WRONG_EXTENT, "", CORRECTED, change
            ),
            "indeterminate": lambda: override(
                now, WHO, self.at(), OverrideReason.CANNOT_TELL, change=change
            ),
        }[act]()
        self.attempt(Decided(made))

    @rule(uid=st.sampled_from([one.tracking_uid for one in PROPOSED] + ["2.25.90", "2.25.91"]))
    def reopen(self, uid: str) -> None:
        self.attempt(Reopened(uid, WHO, self.at()))

    @rule()
    def write(self) -> None:
        self.attempt(TextChanged("text", WHO, self.at()))

    @rule()
    def sign(self) -> None:
        self.try_signing(lambda: sign(self.case, study(), WHO, self.at(), "test"))

    @rule()
    def amend(self) -> None:
        self.attempt(AmendmentStarted(WHO, self.at()))

    @rule(state=st.sampled_from(TruthState), place=st.integers(0, 3))
    def state_truth(self, state: TruthState, place: int) -> None:
        """Taken on a finding of a signed report alone, and the reports stay as they were."""
        before, stage = self.case.reports, self.case.stage
        words = [one.word for one in asked_words(before[-1])] if before else []
        word = words[place] if place < len(words) else "SCT|no such finding"
        source = TruthSource.PATHOLOGY
        truth = LaterTruth(word, word, state, source, "", "", WHO, self.at())
        taken = len(self.taken)
        self.attempt(TruthStated(truth))
        possible = stage is Stage.SIGNED and place < len(words)
        assert len(self.taken) == taken + possible
        assert (self.case.reports, self.case.stage) == (before, stage)

    @invariant()
    def no_act_is_lost(self) -> None:
        assert self.case.history == self.taken

    @invariant()
    def the_history_alone_gives_the_same_case(self) -> None:
        again = Case(STUDY_UID, self.case.history, blind=self.blind)
        for field in (
            "stage",
            "mode",
            "decisions",
            "added",
            "kept",
            "first_read",
            "revealed_at",
            "truths",
        ):
            assert getattr(again, field) == getattr(self.case, field)
        assert (again.runs, again.waiting) == (self.case.runs, self.case.waiting)

    @invariant()
    def nothing_of_an_ai_is_there_before_the_lock_and_the_reveal(self) -> None:
        kinds = [type(event) for event in self.case.history]
        if self.case.mode is ReadingMode.READ_FIRST and Revealed not in kinds:
            assert not self.case.ai_visible
            assert not self.case.runs and not self.case.proposed
            assert RunRecorded not in kinds
        if self.case.mode is ReadingMode.READ_FIRST and RunRecorded in kinds:
            ordered = [kinds.index(kind) for kind in (FirstReadLocked, Revealed, RunRecorded)]
            assert ordered == sorted(ordered)

    @invariant()
    def the_mode_is_the_one_the_case_was_begun_in(self) -> None:
        assert (self.case.mode is ReadingMode.READ_FIRST) == (
            self.blind or BlindReadingBegun in map(type, self.case.history[:1])
        )

    def check_report(self, report: SignedReport) -> None:
        case = self.case
        assert case.undecided == () and case.unresolved == ()
        reported = {one.finding.tracking_uid: one.decision for one in report.findings}
        assert {one.tracking_uid for one in case.proposed} <= reported.keys()
        first = report.first_read.findings if report.first_read else ()
        kept_in_record = {one.finding.tracking_uid: one.decision for one in first}
        for uid, decision in case.decisions.items():
            assert decision in (reported.get(uid), kept_in_record.get(uid))
        changed = {
            event.decision.tracking_uid
            for event in case.history
            if isinstance(event, Decided) and event.decision.change is not None
        }
        if report.first_read is not None:
            assert changed <= {change.tracking_uid for change in report.changes}


Reading.TestCase.settings = settings(max_examples=250, stateful_step_count=40, deadline=None)
TestRandomReading = Reading.TestCase
