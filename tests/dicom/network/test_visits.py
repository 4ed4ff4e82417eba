"""Visits: what a sender brought is counted once and told when it is quiet."""

from viewer.dicom.network.visits import Visits
from viewer.domain.pacs import Kept, Received


def test_a_visit_is_told_when_it_is_quiet_and_only_once() -> None:
    visits = Visits(quiet_s=0.0)
    for kept in (Kept.NEW, Kept.NEW, Kept.SAME, Kept.CONFLICT):
        visits.offered("1.2", "CT1", taken=True)
        visits.kept("1.2", "CT1", kept)
    visits.offered("1.2", "CT1", taken=False)
    expected = Received("1.2", "CT1", new=2, same=1, conflicts=1, not_taken=1)
    assert visits.ended(everything=True) == (expected,)
    assert visits.ended(everything=True) == ()


def test_a_visit_that_goes_on_is_not_told() -> None:
    visits = Visits(quiet_s=60.0)
    visits.offered("1.2", "CT1", taken=True)
    assert visits.ended() == ()


def test_what_was_offered_and_never_kept_has_failed() -> None:
    visits = Visits(quiet_s=0.0)
    visits.offered("1.2", "CT1", taken=True)
    assert [visit.failed for visit in visits.ended(everything=True)] == [1]


def test_two_senders_of_one_study_are_two_visits() -> None:
    visits = Visits(quiet_s=0.0)
    for sender in ("CT1", "CT2"):
        visits.offered("1.2", sender, taken=True)
        visits.kept("1.2", sender, Kept.NEW)
    assert {visit.sender for visit in visits.ended(everything=True)} == {"CT1", "CT2"}
