"""Finds plugins: each module of a plugin package ends with PLUGIN; a gap or a repeated key stops start-up."""

import importlib
import pkgutil
from types import ModuleType
from typing import Protocol, TypeVar


class Plugin(Protocol):
    """What every plugin has: a key, unique in its package."""

    @property
    def key(self) -> str: ...


P = TypeVar("P", bound=Plugin)


class RegistryError(Exception):
    """A plugin package that cannot be trusted: a programming error, not the reader's."""


def plugin_modules(package: ModuleType) -> list[str]:
    """Full names of the modules of `package`, sorted; the installer takes its hidden imports here."""
    return sorted(
        f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__)
    )


def discover(package: ModuleType, kind: type[P]) -> dict[str, P]:
    """Import each module of `package` and collect its PLUGIN by key.

    Raises RegistryError for a module without PLUGIN, one of another kind, or a key used twice.
    """
    plugins: dict[str, P] = {}
    for name in plugin_modules(package):
        plugin = getattr(importlib.import_module(name), "PLUGIN", None)
        if not isinstance(plugin, kind):
            raise RegistryError(f"{name} has no PLUGIN of kind {kind.__name__}")
        if plugin.key in plugins:
            raise RegistryError(f"{name} repeats the key {plugin.key!r}")
        plugins[plugin.key] = plugin
    return plugins
