"""The demo study: real images of the packages pydicom and pydicom-data, found without any download."""

from pathlib import Path

from pydicom.data import get_testdata_file

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.base.paths import resource

DEMO_FILES = ("RG1_J2KI.dcm", "693_J2KR.dcm")
"""A PA chest radiograph with lung masses (CR, JPEG 2000), and a CT image."""


def demo_paths() -> tuple[Path, ...]:
    """The files of the demo; raises FileProblem where they are not installed."""
    paths = tuple(path for name in DEMO_FILES if (path := _find(name)) is not None)
    if not paths:
        raise FileProblem(
            _("The demo images are not installed. Install the Python package pydicom-data.")
        )
    return paths


def _find(name: str) -> Path | None:
    bundled = resource("demo", name)
    if bundled.is_file():
        return bundled
    found = get_testdata_file(name, download=False)
    return Path(str(found)) if found else None
