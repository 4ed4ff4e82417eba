"""The registry: a plugin that is not one stops the start."""

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from viewer.base.registry import RegistryError, discover

MODULE = "class P:\n    key = {key!r}\nPLUGIN = P()\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    folder = tmp_path / "some_plugins"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    import some_plugins  # type: ignore[import-not-found]  # noqa: PLC0415

    yield some_plugins
    for name in [name for name in sys.modules if name.startswith("some_plugins")]:
        del sys.modules[name]


def add(package: ModuleType, name: str, text: str) -> None:
    (Path(package.__path__[0]) / f"{name}.py").write_text(text)


def test_each_module_of_the_package_is_found_by_its_key(package: ModuleType) -> None:
    add(package, "one", MODULE.format(key="first"))
    add(package, "two", MODULE.format(key="second"))
    assert list(discover(package, object)) == ["first", "second"]  # type: ignore[type-var]


def test_a_module_without_plugin_stops_the_start(package: ModuleType) -> None:
    add(package, "one", "")
    with pytest.raises(RegistryError, match="no PLUGIN"):
        discover(package, str)  # type: ignore[type-var]


def test_a_repeated_key_stops_the_start(package: ModuleType) -> None:
    add(package, "one", MODULE.format(key="same"))
    add(package, "two", MODULE.format(key="same"))
    with pytest.raises(RegistryError, match="repeats the key 'same'"):
        discover(package, object)  # type: ignore[type-var]
