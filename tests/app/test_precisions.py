"""INT8 in the program: chosen for the site, told, recorded by its own hash, and accepted by itself."""

from pathlib import Path

import pytest
from held_runner import HeldRunner
from labelled_phantoms import write_labels
from model_packages import described
from readers import prove
from variant_packages import NETWORK, build_with_int8

from viewer.app import acceptance
from viewer.app.acceptance import switch
from viewer.app.ai_state import ai_states
from viewer.app.commands.ai import int8, run
from viewer.app.compose import compose
from viewer.app.export_bundle import export
from viewer.app.export_report import sign_study
from viewer.app.headless.verify_command import run_verify
from viewer.app.model_card import model_card
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.operating_points import point_words
from viewer.app.precisions import said_of_precision
from viewer.app.review_findings import attest_no_further_finding, confirm
from viewer.app.settings import Inference, Site
from viewer.app.site_words import site_words
from viewer.app.workbench import ExportChoice, Workbench
from viewer.base.paths import data_folder
from viewer.domain.finding import ModelRun, RunState
from viewer.inference import session
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import ModelStore
from viewer.inference.precision import Precision
from viewer.review.observations import observed
from viewer.review.site_model import ModelState

FULL, INT8 = "1.0.0", "1.0.0+int8"


@pytest.fixture
def folder() -> Path:
    return build_with_int8(data_folder() / "models" / "phantom_reader")


@pytest.fixture
def site(runner: HeldRunner, answers: type, folder: Path) -> Workbench:
    return compose(runner, answers, ModelStore([folder.parent]))


@pytest.fixture
def film(two_patients: Path) -> Path:
    return two_patients / "jane.dcm"


def opened(site: Workbench, runner: HeldRunner, film: Path) -> ModelRun:
    open_paths(site, [film])
    runner.let_go()
    return run_of(site)


def run_of(site: Workbench) -> ModelRun:
    assert site.session.case is not None
    (found,) = site.session.case.runs.values()
    return found


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write_labels(tmp_path)


def package(site: Workbench) -> ModelPackage:
    (found,) = site.models.packages
    return found


def test_the_choice_is_the_sites_and_what_ran_is_in_the_run_by_its_own_hash(
    site: Workbench, runner: HeldRunner, film: Path, folder: Path
) -> None:
    int8(site)
    assert site.settings.values.inference.precision is Precision.INT8
    found = opened(site, runner, film)
    assert found.algorithm.version == INT8
    assert found.algorithm == package(site).algorithm
    assert found.algorithm.sha256 == described(folder, NETWORK)["sha256"]
    (finding,) = found.findings
    assert finding.algorithm == found.algorithm
    assert point_words(site, finding).startswith("Second read: sensitivity 0.91 (0.80 to 0.99)")


def test_a_second_press_is_back_at_the_full_network(site: Workbench) -> None:
    int8(site)
    int8(site)
    assert site.settings.values.inference.precision is Precision.FULL
    assert package(site).algorithm.version == FULL


def test_the_choice_outlasts_the_program(
    site: Workbench, runner: HeldRunner, answers: type, folder: Path
) -> None:
    int8(site)
    again = compose(runner, answers, ModelStore([folder.parent]))
    assert package(again).algorithm.version == INT8


def test_a_result_that_is_there_stays_until_it_is_run_again(
    site: Workbench, runner: HeldRunner, film: Path
) -> None:
    before = opened(site, runner, film)
    int8(site)
    runner.let_go()
    assert (run_of(site).run_uid, run_of(site).algorithm) == (before.run_uid, before.algorithm)
    shown = site.session.shown
    assert shown is not None
    (state,) = ai_states(site, shown.study, shown.display_set)
    assert (state.state, state.algorithm.version) == (RunState.DONE, FULL)
    run(site)
    (state,) = ai_states(site, shown.study, shown.display_set)
    assert (state.state, state.algorithm.version) == (RunState.RUNNING, INT8)
    runner.let_go()
    assert run_of(site).algorithm.version == INT8
    (state,) = ai_states(site, shown.study, shown.display_set)
    assert (state.state, state.algorithm.version) == (RunState.DONE, INT8)


def test_a_decision_on_the_full_network_says_nothing_of_the_int8_one(
    site: Workbench, runner: HeldRunner, film: Path
) -> None:
    switch(site, package(site), ModelState.OFF, "too slow")
    int8(site)
    assert site.site_models.state(package(site)) is ModelState.ON
    assert opened(site, runner, film).algorithm.version == INT8


def test_where_each_model_must_be_accepted_the_int8_network_waits_for_its_own_acceptance(
    site: Workbench, runner: HeldRunner, film: Path
) -> None:
    site.settings.change(site=Site(require_acceptance=True))
    int8(site)
    open_paths(site, [film])
    runner.let_go()
    assert site.session.case is not None and not site.session.case.runs
    (note,) = site.site_models.notes(site.models.packages)
    assert note.startswith(f"Heart size of a phantom {INT8} does not run")


def test_a_threshold_of_the_site_for_the_full_network_is_not_taken_for_int8(
    site: Workbench, labels: Path
) -> None:
    measured = acceptance.measured_on(
        package(site), labels, site.sessions, session.Device.CPU, lambda _share: None
    )
    key, rows = next(iter(measured.rows.items()))
    acceptance.accept(site, measured, {key: rows[0].threshold}, "ours", prove(site.accounts))
    assert site.site_models.as_decided(package(site)).manifest.operating_point.name == "site"
    site.settings.change(inference=Inference(precision=Precision.INT8))
    assert site.site_models.as_decided(package(site)).manifest.operating_point.name != "site"
    (note,) = site.site_models.notes(site.models.packages)
    assert f"chosen for version {FULL}" in note and INT8 in note


def test_on_cuda_the_choice_is_kept_and_the_full_network_runs_and_says_so(
    site: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought = (session.CUDA_PROVIDER, session.CPU_PROVIDER)
    monkeypatch.setattr(session.onnxruntime, "get_available_providers", lambda: brought)
    notices: list[str] = []
    site.session.events.notice.subscribe(notices.append)
    int8(site)
    assert package(site).algorithm.version == FULL
    assert "runs on CUDA, with the full networks" in notices[-1]
    assert "on CUDA the full network runs" in site_words(site, package(site))


def test_what_was_chosen_is_told_even_where_no_model_offers_it(site: Workbench) -> None:
    chosen = Inference(precision=Precision.INT8)
    assert "no installed model offers it" in said_of_precision((), chosen)
    assert said_of_precision((), Inference()) == "From the next run on the full networks run."


def test_the_card_says_which_network_is_in_use_and_what_was_measured(site: Workbench) -> None:
    full = package(site).algorithm
    int8(site)
    card = model_card(site.models, package(site).algorithm, lambda one: site_words(site, one))
    assert f"# Heart size of a phantom {INT8}" in card
    assert "**In force at this site:** the INT8 network;" in card
    assert "heart Dice 0.9450 (full network 0.9500), n = 10, tests" in card
    assert package(site).algorithm.sha256 in card
    other = model_card(site.models, full, lambda one: site_words(site, one))
    assert "# Heart size of a phantom 1.0.0\n" in other
    assert "**In force at this site:** the full network, not in use now;" in other


@pytest.fixture
def report(site: Workbench, runner: HeldRunner, film: Path, tmp_path: Path) -> Path:
    """Signed on a run in INT8; then the site goes back to the full network."""
    int8(site)
    opened(site, runner, film)
    shown = site.session.shown
    assert shown is not None
    confirm(site, shown.case.proposed[0])
    attest_no_further_finding(site, True)
    signed = sign_study(site, shown.study, prove(site.accounts))
    export(site, shown.study, signed, ExportChoice(tmp_path / "out", ("json",)))
    (written,) = (tmp_path / "out").glob("*.json")
    return written


@pytest.fixture
def no_shipped_models(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")


@pytest.mark.usefixtures("no_shipped_models")
def test_verifying_runs_the_same_network_again(
    report: Path, film: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_verify(report, [film], rerun=True) == 0
    said = capsys.readouterr().out
    assert f"model Heart size of a phantom {INT8}: weights and manifest are those that ran" in said
    assert "run again on CPU, equal within 0.01" in said


@pytest.mark.usefixtures("no_shipped_models")
def test_verifying_names_a_changed_byte_of_the_network_that_ran(
    report: Path, film: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content = bytearray((folder / NETWORK).read_bytes())
    content[-1] ^= 1
    (folder / NETWORK).write_bytes(content)
    assert run_verify(report, [film], rerun=False) == 1
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith("DIFFERS")]
    assert f"model Heart size of a phantom {INT8}" in line
    assert NETWORK in line and "SHA-256" in line


def test_monitoring_counts_the_two_networks_apart(
    site: Workbench, runner: HeldRunner, report: Path, two_patients: Path
) -> None:
    site.settings.change(inference=Inference(precision=Precision.FULL))
    open_paths(site, [two_patients / "john.dcm"])
    john = site.session.index.studies[-1]
    show_display_set(site, john, john.display_sets[0])
    runner.let_go()
    shown = site.session.shown
    assert shown is not None and shown.study.patient.name.startswith("ROE")
    confirm(site, shown.case.proposed[0])
    attest_no_further_finding(site, True)
    sign_study(site, shown.study, prove(site.accounts))
    told = observed([report for _case, report in site.cases.last_reports_by_case()])
    counted = {one.subject.model.version: one.subject.model.sha256 for one in told.statements}
    assert counted.keys() == {FULL, INT8}
    assert len(set(counted.values())) == len(counted)
