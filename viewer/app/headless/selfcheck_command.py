"""`secondread selfcheck`: is this installation whole? Versions, plugins, models, decoders, providers."""

import platform
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from viewer import __version__
from viewer.app.command import topics
from viewer.app.installed_models import installed_models
from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.base.registry import RegistryError
from viewer.dicom.decoders import decoder_states
from viewer.dicom.source import known_sources
from viewer.export.exporter import exporters
from viewer.inference.model_store import check_package
from viewer.inference.session import (
    CPU_PROVIDER,
    Device,
    available_providers,
    runtime_version,
    usable_providers,
)
from viewer.inference.task import known_tasks
from viewer.measure.tool import known_tools

OK, FAILED = 0, 1

LIBRARIES: Mapping[str, str] = {
    "PySide6": "PySide6-Essentials",
    "pydicom": "pydicom",
    "numpy": "numpy",
    "PIL": "pillow",
    "imagecodecs": "imagecodecs",
    "onnxruntime": "onnxruntime",
    "highdicom": "highdicom",
    "reportlab": "reportlab",
    "sqlalchemy": "sqlalchemy",
    "argon2": "argon2-cffi",
    "psycopg": "psycopg",
    "pynetdicom": "pynetdicom",
    "requests": "requests",
    "pypdfium2": "pypdfium2",
    "cv2": "opencv-python-headless",
    "scipy": "scipy",
}
"""Modules that must be there, and the distribution that holds each one's version."""

NEEDED_SYNTAXES = (
    "1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.1.99",
    "1.2.840.10008.1.2.2",
    "1.2.840.10008.1.2.4.50",
    "1.2.840.10008.1.2.4.51",
    "1.2.840.10008.1.2.4.57",
    "1.2.840.10008.1.2.4.70",
    "1.2.840.10008.1.2.4.80",
    "1.2.840.10008.1.2.4.81",
    "1.2.840.10008.1.2.4.90",
    "1.2.840.10008.1.2.4.91",
    "1.2.840.10008.1.2.4.201",
    "1.2.840.10008.1.2.4.202",
    "1.2.840.10008.1.2.4.203",
    "1.2.840.10008.1.2.5",
)
"""Transfer syntaxes that the program promises to decode (PS3.5 A); others are only named."""

NEEDED_RESOURCES = ("schemas", "codes", "fonts")


@dataclass(frozen=True)
class Checked:
    """One line: what was looked at, what was found, and whether it is as it should be."""

    topic: str
    found: str
    fine: bool = True


def run_selfcheck() -> int:
    """Print a line for everything looked at; 0 only if all is fine."""
    lines = [line for check in _CHECKS for line in check()]
    for line in lines:
        mark = "ok  " if line.fine else "FAIL"
        sys.stdout.write(f"{mark} {line.topic}: {line.found}\n")
    broken = sum(not line.fine for line in lines)
    verdict = _("all is fine") if not broken else _("{n} not as it should be").format(n=broken)
    sys.stdout.write(f"SecondRead {__version__}: {verdict}. {_('Research use only.')}\n")
    return FAILED if broken else OK


def _versions() -> Iterator[Checked]:
    yield Checked("SecondRead", __version__)
    yield Checked("Python", f"{platform.python_version()}, {platform.platform()}")
    for module, distribution in LIBRARIES.items():
        found = find_spec(module) is not None
        yield Checked(module, _version(distribution) if found else _("missing"), found)


def _version(distribution: str) -> str:
    try:
        return version(distribution)
    except PackageNotFoundError:
        return _("present, version not recorded")


def _resources() -> Iterator[Checked]:
    for name in NEEDED_RESOURCES:
        folder = resource(name)
        files = len(list(folder.iterdir())) if folder.is_dir() else 0
        yield Checked(f"resources/{name}", _("{n} files").format(n=files), files > 0)


def _plugins() -> Iterator[Checked]:
    yield from _registry(_("kinds of place to open"), known_sources)
    yield from _registry(_("measuring tools"), known_tools)
    yield from _registry(_("kinds of AI task"), known_tasks)
    yield from _registry(_("export formats"), exporters)
    yield from _registry(_("command topics"), topics)


def _registry(topic: str, registry: Callable[[], Mapping[str, object]]) -> Iterator[Checked]:
    try:
        keys = sorted(registry())
    except (RegistryError, ImportError) as error:
        yield Checked(topic, str(error), fine=False)
    else:
        yield Checked(topic, ", ".join(keys), bool(keys))


def _models() -> Iterator[Checked]:
    store = installed_models()
    for package in store.packages:
        name = f"{package.algorithm.model_id} {package.algorithm.version}"
        problems = check_package(package.folder)
        ready = _("ready; files, graph and golden tests checked")
        yield Checked(name, "; ".join(problems) or ready, not problems)
    for broken in store.quarantined:
        yield Checked(broken.folder.name, broken.reason, fine=False)
    if not store.packages:
        yield Checked(_("models"), _("no model is installed"), fine=False)


def _decoders() -> Iterator[Checked]:
    for state in decoder_states():
        found = ", ".join(state.plugins) or (_("built in") if state.native else _("no decoder"))
        yield Checked(state.name, found, state.can_decode or state.uid not in NEEDED_SYNTAXES)
    for uid in sorted(set(NEEDED_SYNTAXES) - {state.uid for state in decoder_states()}):
        yield Checked(uid, _("unknown to this pydicom"), fine=False)


def _providers() -> Iterator[Checked]:
    available = available_providers()
    yield Checked("onnxruntime", runtime_version())
    yield Checked(_("execution providers"), ", ".join(available), CPU_PROVIDER in available)
    yield Checked(_("used for AI"), ", ".join(usable_providers(Device.AUTO)))


_CHECKS: tuple[Callable[[], Iterator[Checked]], ...] = (
    _versions,
    _resources,
    _plugins,
    _models,
    _decoders,
    _providers,
)
