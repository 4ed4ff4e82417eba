"""`secondread models accept`: the same sealed record as in the window, signed by an administrator, or nothing."""

import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from labelled_phantoms import write_labels
from model_packages import build_package
from phantom_dicom import write_film
from pypdf import PdfReader
from readers import PASSWORD

from viewer.app.headless.accept_command import Accepting, run_models_accept, run_models_report
from viewer.app.headless.analyze_command import run_analyze
from viewer.app.headless.audit_command import run_audit_verify
from viewer.app.headless.evaluate_command import run_models_evaluate
from viewer.base.errors import LoginError, ModelError, StoreError, WorkflowError
from viewer.base.paths import data_folder
from viewer.inference.model_package import read_package
from viewer.review.audit import Actor
from viewer.review.site_model import ModelState, SiteModel, model_key
from viewer.store.audit_log import Anchor, AuditLog
from viewer.store.database import DATABASE_NAME, anchor_path, open_database
from viewer.store.site_models import SiteModelStore
from viewer.store.users import Role, UserStore

KEY = "enlarged_cardiac_silhouette"
HEARTS = ((0.38, 0.86), (0.30, 0.86), (0.42, 0.66), (0.44, 0.64))

Type = Callable[[str], None]


@pytest.fixture
def package(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")
    return build_package(own_home / "models" / "phantom_reader")


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write_labels(tmp_path, HEARTS[:2], HEARTS[2:])


def opened() -> AuditLog:
    place = data_folder() / DATABASE_NAME
    return AuditLog(open_database(place), Anchor(anchor_path(place, data_folder())), Actor)


@pytest.fixture
def accounts() -> AuditLog:
    """The database of a site with an administrator and a reader."""
    log = opened()
    UserStore(log).create("li", "Dr Li", PASSWORD, Role.ADMINISTRATOR)
    UserStore(log).create("roe", "Dr Roe", PASSWORD, Role.READER)
    return log


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Type:
    return lambda text: monkeypatch.setattr("sys.stdin", io.StringIO(text))


def asked(package: Path, labels: Path, **changes: object) -> Accepting:
    values = {"reason": "Misses must be rare.", "thresholds": (), "report": None, **changes}
    return Accepting(package, labels, device="cpu", database="", **values)  # type: ignore[arg-type]


def decision(log: AuditLog, package: Path) -> SiteModel | None:
    return SiteModelStore(log).decided().get(model_key(read_package(package).algorithm))


def lowest(package: Path, labels: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The first threshold that is shown, as it is to be typed."""
    run_models_accept(asked(package, labels, reason=""))
    lines = capsys.readouterr().out.splitlines()
    return next(line[2:].split(":")[0] for line in lines if line[2:].startswith(f"{KEY}="))


def test_it_seals_the_report_the_window_would_and_switches_the_model_on(
    package: Path,
    labels: Path,
    accounts: AuditLog,
    typed: Type,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = lowest(package, labels, capsys)
    typed(f"li\n{PASSWORD}\n")
    assert run_models_accept(asked(package, labels, thresholds=(chosen,))) == 0
    made = decision(accounts, package)
    assert made is not None
    assert (made.state, made.by, made.user) == (ModelState.ON, "Dr Li", "li")
    assert f"{KEY}={made.thresholds[KEY]:g}" == chosen
    report = SiteModelStore(accounts).acceptance(made.acceptance_sha256)
    assert report is not None
    assert (report.signed_by, report.user, report.reason) == ("Dr Li", "li", "Misses must be rare.")
    assert json.loads(report.figures)["measured"] == 4
    record = next(one for one in accounts.records() if one.kind == "model_change")
    assert (record.user, record.detail["acceptance_sha256"]) == ("li", report.sha256)
    assert run_audit_verify("") == 0
    assert PASSWORD not in capsys.readouterr().out


def test_without_a_reason_figures_and_thresholds_are_shown_and_nothing_is_asked_or_accepted(
    package: Path, labels: Path, accounts: AuditLog, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_models_accept(asked(package, labels, reason="")) == 0
    said = capsys.readouterr().out
    assert "4 of 4 images measured" in said and "AUROC 1.0" in said
    assert f"* {KEY}=0.5: sensitivity 100% (34%-100%, n 2)" in said
    assert "Nothing was accepted" in said
    assert decision(accounts, package) is None


@pytest.mark.parametrize(
    ("given", "refusal", "kind"),
    [
        ("li\nwrong horse\n", "wrong", "login_failure"),
        (f"roe\n{PASSWORD}\n", "not an administrator", "refusal"),
        ("li\n", "two lines", None),
    ],
)
def test_who_is_no_administrator_accepts_nothing_and_the_try_is_recorded(
    package: Path,
    labels: Path,
    accounts: AuditLog,
    typed: Type,
    given: str,
    refusal: str,
    kind: str | None,
) -> None:
    typed(given)
    with pytest.raises(LoginError, match=refusal):
        run_models_accept(asked(package, labels))
    assert decision(accounts, package) is None
    last = list(accounts.records())[-1]
    assert kind is None or (last.kind == kind and last.user.endswith("(shell)"))


def test_a_threshold_nobody_measured_is_refused_with_those_there_are(
    package: Path, labels: Path, accounts: AuditLog
) -> None:
    with pytest.raises(WorkflowError, match=rf"0\.123 is no threshold.*{KEY}=0\.5"):
        run_models_accept(asked(package, labels, thresholds=(f"{KEY}=0.123",)))


def test_a_site_without_accounts_or_database_is_told_what_to_do(
    package: Path, labels: Path
) -> None:
    with pytest.raises(StoreError, match="no case database"):
        run_models_accept(asked(package, labels))
    opened()
    with pytest.raises(LoginError, match="no account yet"):
        run_models_accept(asked(package, labels))


def test_the_report_is_a_pdf_with_who_when_intervals_hashes_and_the_threshold_in_use(
    package: Path, labels: Path, accounts: AuditLog, typed: Type, tmp_path: Path
) -> None:
    typed(f"li\n{PASSWORD}\n")
    run_models_accept(asked(package, labels, report=tmp_path / "acceptance.pdf"))
    made = decision(accounts, package)
    assert made is not None
    document = PdfReader(tmp_path / "acceptance.pdf")
    said = " ".join(" ".join(page.extract_text().split()) for page in document.pages)
    algorithm = read_package(package).algorithm
    for words in (
        f"{algorithm.name} {algorithm.version}",
        algorithm.sha256,
        algorithm.manifest_sha256,
        "4 of 4 images, of 4 patients",
        "1.000 (1.000 to 1.000, n 4)",
        "Enlarged cardiac silhouette",
        "100.0% (34.2% to 100.0%, n 2)",
        "taken into use",
        "Misses must be rare.",
        "Signed by Dr Li (account li)",
        "(UTC",
        made.acceptance_sha256,
        "FOR RESEARCH USE ONLY",
        "Page 1 of",
    ):
        assert words in said, words
    last = list(accounts.records())[-1]
    assert (last.kind, last.detail["format"], last.user) == ("export", ".pdf", "li")


def test_a_report_is_written_later_too_and_only_where_there_is_one(
    package: Path, labels: Path, accounts: AuditLog, typed: Type, tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="no acceptance report"):
        run_models_report(package, tmp_path / "none.pdf", "")
    typed(f"li\n{PASSWORD}\n")
    run_models_accept(asked(package, labels))
    assert run_models_report(package, tmp_path / "report.json", "") == 0
    made = decision(accounts, package)
    assert made is not None
    assert json.loads((tmp_path / "report.json").read_text())["sha256"] == made.acceptance_sha256


def test_analyze_and_evaluate_work_at_the_accepted_threshold_and_as_shipped_on_request(
    package: Path,
    labels: Path,
    accounts: AuditLog,
    typed: Type,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    chosen = lowest(package, labels, capsys)
    limit = float(chosen.partition("=")[2])
    typed(f"li\n{PASSWORD}\n")
    run_models_accept(asked(package, labels, thresholds=(chosen,)))
    write_film(tmp_path / "film.dcm")
    out = tmp_path / "out.json"
    for as_shipped, threshold, name in ((False, limit, "site"), (True, 0.5, "second_read")):
        run_analyze([tmp_path / "film.dcm"], out, as_shipped=as_shipped)
        (run,) = json.loads(out.read_text())["studies"][0]["display_sets"][0]["models"]
        point = run["operating_point"]
        assert (point["name"], point["threshold"]) == (name, pytest.approx(threshold, abs=1e-3))
        run_models_evaluate(package, labels, out, "cpu", as_shipped)
        figures = json.loads(out.read_text())["findings"][KEY]
        assert figures["operating_point"] == name
        assert figures["threshold"] == pytest.approx(threshold, abs=1e-3)
    said = capsys.readouterr()
    assert "chosen by this site" in said.err and "chosen by this site" in said.out


def test_a_model_the_site_switched_off_does_not_run_headless_either(
    package: Path, accounts: AuditLog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    algorithm = read_package(package).algorithm
    when = next(iter(accounts.records())).at
    SiteModelStore(accounts).record(SiteModel(algorithm, ModelState.OFF, "Dr Li", "li", when, "no"))
    write_film(tmp_path / "film.dcm")
    out = tmp_path / "out.json"
    assert run_analyze([tmp_path / "film.dcm"], out) == 0
    (shown,) = json.loads(out.read_text())["studies"][0]["display_sets"]
    assert shown["models"] == []
    assert shown["no_model_applies"] == "AI not run: this site has switched no model on."
    assert "does not run: off at this site" in capsys.readouterr().err


def test_the_command_line_takes_no_password() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "viewer", "models", "accept", "--help"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "--labels" in done.stdout and "--password" not in done.stdout
