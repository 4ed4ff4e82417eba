"""The notices name what is shipped, and the GPL keeps out."""

import os
from pathlib import Path

import notices
import pydicom
import pytest


def _component(name: str, licence: str) -> notices.Component:
    return notices.Component(name, "1", licence, ())


@pytest.mark.parametrize(
    ("name", "licence"),
    [
        ("pylibjpeg-libjpeg", "GPL V3.0"),
        ("pylibjpeg-libjpeg", "MIT"),
        ("libreadline8", "see libreadline8/copyright (library of the system)"),
        ("something", "GPL-3.0-or-later"),
        ("something", "GNU General Public License v3 (GPLv3)"),
        ("something", "GPL-2.0-only OR GPL-3.0-only"),
    ],
)
def test_what_is_under_the_gpl_alone_is_refused(name: str, licence: str) -> None:
    assert notices.is_refused(_component(name, licence))


@pytest.mark.parametrize(
    "licence",
    [
        "MIT",
        "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
        "GNU Lesser General Public License v3 (LGPLv3)",
        "GPLv2-or-later with a special exception which allows to build any program",
        "BSD-3-Clause",
    ],
)
def test_what_can_be_had_otherwise_is_shipped(licence: str) -> None:
    assert not notices.is_refused(_component("something", licence))


def test_a_shipped_file_names_the_distribution_that_owns_it() -> None:
    found = notices.components_of([Path(pydicom.__file__)])
    assert [part.name for part in found] == ["pydicom", "Python"]
    assert "MIT" in found[0].licence
    assert found[0].texts


def test_table_and_texts_are_written(tmp_path: Path) -> None:
    text = tmp_path / "COPYING"
    text.write_text("do as you like", encoding="utf-8")
    notices.write([notices.Component("thing", "1.2", "MIT", (text,))], tmp_path / "licences")
    written = sorted(
        path.relative_to(tmp_path / "licences").as_posix()
        for path in (tmp_path / "licences").rglob("*")
        if path.is_file()
    )
    assert written == ["GPL-3.0.txt", "LGPL-3.0.txt", "LICENSE", "THIRD_PARTY.md", "thing/COPYING"]
    table = (tmp_path / "licences" / notices.TABLE_NAME).read_text(encoding="utf-8")
    assert "| thing | 1.2 | MIT |" in table
    assert "LGPL" in table


BUILT = notices.ROOT / "dist" / "secondread"


@pytest.mark.skipif(not BUILT.is_dir(), reason="nothing was built in dist/ here")
def test_no_gpl_library_lies_in_the_built_program() -> None:
    names = [name.lower() for _folder, folders, files in os.walk(BUILT) for name in folders + files]
    assert "secondread" in names
    for forbidden in ("pylibjpeg", "libjpeg.cpython", "libreadline", "readline.cpython", "_lzo."):
        assert not [name for name in names if forbidden in name]
