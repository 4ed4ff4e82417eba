"""Third-party notices of a built program: whose files it ships, under which licence; refuses the GPL."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LICENCE_TEXTS = ROOT / "packaging" / "licences"
TABLE_NAME = "THIRD_PARTY.md"
OWN_NAME = "secondread"
SHORT = 90
"""Characters of a licence statement that the table shows; some packages put the whole text there."""

REFUSED_PACKAGES = frozenset({"pylibjpeg-libjpeg", "libreadline8", "libgdbm6", "libgdbm-compat4"})
"""Under the GPL, and not always saying so in a form that can be read."""

_FREED = re.compile(r"lgpl|lesser|exception", re.IGNORECASE)
_GPL = re.compile(r"gpl|gnu general public", re.IGNORECASE)

INTRODUCTION = """# Third-party software in SecondRead

Written by packaging/notices.py from the files of this build. The licence texts lie beside this table.

- Qt and Qt for Python (PySide6, shiboken6) are used under the LGPL 3, unmodified and linked dynamically:
  each library is a file of its own that you may replace by another build. Source: https://code.qt.io.
- The start program comes from PyInstaller, whose licence (GPL 2) has an exception for programs built with it.
- The demo images come from pydicom and pydicom-data (MIT). Icons: Lucide (ISC). Fonts: DejaVu.

| component | version | licence |
|---|---|---|
"""


@dataclass(frozen=True)
class Component:
    """Something shipped: its name, version, licence in words, and the files that hold its licence."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...]


def is_refused(component: Component) -> bool:
    """Whether it can be had under the GPL alone, which would bind the whole program."""
    offers = re.split(r"\bOR\b", component.licence)
    bound = all(_GPL.search(offer) and not _FREED.search(offer) for offer in offers)
    return bound or component.name.lower() in REFUSED_PACKAGES


def components_of(shipped: Iterable[Path]) -> list[Component]:
    """The Python distributions, Python itself and the system packages that own these files."""
    files = {
        path.resolve() for path in shipped if not path.resolve().is_relative_to(ROOT / "viewer")
    }
    found = []
    for distribution in distributions():
        own = {
            Path(str(distribution.locate_file(file))).resolve() for file in distribution.files or ()
        }
        if own & files and distribution.metadata["Name"] != OWN_NAME:
            found.append(_python_component(distribution))
            files -= own
    return sorted(
        [*found, _python_itself(), *_system_components(files)], key=lambda part: part.name.lower()
    )


def licence_of(distribution: Distribution) -> str:
    """The licence that a distribution states: SPDX expression, short field, or classifiers."""
    data = distribution.metadata
    for stated in (*data.get_all("License-Expression", []), *data.get_all("License", [])):
        if stated.strip():
            return str(stated).strip().split("\n")[0][:SHORT]
    lines = [line for line in data.get_all("Classifier", []) if "License" in line]
    return "; ".join(line.rsplit("::", 1)[1].strip() for line in lines) or "see its licence text"


def write(components: Iterable[Component], folder: Path) -> None:
    """The table, and each component's licence texts in a folder of its own."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [f"| {part.name} | {part.version} | {part.licence} |" for part in components]
    (folder / TABLE_NAME).write_text(INTRODUCTION + "\n".join(rows) + "\n", encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    shutil.copytree(LICENCE_TEXTS, folder, dirs_exist_ok=True)
    for part in components:
        for number, text in enumerate(part.texts):
            place = folder / part.name / (f"{number}-{text.name}" if number else text.name)
            place.parent.mkdir(exist_ok=True)
            shutil.copyfile(text, place)


def read_shipped(record: Path) -> list[Path]:
    """The source files that packaging/secondread.spec noted."""
    return [
        Path(line)
        for line in json.loads(record.read_text(encoding="utf-8"))
        if Path(line).is_absolute()
    ]


def _python_component(distribution: Distribution) -> Component:
    texts = [
        Path(str(distribution.locate_file(file)))
        for file in distribution.files or ()
        if re.search(
            r"(^|/)(licen[cs]es?/|licen[cs]e|copying|notice|thirdpartynotices)",
            str(file),
            re.IGNORECASE,
        )
        and file.suffix.lower() in ("", ".txt", ".md", ".rst")
    ]
    name = str(distribution.metadata["Name"])
    found = tuple(text for text in texts if text.is_file())
    return Component(name, distribution.version, licence_of(distribution), found)


def _python_itself() -> Component:
    folder = Path(
        sys.base_prefix, "lib", f"python{sys.version_info.major}.{sys.version_info.minor}"
    )
    texts = tuple(path for path in (folder / "LICENSE.txt",) if path.is_file())
    return Component("Python", sys.version.split()[0], "PSF-2.0", texts)


def _system_components(files: Iterable[Path]) -> list[Component]:
    """Debian packages of the shared libraries taken from the system; empty elsewhere."""
    libraries = [
        str(path)
        for path in files
        if path.is_relative_to("/usr/lib") or path.is_relative_to("/lib")
    ]
    if not libraries or not shutil.which("dpkg-query"):
        return []
    forms = [form for path in libraries for form in (path, path.removeprefix("/usr"))]
    answer = subprocess.run(
        ["dpkg-query", "-S", *forms], capture_output=True, text=True, check=False
    ).stdout
    return [
        _system_component(name)
        for name in sorted({line.split(":", 1)[0] for line in answer.splitlines()})
    ]


def _system_component(name: str) -> Component:
    asked = ["dpkg-query", "-W", "-f=${Version}\n", name]
    version = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split("\n")[
        0
    ]
    text = Path("/usr/share/doc", name, "copyright")
    texts = (text,) if text.is_file() else ()
    return Component(name, version, f"see {name}/copyright (library of the system)", texts)
