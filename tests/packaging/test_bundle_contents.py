"""Nothing that the program finds by walking may be missing in the built one."""

import ast
import importlib
from pathlib import Path

import bundle_contents
import pytest

ROOT = Path(bundle_contents.__file__).resolve().parents[1]


def test_the_registries_of_the_program_are_found() -> None:
    found = {package.__name__ for package in bundle_contents.registries()}
    assert {"viewer.app.commands", "viewer.export.formats", "viewer.inference.tasks"} <= found


def test_every_plugin_file_is_a_hidden_import() -> None:
    hidden = set(bundle_contents.hidden_imports())
    for package in bundle_contents.registries():
        folder = Path(str(package.__file__)).parent
        names = {path.stem for path in folder.glob("*.py")} - {"__init__"}
        assert names, f"{package.__name__} holds no plugin"
        assert {f"{package.__name__}.{name}" for name in names} <= hidden


def test_every_codec_that_the_decoder_calls_is_bundled() -> None:
    source = (ROOT / "viewer" / "dicom" / "imagecodecs_plugin.py").read_text(encoding="utf-8")
    called = {
        node.attr
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "imagecodecs"
    }
    modules = [importlib.import_module(f"imagecodecs.{name}") for name in bundle_contents.CODECS]
    assert called
    assert called <= {name for module in modules for name in dir(module)}


def test_every_model_package_and_the_demo_travel_with_the_program() -> None:
    places = bundle_contents.data_files()
    packages = {path.parent.name for path in ROOT.glob("models/*/manifest.json")}
    assert {place for _source, place in places if place.startswith("models/")} == {
        f"models/{name}" for name in packages
    }
    demo = [Path(source).name for source, place in places if place == "resources/demo"]
    assert "RG1_J2KI.dcm" in demo


def test_the_training_recipes_stay_at_home() -> None:
    assert not any("training" in place for _source, place in bundle_contents.data_files())


@pytest.mark.parametrize(
    ("place", "wanted"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so", True),
        ("PySide6\\Qt\\plugins\\platforms\\qwindows.dll", True),
        ("PySide6/Qt/plugins/platforms/libqeglfs.so", False),
        ("PySide6/Qt/plugins/platformthemes/libqgtk3.so", False),
        ("PySide6/Qt/translations/qtbase_de.qm", False),
        ("onnxruntime/capi/libonnxruntime_providers_shared.so", True),
    ],
)
def test_only_the_plugins_of_qt_in_use_are_bundled(place: str, wanted: bool) -> None:
    assert bundle_contents.is_wanted(place) is wanted


@pytest.mark.parametrize(
    ("place", "library"),
    [
        ("libX11.so.6", True),
        ("numpy.libs/libscipy_openblas64_.so", True),
        ("PySide6/Qt/lib/libQt6Gui.so.6", True),
        ("libpython3.11.so.1.0", False),
        ("_CharLS.cpython-311-x86_64-linux-gnu.so", False),
        ("PySide6/Qt/plugins/platforms/libqxcb.so", False),
    ],
)
def test_a_library_is_told_from_what_is_loaded_by_name(place: str, library: bool) -> None:
    assert bundle_contents.is_library(place) is library
