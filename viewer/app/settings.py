"""Settings: one frozen section a topic, one file, one schema version; changed through the holder alone."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import cattrs

from viewer.base.errors import SettingsError
from viewer.base.events import Event
from viewer.base.i18n import _
from viewer.dicom.network.node import Node
from viewer.dicom.network.routing import Listener
from viewer.inference.precision import Precision
from viewer.review.reading import ReadingMode

SCHEMA_VERSION = 1
SETTINGS_NAME = "settings.json"


@dataclass(frozen=True)
class Reading:
    """reader: printed name of the physician, offered at signing. mode: ai_first or read_first, by the site."""

    reader: str = ""
    mode: ReadingMode = ReadingMode.AI_FIRST


@dataclass(frozen=True)
class Inference:
    """automatic: run the applicable models when a study opens. device: auto, cpu or cuda.

    stability: after a result, run again on variants of the image and say how far the score moves.
    operating_point: name of the threshold asked of every model that has one of that name. precision: of
    every model that offers a choice.
    """

    automatic: bool = True
    device: str = "auto"
    stability: bool = True
    operating_point: str = "second_read"
    precision: Precision = Precision.FULL


@dataclass(frozen=True)
class Display:
    """opacity: of the AI overlay, 0 to 1. colour_map: inferno or cividis. cache_mb: of decoded frames."""

    opacity: float = 0.3
    colour_map: str = "inferno"
    cache_mb: int = 1500
    language: str = "en"


@dataclass(frozen=True)
class Export:
    """folder: the last one chosen. formats: keys of the exporters ticked last. media: with a DICOMDIR."""

    folder: str = ""
    formats: tuple[str, ...] = ("pdf", "dicom_sr")
    media: bool = False


@dataclass(frozen=True)
class Pictures:
    """folder: where pictures were saved last. format: suffix of the last one. Patient text is never kept on."""

    folder: str = ""
    format: str = "png"


@dataclass(frozen=True)
class Site:
    """What the site decides, by an administrator's password.

    require_login: ask for user and password at the start. lock_minutes: without a key or the mouse until
    the screen locks, 0 for never. database_url: of PostgreSQL, "" for the file of this machine.
    require_acceptance: no model runs before the site has accepted it on its own data.
    """

    require_login: bool = False
    lock_minutes: int = 10
    database_url: str = ""
    require_acceptance: bool = False


@dataclass(frozen=True)
class Monitoring:
    """least_n: cases below which no rate is shown. override_low, override_high: shares beyond which
    overriding is marked."""

    least_n: int = 20
    override_low: float = 0.05
    override_high: float = 0.60


@dataclass(frozen=True)
class Pacs:
    """Other systems. result_node: where results go when a report is signed, "" for nowhere; result_formats:
    keys of the exporters for it. listener: our own receiver and what it takes.
    """

    nodes: tuple[Node, ...] = ()
    result_node: str = ""
    result_formats: tuple[str, ...] = ("dicom_sr",)
    listener: Listener = field(default_factory=Listener)


@dataclass(frozen=True)
class SettingsValues:
    """All sections. shortcuts: the reader's own key by command, "" for none."""

    reading: Reading = field(default_factory=Reading)
    inference: Inference = field(default_factory=Inference)
    display: Display = field(default_factory=Display)
    export: Export = field(default_factory=Export)
    pictures: Pictures = field(default_factory=Pictures)
    site: Site = field(default_factory=Site)
    pacs: Pacs = field(default_factory=Pacs)
    monitoring: Monitoring = field(default_factory=Monitoring)
    shortcuts: dict[str, str] = field(default_factory=dict)


class Settings:
    """Holder of the settings; every change is written to the file before it is announced."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.values = _read(path)
        self.changed: Event[SettingsValues] = Event()
        self.before_change: Callable[[SettingsValues, SettingsValues], None] = _allow
        """Told the old and the new values before a change holds; where it raises, nothing changes."""

    def change(self, **sections: object) -> None:
        """Replace whole sections, e.g. `change(reading=Reading("Dr Li"))`."""
        values = replace(self.values, **sections)  # type: ignore[arg-type]
        self.before_change(self.values, values)
        self.adopt(values)

    def adopt(self, values: SettingsValues) -> None:
        """Take values that were decided elsewhere."""
        self.values = values
        _write(self._path, self.values)
        self.changed.emit(self.values)


def _allow(_before: SettingsValues, _now: SettingsValues) -> None:
    """Nothing speaks against it."""


def _read(path: Path) -> SettingsValues:
    if not path.exists():
        return SettingsValues()
    try:
        stored: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = stored.pop("schema_version")
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise SettingsError(_damaged(path)) from error
    if version != SCHEMA_VERSION:
        raise SettingsError(
            _("The settings file {path} is of another version of SecondRead.").format(path=path)
        )
    try:
        return cattrs.structure(stored, SettingsValues)
    except (cattrs.BaseValidationError, ValueError) as error:
        raise SettingsError(_damaged(path)) from error


def _damaged(path: Path) -> str:
    return _("The settings file {path} cannot be read; correct it or delete it.").format(path=path)


def _write(path: Path, values: SettingsValues) -> None:
    plain = {"schema_version": SCHEMA_VERSION, **cattrs.unstructure(values)}
    part = path.with_suffix(".part")
    part.write_text(json.dumps(plain, indent=2, ensure_ascii=False), encoding="utf-8")
    part.replace(path)
