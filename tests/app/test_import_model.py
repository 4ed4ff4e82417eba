"""AI ▸ Import a model…: a bare network becomes a model of the reader's own, ready at once."""

import json
import zipfile
from pathlib import Path

import pytest
from bare_classifiers import answers as given
from bare_classifiers import torch_like
from model_packages import build_package

from viewer.app.bare_model import bare_model
from viewer.app.commands.ai import import_bare_model
from viewer.app.import_model import is_model
from viewer.app.workbench import Workbench
from viewer.base.errors import ModelError
from viewer.base.paths import data_folder
from viewer.review.audit import AuditKind
from viewer.store.audit_log import AuditFilter


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "lungs.onnx"
    path.write_bytes(torch_like().SerializeToString())
    return path


def _names(bench: Workbench) -> list[str]:
    return [package.manifest.name for package in bench.models.packages]


def test_an_imported_model_is_ready_without_a_new_start(bench: Workbench, file: Path) -> None:
    bench.dialogs.files, bench.dialogs.imported = (file,), given()
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    import_bare_model(bench)
    assert "Borrowed lungs" in _names(bench)
    assert "not measured here" in said[-1]
    assert (data_folder() / "models" / "borrowed_lungs" / "manifest.json").is_file()
    (record,) = bench.log.records(AuditFilter(kind=AuditKind.MODEL_CHANGE.value))
    (made,) = [one for one in bench.models.packages if one.manifest.name == "Borrowed lungs"]
    assert record.detail["model"] == f"{made.manifest.model_id} {made.manifest.version}"
    assert (record.detail["model_sha256"], record.detail["state"]) == (
        made.algorithm.sha256,
        "installed",
    )


def test_turning_back_from_the_form_imports_nothing(bench: Workbench, file: Path) -> None:
    bench.dialogs.files = (file,)
    import_bare_model(bench)
    assert len(_names(bench)) == 1


def test_what_is_no_network_is_told_before_anything_is_asked(
    bench: Workbench, tmp_path: Path
) -> None:
    (tmp_path / "note.onnx").write_text("hello")
    bench.dialogs.files = (tmp_path / "note.onnx",)
    with pytest.raises(ModelError, match="no ONNX network"):
        import_bare_model(bench)
    assert not hasattr(bench.dialogs, "asked_import")


def test_a_metadata_file_beside_the_network_is_read(file: Path) -> None:
    file.with_name("metadata.json").write_text(json.dumps({"name": "Lungs of MONAI"}))
    assert bare_model(file).known == {"name": "Lungs of MONAI"}


def test_a_bundle_keeps_its_metadata_in_configs(tmp_path: Path) -> None:
    for folder in ("models", "configs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "models" / "model.onnx").write_bytes(torch_like().SerializeToString())
    (tmp_path / "configs" / "metadata.json").write_text(json.dumps({"authors": "A hospital"}))
    known = bare_model(tmp_path / "models" / "model.onnx").known
    assert known == {"name": "model", "vendor": "A hospital"}


def _package(tmp_path: Path) -> Path:
    def renamed(manifest: dict) -> None:
        manifest["model_id"], manifest["name"] = "org.hospital.own", "Hearts of a hospital"

    return build_package(tmp_path / "own", renamed)


def test_a_package_is_installed_and_ready_without_a_new_start(
    bench: Workbench, tmp_path: Path
) -> None:
    bench.dialogs.files = (_package(tmp_path) / "manifest.json",)
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    import_bare_model(bench)
    assert "Hearts of a hospital" in _names(bench)
    assert said[-1].startswith("Hearts of a hospital 1.0.0 is checked and installed")


def test_a_package_that_fails_its_check_is_not_installed_and_says_why(
    bench: Workbench, tmp_path: Path
) -> None:
    folder = _package(tmp_path)
    (folder / "LICENSE").unlink()
    bench.dialogs.files = (folder / "manifest.json",)
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    import_bare_model(bench)
    assert "Hearts of a hospital" not in _names(bench)
    assert "LICENSE: it is missing" in said[-1]


def test_what_is_dropped_is_known_as_a_model_or_as_images(tmp_path: Path, file: Path) -> None:
    folder = _package(tmp_path)
    packed, images = tmp_path / "own.zip", tmp_path / "images.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(folder / "manifest.json", "own/manifest.json")
    with zipfile.ZipFile(images, "w") as archive:
        archive.writestr("a.dcm", "x")
    assert all(is_model(one) for one in (folder, folder / "manifest.json", packed, file))
    assert not any(is_model(one) for one in (images, tmp_path, tmp_path / "none.dcm"))


def test_the_panel_is_told_of_a_model_that_was_just_installed(
    bench: Workbench, tmp_path: Path
) -> None:
    bench.dialogs.files = (_package(tmp_path),)
    seen: list[list[str]] = []
    bench.session.events.runs.subscribe(lambda _event: seen.append(_names(bench)))
    import_bare_model(bench)
    assert "Hearts of a hospital" in seen[-1]
