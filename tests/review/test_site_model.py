"""What a site decided about a model holds for that very network and manifest, and for no other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import ALGORITHM, NOON

from viewer.domain.finding import Algorithm
from viewer.review.site_model import (
    ModelState,
    SiteModel,
    last_of_each,
    model_key,
    note_on,
    state_of,
    thresholds_of,
)

NEXT = replace(ALGORITHM, version="1.1.0", sha256="e" * 64)
SHARPER = {"enlarged_cardiac_silhouette": 0.6}


def decision(
    algorithm: Algorithm = ALGORITHM, state: ModelState = ModelState.ON, **changed: object
) -> SiteModel:
    return replace(SiteModel(algorithm, state, "Dr Li", "li", NOON), **changed)  # type: ignore[arg-type]


def decided(*decisions: SiteModel) -> dict[str, SiteModel]:
    return last_of_each(decisions)


def test_a_model_nobody_decided_on_is_on_unless_the_site_wants_acceptance() -> None:
    assert state_of(ALGORITHM, {}, must_be_accepted=False) is ModelState.ON
    assert state_of(ALGORITHM, {}, must_be_accepted=True) is ModelState.OFF


def test_switched_on_without_acceptance_does_not_run_where_the_site_wants_it() -> None:
    on, accepted = decision(), decision(acceptance_sha256="f" * 64)
    assert state_of(ALGORITHM, decided(on), must_be_accepted=True) is ModelState.OFF
    assert state_of(ALGORITHM, decided(accepted), must_be_accepted=True) is ModelState.ON


@pytest.mark.parametrize("must", [True, False])
@pytest.mark.parametrize("state", [ModelState.SHADOW, ModelState.OFF])
def test_shadow_and_off_need_no_acceptance(state: ModelState, must: bool) -> None:
    assert state_of(ALGORITHM, decided(decision(state=state)), must) is state


def test_a_model_whose_maker_puts_it_into_shadow_is_on_only_where_it_was_accepted() -> None:
    on, accepted = decision(), decision(acceptance_sha256="f" * 64)
    off = decision(state=ModelState.OFF)
    for must, unaccepted in ((False, ModelState.SHADOW), (True, ModelState.OFF)):
        for nothing in ({}, decided(on)):
            assert state_of(ALGORITHM, nothing, must, ModelState.SHADOW) is unaccepted
        assert state_of(ALGORITHM, decided(accepted), must, ModelState.SHADOW) is ModelState.ON
        assert state_of(ALGORITHM, decided(off), must, ModelState.SHADOW) is ModelState.OFF


def test_the_last_decision_counts() -> None:
    off = decision(state=ModelState.OFF)
    assert state_of(ALGORITHM, decided(off, decision()), must_be_accepted=False) is ModelState.ON


@pytest.mark.parametrize(
    "other",
    [
        NEXT,
        replace(ALGORITHM, sha256="e" * 64),
        replace(ALGORITHM, manifest_sha256="e" * 64),
        replace(ALGORITHM, version="1.1.0"),
    ],
)
def test_a_threshold_does_not_survive_a_change_of_network_manifest_or_version(
    other: Algorithm,
) -> None:
    known = decided(decision(thresholds=SHARPER))
    assert thresholds_of(ALGORITHM, known) == SHARPER
    assert thresholds_of(other, known) == {}
    assert "Choose it again" in note_on(other, known, must_be_accepted=False)
    assert model_key(other) != model_key(ALGORITHM)


def test_the_question_names_the_version_the_threshold_was_chosen_for() -> None:
    known = decided(decision(thresholds=SHARPER))
    assert "chosen for version 1.0.0 and" in note_on(NEXT, known, must_be_accepted=False)
    same_version = replace(ALGORITHM, sha256="e" * 64)
    assert "version 1.0.0 (aaaaaaaa)" in note_on(same_version, known, must_be_accepted=False)


def test_once_the_new_version_is_decided_on_nothing_is_asked() -> None:
    later = decision(NEXT, at=NOON + timedelta(days=1))
    assert note_on(NEXT, decided(decision(thresholds=SHARPER), later), must_be_accepted=False) == ""


def test_without_a_threshold_of_the_site_nothing_is_asked() -> None:
    assert note_on(NEXT, decided(decision()), must_be_accepted=False) == ""


def test_a_missing_acceptance_is_said() -> None:
    assert "has not accepted it yet" in note_on(ALGORITHM, {}, must_be_accepted=True)
    shadow = decided(decision(state=ModelState.SHADOW))
    assert note_on(ALGORITHM, shadow, must_be_accepted=True) == ""
