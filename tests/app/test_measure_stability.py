"""The stability of a result is measured after it is shown, joins its findings, and stops nobody."""

from dataclasses import replace
from pathlib import Path

import pytest
from series_packages import build_segmenter, of_films

from viewer.app.commands.ai import cancel
from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench
from viewer.domain.finding import Finding
from viewer.inference.model_store import ModelStore
from viewer.review.statements import score_text, stability_text


@pytest.fixture
def film(two_patients: Path) -> Path:
    return two_patients / "jane.dcm"


@pytest.fixture
def opened(bench: Workbench, film: Path) -> Workbench:
    """The first result is there; the extra runs are waiting."""
    open_paths(bench, [film])
    bench.jobs.let_go()  # type: ignore[attr-defined]
    return bench


def finding(bench: Workbench) -> Finding:
    assert bench.session.case is not None
    (run,) = bench.session.case.runs.values()
    return (*run.findings, *run.below)[0]


def test_the_result_comes_first_and_the_stability_joins_it_later(opened: Workbench) -> None:
    before = finding(opened)
    assert before.stability is None and opened.session.measuring
    opened.jobs.let_go()  # type: ignore[attr-defined]
    after = finding(opened)
    assert after.stability is not None
    assert replace(after, stability=None) == before
    assert not opened.session.measuring
    assert stability_text(after) in score_text(after)
    assert "stable" in score_text(after)


def test_measuring_does_not_stand_between_the_reader_and_the_signature(opened: Workbench) -> None:
    assert opened.session.shown is not None
    assert opened.session.is_measuring(opened.session.shown.study)
    assert not opened.session.is_running(opened.session.shown.study)


def test_cancel_gives_the_extra_runs_up_and_leaves_the_result(opened: Workbench) -> None:
    before = finding(opened)
    cancel(opened)
    opened.jobs.let_go()  # type: ignore[attr-defined]
    assert finding(opened) == before
    assert not opened.session.measuring


def test_it_can_be_switched_off(bench: Workbench, film: Path) -> None:
    off = replace(bench.settings.values.inference, stability=False)
    bench.settings.change(inference=off)
    open_paths(bench, [film])
    bench.jobs.let_go()  # type: ignore[attr-defined]
    assert finding(bench).stability is None
    assert not bench.session.measuring


def test_a_model_that_outlines_films_is_tried_again_as_the_others_are(
    bench: Workbench, film: Path, tmp_path: Path
) -> None:
    build_segmenter(tmp_path / "models" / "outlines", of_films)
    bench.models.take(ModelStore([tmp_path / "models"]))
    failures: list[object] = []
    bench.session.fail = failures.append  # type: ignore[method-assign]
    open_paths(bench, [film])
    for _round in range(2):
        bench.jobs.let_go()  # type: ignore[attr-defined]
    assert finding(bench).stability is not None
    assert not bench.session.measuring and not failures
