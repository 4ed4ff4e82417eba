"""Commands without a window run the site's precision, or the one asked for, and record which."""

import io
import json
from pathlib import Path

import pytest
from labelled_phantoms import write_labels
from model_packages import build_package, described
from phantom_dicom import write_film
from readers import PASSWORD
from variant_packages import NETWORK, build_with_int8

from viewer.app.headless.accept_command import Accepting, run_models_accept, run_models_report
from viewer.app.headless.analyze_command import run_analyze
from viewer.app.headless.evaluate_command import run_models_evaluate
from viewer.app.settings import SETTINGS_NAME, Inference, Settings
from viewer.base.errors import ModelError
from viewer.base.paths import data_folder, settings_folder
from viewer.inference.model_store import load_package
from viewer.inference.precision import Precision, every_precision
from viewer.review.audit import Actor
from viewer.review.site_model import model_key
from viewer.store.audit_log import Anchor, AuditLog
from viewer.store.database import DATABASE_NAME, anchor_path, open_database
from viewer.store.site_models import SiteModelStore
from viewer.store.users import Role, UserStore


@pytest.fixture
def package(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")
    return build_with_int8(own_home / "models" / "phantom_reader")


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    return write_labels(tmp_path)


def choose_int8() -> None:
    settings = Settings(settings_folder() / SETTINGS_NAME)
    settings.change(inference=Inference(precision=Precision.INT8))


def measured(package: Path, labels: Path, **asked: object) -> str:
    """SHA-256 of the network that was measured."""
    out = package.parent / "figures.json"
    assert run_models_evaluate(package, labels, out, "cpu", **asked) == 0  # type: ignore[arg-type]
    return str(json.loads(out.read_text())["sha256"])


def sha256(package: Path, name: str) -> object:
    return described(package, name)["sha256"]


def test_evaluate_measures_what_runs_here_or_what_is_asked(package: Path, labels: Path) -> None:
    full, int8 = sha256(package, "model.onnx"), sha256(package, NETWORK)
    assert measured(package, labels) == full
    assert measured(package, labels, precision="int8") == int8
    choose_int8()
    assert measured(package, labels) == int8
    assert measured(package, labels, precision="full") == full
    assert measured(package, labels, as_shipped=True) == full


def test_int8_asked_of_a_package_without_it_is_refused(tmp_path: Path, labels: Path) -> None:
    plain = build_package(tmp_path / "plain")
    with pytest.raises(ModelError, match="offers no INT8 network"):
        measured(plain, labels, precision="int8")


@pytest.mark.parametrize(("as_shipped", "name"), [(False, NETWORK), (True, "model.onnx")])
def test_analyze_runs_the_sites_precision_and_as_shipped_the_full_one(
    package: Path, tmp_path: Path, as_shipped: bool, name: str
) -> None:
    choose_int8()
    film, out = tmp_path / "film.dcm", tmp_path / "out.json"
    write_film(film)
    assert run_analyze([film], out, device="cpu", as_shipped=as_shipped) == 0
    written = json.loads(out.read_text())
    (shown,) = written["studies"][0]["display_sets"]
    assert [run["sha256"] for run in shown["models"]] == [sha256(package, name)]
    assert [one["sha256"] for one in written["models"]] == [sha256(package, name)]


def test_the_int8_network_is_accepted_by_itself_before_it_is_chosen(
    package: Path, labels: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = data_folder() / DATABASE_NAME
    log = AuditLog(open_database(place), Anchor(anchor_path(place, data_folder())), Actor)
    UserStore(log).create("li", "Dr Li", PASSWORD, Role.ADMINISTRATOR)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"li\n{PASSWORD}\n"))
    asked = Accepting(package, labels, "as good", (), None, "cpu", "", "int8")
    assert run_models_accept(asked) == 0
    full, int8 = (model_key(one.algorithm) for one in every_precision(load_package(package)))
    decided = SiteModelStore(log).decided()
    assert full not in decided and decided[int8].acceptance_sha256
    out = tmp_path / "report.json"
    run_models_report(package, out, "", "int8")
    assert json.loads(out.read_text())["algorithm"]["sha256"] == sha256(package, NETWORK)
