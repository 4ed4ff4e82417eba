"""The site's word on models: off and shadow never run in the open, the site's threshold is the one in force."""

import csv
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from held_runner import HeldRunner
from model_packages import build_package, phantom
from PIL import Image
from pypdf import PdfReader
from readers import prove

from viewer.app import acceptance
from viewer.app.acceptance import Listeners, Measured
from viewer.app.ai_state import unrecorded_sentences
from viewer.app.commands.report import sign
from viewer.app.model_card import model_card
from viewer.app.open_study import open_paths
from viewer.app.review_findings import attest_no_further_finding, confirm
from viewer.app.run_inference import run_models_on
from viewer.app.settings import Site
from viewer.app.site_words import site_words
from viewer.app.workbench import Workbench
from viewer.base.errors import ModelError, ViewerError, WorkflowError
from viewer.domain.finding import Finding
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import ModelStore
from viewer.review.monitoring import Limits
from viewer.review.site_model import ModelState

KEY = "enlarged_cardiac_silhouette"
LARGE, SMALL = (0.38, 0.86), (0.42, 0.66)


@pytest.fixture
def film(two_patients: Path) -> Path:
    return two_patients / "jane.dcm"


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    """Two pictures with large and two with normal hearts, labelled."""
    path = tmp_path / "labels.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "patient", KEY])
        for number, heart in enumerate((LARGE, (0.30, 0.86), SMALL, (0.44, 0.64))):
            values = np.round(phantom(160, 160, heart) * 255).astype(np.uint8)
            Image.fromarray(values).save(tmp_path / f"{number}.png")
            rows.writerow([f"{number}.png", f"p{number}", int(number < 2)])
    return path


def package(bench: Workbench) -> ModelPackage:
    (found,) = bench.models.packages
    return found


def inferences(runner: HeldRunner) -> list[str]:
    """Models about to run, in the open or in shadow."""
    return [key for key in runner.held if key.startswith(("infer ", "shadow "))]


def opened(bench: Workbench, runner: HeldRunner, film: Path) -> tuple[Finding, ...]:
    open_paths(bench, [film])
    runner.let_go()
    assert bench.session.case is not None
    return bench.session.case.proposed


def measured(bench: Workbench, labels: Path) -> Measured:
    found: list[Measured] = []
    failed: list[ViewerError] = []
    tell = Listeners(found.append, failed.append, lambda _share: None, lambda: None)
    acceptance.measure(bench, package(bench), labels, tell)
    assert not failed, failed
    return found[0]


@pytest.mark.parametrize("state", [ModelState.OFF, ModelState.SHADOW])
def test_a_model_that_is_not_on_does_not_run_and_is_not_listed(
    bench: Workbench, runner: HeldRunner, film: Path, state: ModelState
) -> None:
    acceptance.switch(bench, package(bench), state, "not wanted")
    assert opened(bench, runner, film) == ()
    shown = bench.session.shown
    assert shown is not None
    run_models_on(bench, shown.study, shown.display_set, again=True)
    assert inferences(runner) == []
    assert unrecorded_sentences(bench, shown.study) == (
        "AI not run: this site has switched no model on.",
    )


def test_what_a_model_found_stays_when_it_is_switched_off_and_it_does_not_run_again(
    bench: Workbench, runner: HeldRunner, film: Path
) -> None:
    (finding,) = opened(bench, runner, film)
    acceptance.switch(bench, package(bench), ModelState.OFF, "too many alarms")
    shown = bench.session.shown
    assert shown is not None
    assert shown.case.proposed == (finding,)
    run_models_on(bench, shown.study, shown.display_set, again=True)
    assert inferences(runner) == []


def test_a_model_in_shadow_runs_after_the_signature_and_nothing_of_it_enters_the_case(
    bench: Workbench, runner: HeldRunner, film: Path
) -> None:
    acceptance.switch(bench, package(bench), ModelState.SHADOW, "being tried")
    opened(bench, runner, film)
    attest_no_further_finding(bench, True)
    assert inferences(runner) == []
    assert list(bench.shadow.compared()) == []
    sign(bench)
    assert len(inferences(runner)) == 1
    runner.let_go()
    shown = bench.session.shown
    assert shown is not None and shown.case.report is not None
    assert shown.case.runs == {}
    assert shown.case.report.runs == ()
    ((run, report),) = bench.shadow.compared()
    assert [finding.key for finding in run.findings] == [KEY]
    assert report == shown.case.report
    assert bench.cases.load(shown.study).runs == {}


@pytest.fixture
def weak(bench: Workbench, tmp_path: Path) -> Workbench:
    """With the phantom reader as its maker would ship it on weak evidence."""
    build_package(tmp_path / "weak" / "phantom_reader", begin_in_shadow)
    bench.models.take(ModelStore([tmp_path / "weak"]))
    return bench


def begin_in_shadow(manifest: dict) -> None:
    manifest["default_state"] = "shadow"


def test_a_weak_model_begins_in_shadow_and_is_switched_on_by_acceptance_alone(
    weak: Workbench, runner: HeldRunner, film: Path, labels: Path
) -> None:
    assert weak.site_models.state(package(weak)) is ModelState.SHADOW
    assert opened(weak, runner, film) == ()
    with pytest.raises(ModelError, match="The evidence for this model is weak"):
        acceptance.switch(weak, package(weak), ModelState.ON, "please")
    assert weak.site_models.state(package(weak)) is ModelState.SHADOW
    found = measured(weak, labels)
    acceptance.accept(weak, found, {}, "Good enough here.", prove(weak.accounts))
    assert weak.site_models.state(package(weak)) is ModelState.ON


def test_shadow_figures_compare_with_what_was_signed(
    bench: Workbench, runner: HeldRunner, film: Path
) -> None:
    said: list[str] = []

    def ask() -> str:
        acceptance.shadow_words(bench, package(bench), Limits(least_n=1), said.append, raising)
        return said[-1]

    assert ask() == "No run in shadow with a signed report yet."
    acceptance.switch(bench, package(bench), ModelState.SHADOW, "being tried")
    opened(bench, runner, film)
    attest_no_further_finding(bench, True)
    sign(bench)
    runner.let_go()
    assert "specificity 0% (0% to 79%), n 1" in ask()
    assert "sensitivity too few (0)" in said[-1]


def raising(error: ViewerError) -> None:
    raise error


def test_where_the_site_wants_acceptance_nothing_runs_and_nothing_is_switched_on_before_it(
    bench: Workbench, runner: HeldRunner, film: Path
) -> None:
    bench.settings.change(site=Site(require_acceptance=True))
    assert opened(bench, runner, film) == ()
    (note,) = bench.site_models.notes(bench.models.packages)
    assert "has not accepted it yet" in note
    with pytest.raises(ModelError, match="only after accepting"):
        acceptance.switch(bench, package(bench), ModelState.ON, "please")


def test_an_accepted_model_runs_at_the_threshold_of_the_site_and_every_finding_says_so(
    bench: Workbench, runner: HeldRunner, film: Path, labels: Path
) -> None:
    bench.settings.change(site=Site(require_acceptance=True))
    found = measured(bench, labels)
    assert found.figures["measured"] == 4
    lowest = found.rows[KEY][0].threshold
    report = acceptance.accept(
        bench, found, {KEY: lowest}, "Misses must be rare.", prove(bench.accounts)
    )
    assert lowest != package(bench).manifest.operating_point.thresholds[KEY]
    (finding,) = opened(bench, runner, film)
    assert finding.operating_point is not None
    assert (finding.operating_point.name, finding.operating_point.threshold) == ("site", lowest)
    confirm(bench, finding)
    attest_no_further_finding(bench, True)
    sign(bench)
    assert bench.session.case is not None and bench.session.case.report is not None
    (run,) = bench.session.case.report.runs
    assert run.operating_point == finding.operating_point
    record = next(one for one in bench.log.records() if one.kind == "model_change")
    assert record.detail["acceptance_sha256"] == report.sha256
    assert record.detail[f"threshold {KEY}"] == f"{lowest:g}"
    assert report.signed_by == "Dr Li" and report.algorithm == package(bench).algorithm


def test_a_threshold_above_the_score_proposes_nothing(
    bench: Workbench, runner: HeldRunner, film: Path, labels: Path
) -> None:
    found = measured(bench, labels)
    highest = replace(found.rows[KEY][-1], threshold=0.99)
    raised = replace(found, rows={KEY: (*found.rows[KEY], highest)})
    acceptance.accept(bench, raised, {KEY: 0.99}, "Only the obvious.", prove(bench.accounts))
    assert opened(bench, runner, film) == ()
    shown = bench.session.shown
    assert shown is not None
    (run,) = shown.case.runs.values()
    assert [one.operating_point.name for one in run.below if one.operating_point] == ["site"]


def test_the_manifests_threshold_is_frozen_like_any_other_when_it_was_accepted(
    bench: Workbench, runner: HeldRunner, film: Path, labels: Path
) -> None:
    found = measured(bench, labels)
    own = package(bench).manifest.operating_point
    acceptance.accept(bench, found, dict(own.thresholds), "Good as it is.", prove(bench.accounts))
    (finding,) = opened(bench, runner, film)
    assert finding.operating_point is not None
    assert finding.operating_point.name == "site"
    assert finding.operating_point.threshold == own.thresholds[KEY]


def test_without_a_reason_nothing_is_accepted(bench: Workbench, labels: Path) -> None:
    found = measured(bench, labels)
    with pytest.raises(WorkflowError, match="State why"):
        acceptance.accept(bench, found, {}, " ", prove(bench.accounts))
    assert bench.site_models.decision(package(bench)) is None


def test_a_table_of_which_nothing_can_be_measured_is_refused_with_the_reason(
    bench: Workbench, tmp_path: Path
) -> None:
    (tmp_path / "broken.dcm").write_bytes(b"no image")
    table = tmp_path / "labels.csv"
    table.write_text(f"file,patient,{KEY}\nbroken.dcm,a,1\n")
    failed: list[ViewerError] = []
    tell = Listeners(raise_unexpected, failed.append, lambda _share: None, lambda: None)
    acceptance.measure(bench, package(bench), table, tell)
    assert "No image could be measured" in str(failed[0])


def raise_unexpected(found: Measured) -> None:
    raise AssertionError(found)


def test_the_acceptance_report_is_written_and_that_is_recorded(
    bench: Workbench, labels: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="no acceptance report"):
        acceptance.save_report(bench, package(bench), tmp_path / "none.json")
    report = acceptance.accept(bench, measured(bench, labels), {}, "Fine.", prove(bench.accounts))
    acceptance.save_report(bench, package(bench), tmp_path / "report.json")
    assert report.sha256 in (tmp_path / "report.json").read_text(encoding="utf-8")
    assert list(bench.log.records())[-1].detail["what"] == "acceptance report"


def test_the_model_card_says_what_is_in_force_beside_the_manifests_threshold(
    bench: Workbench, labels: Path
) -> None:
    def card() -> str:
        algorithm = package(bench).algorithm
        return model_card(bench.models, algorithm, partial(site_words, bench))

    before = card()
    assert "Enlarged cardiac silhouette > 0.5 (Second read)" in before
    assert "this site has decided nothing on it" in before
    found = measured(bench, labels)
    lowest = found.rows[KEY][0].threshold
    acceptance.accept(bench, found, {KEY: lowest}, "Rare misses.", prove(bench.accounts))
    after = card()
    assert f"Enlarged cardiac silhouette > {lowest:g} (chosen by this site)" in after
    assert "accepted on local data by Dr Li" in after and "Rare misses." in after
    assert "by its manifest proposed above cardiothoracic ratio 0.5" in after
    acceptance.switch(bench, package(bench), ModelState.SHADOW, "being tried")
    assert "this model is in shadow" in card()


def test_the_acceptance_report_is_written_as_pdf(
    bench: Workbench, labels: Path, tmp_path: Path
) -> None:
    report = acceptance.accept(bench, measured(bench, labels), {}, "Fine.", prove(bench.accounts))
    acceptance.save_report(bench, package(bench), tmp_path / "report.pdf")
    pages = PdfReader(tmp_path / "report.pdf").pages
    said = " ".join(page.extract_text() for page in pages)
    assert report.sha256 in said and "Dr Li (account li)" in said
    assert list(bench.log.records())[-1].detail["format"] == ".pdf"


def test_another_workstations_decision_holds_when_the_next_study_opens(
    bench: Workbench, runner: HeldRunner, film: Path
) -> None:
    decision = acceptance_of_another(bench)
    bench.site_models.store.record(decision)
    assert bench.site_models.state(package(bench)) is ModelState.ON
    assert opened(bench, runner, film) == ()


def acceptance_of_another(bench: Workbench):  # type: ignore[no-untyped-def]
    acceptance.switch(bench, package(bench), ModelState.ON, "mine")
    mine = bench.site_models.decision(package(bench))
    assert mine is not None
    return replace(mine, state=ModelState.OFF, reason="theirs")
