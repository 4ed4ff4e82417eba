"""Exporter: what every export format is; the registry finds them in viewer/export/formats."""

from functools import cache
from pathlib import Path
from typing import Protocol, runtime_checkable

from viewer.base.registry import discover
from viewer.export import formats
from viewer.export.evidence import Evidence
from viewer.review.report import SignedReport


@runtime_checkable
class Exporter(Protocol):
    """One format. key: unique, for settings and logs; title: for the reader; suffix: of its files.

    whole: whether a file states the whole report with every verdict and the signer; else it is a part
    that belongs with one (key images, heat maps, marks).
    """

    @property
    def key(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def suffix(self) -> str: ...

    @property
    def whole(self) -> bool: ...

    def write(
        self, report: SignedReport, evidence: Evidence, destination: Path
    ) -> tuple[Path, ...]:
        """Write the report into the folder `destination` and return the files written.

        Each file appears whole or not at all. Raises ExportError, in words for the physician.
        """
        ...


@cache
def exporters() -> dict[str, Exporter]:
    """All formats by key."""
    return discover(formats, Exporter)  # type: ignore[type-abstract]
