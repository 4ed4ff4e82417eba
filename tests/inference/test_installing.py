"""Installing a package, folder or zip: what passes every check gets there, anything else leaves nothing behind."""

import zipfile
from pathlib import Path

import pytest
from model_packages import build_package

from viewer.base.errors import ModelError
from viewer.inference.installing import install, is_package, problems_of
from viewer.inference.model_store import ModelStore, check_package

INSTALLED = "org.secondread.phantom_reader-1.0.0"


@pytest.fixture
def package(tmp_path: Path) -> Path:
    return build_package(tmp_path / "given" / "phantom")


def _zipped(package: Path, path: Path, folder: str = "phantom/") -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for file in sorted(one for one in package.rglob("*") if one.is_file()):
            archive.write(file, folder + file.relative_to(package).as_posix())
    return path


def _left(models: Path) -> list[str]:
    return [one.name for one in models.iterdir()] if models.exists() else []


@pytest.mark.parametrize("folder", ["phantom/", ""])
def test_a_zip_becomes_a_package_that_is_ready(package: Path, tmp_path: Path, folder: str) -> None:
    source = _zipped(package, tmp_path / "phantom.zip", folder)
    made = install(source, tmp_path / "models")
    assert made.name == INSTALLED and check_package(made) == ()
    assert [one.folder for one in ModelStore([tmp_path / "models"]).packages] == [made]
    assert _left(tmp_path / "models") == [INSTALLED]


def test_a_folder_or_its_manifest_is_copied_without_what_the_manifest_does_not_list(
    package: Path, tmp_path: Path
) -> None:
    (package / "notes of a patient.txt").write_text("private")
    for number, source in enumerate((package, package / "manifest.json")):
        made = install(source, tmp_path / str(number))
        assert check_package(made) == () and not (made / "notes of a patient.txt").exists()


def test_the_same_version_is_not_installed_twice(package: Path, tmp_path: Path) -> None:
    install(package, tmp_path / "models")
    with pytest.raises(ModelError, match="installed already"):
        install(package, tmp_path / "models")


def test_a_package_that_fails_a_check_leaves_nothing_behind(package: Path, tmp_path: Path) -> None:
    (package / "model.onnx").write_bytes(b"other")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        install(_zipped(package, tmp_path / "phantom.zip"), tmp_path / "models")
    assert _left(tmp_path / "models") == []


@pytest.mark.parametrize(
    "name", ["../outside.txt", "phantom/../../outside.txt", "/outside.txt", "..\\outside.txt"]
)
def test_a_member_that_leads_outside_is_refused_and_written_nowhere(
    package: Path, tmp_path: Path, name: str
) -> None:
    source = _zipped(package, tmp_path / "phantom.zip")
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr(name, "gotcha")
    with pytest.raises(ModelError, match="outside of the package"):
        install(source, tmp_path / "models")
    assert _left(tmp_path / "models") == [] and not list(tmp_path.rglob("*outside.txt"))
    assert "outside of the package" in problems_of(source)[0]


def test_a_link_in_a_zip_is_refused(package: Path, tmp_path: Path) -> None:
    source = _zipped(package, tmp_path / "phantom.zip")
    link = zipfile.ZipInfo("phantom/link")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr(link, "/etc/passwd")
    with pytest.raises(ModelError, match="it is a link"):
        install(source, tmp_path / "models")


def test_what_a_mac_adds_to_a_zip_is_left_out(package: Path, tmp_path: Path) -> None:
    source = _zipped(package, tmp_path / "phantom.zip")
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr("__MACOSX/phantom/._manifest.json", "x")
        archive.writestr("phantom/.DS_Store", "x")
    assert problems_of(source) == ()


def test_a_zip_without_a_package_or_with_two_is_refused(package: Path, tmp_path: Path) -> None:
    empty = tmp_path / "images.zip"
    with zipfile.ZipFile(empty, "w") as archive:
        archive.writestr("a.png", "x")
    both = _zipped(package, tmp_path / "both.zip", "one/")
    with zipfile.ZipFile(both, "a") as archive:
        archive.write(package / "manifest.json", "two/manifest.json")
    for source, found in ((empty, "holds 0"), (both, "holds 2")):
        with pytest.raises(ModelError, match=found):
            install(source, tmp_path / "models")


def test_a_damaged_zip_is_told_in_a_sentence(package: Path, tmp_path: Path) -> None:
    source = _zipped(package, tmp_path / "phantom.zip")
    content = bytearray(source.read_bytes())
    content[len(content) // 2] ^= 1
    source.write_bytes(content)
    assert is_package(source)
    with pytest.raises(ModelError, match="damaged"):
        install(source, tmp_path / "models")


def test_a_zip_among_the_models_is_named_as_still_packed(package: Path, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    _zipped(package, tmp_path / "models" / "phantom.zip")
    (aside,) = ModelStore([tmp_path / "models"]).quarantined
    assert "still packed" in aside.reason and "Import a model" in aside.reason


def test_a_bare_network_or_an_empty_folder_is_told_apart_from_a_broken_package(
    package: Path, tmp_path: Path
) -> None:
    assert "secondread models import" in problems_of(package / "model.onnx")[0]
    assert "it is not there" in problems_of(tmp_path)[0]
