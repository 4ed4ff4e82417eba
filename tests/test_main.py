"""`secondread`: headless commands answer without Qt, wrong use says so and returns non-zero."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image
from pydicom.data import get_testdata_file

CT = str(get_testdata_file("CT_small.dcm", download=False))
COMMANDS = (
    ["index"],
    ["render"],
    ["analyze"],
    ["models", "list"],
    ["models", "check"],
    ["verify"],
    ["selfcheck"],
)


def secondread(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "viewer", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=dict(os.environ),
        cwd=Path(__file__).parents[1],
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_each_command_has_help(command: list[str]) -> None:
    answer = secondread(*command, "--help")
    assert answer.returncode == 0
    assert "usage:" in answer.stdout


def test_index_lists_a_real_study_as_json() -> None:
    answer = secondread("index", CT, "--json")
    assert answer.returncode == 0
    (patient,) = json.loads(answer.stdout)["patients"]
    assert patient["studies"][0]["series"][0]["modality"] == "CT"


def test_render_writes_the_display_values_at_native_size(tmp_path: Path) -> None:
    out = tmp_path / "x.png"
    assert secondread("render", CT, "--out", str(out)).returncode == 0
    with Image.open(out) as image:
        assert (image.size, image.mode) == ((128, 128), "L")


@pytest.mark.parametrize("command", ["index", "render"])
def test_a_missing_file_is_named_on_one_line(command: str, tmp_path: Path) -> None:
    extra = ["--out", str(tmp_path / "x.png")] if command == "render" else []
    answer = secondread(command, str(tmp_path / "nothing.dcm"), *extra)
    assert answer.returncode != 0
    assert "nothing.dcm" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_selfcheck_finds_everything_in_order() -> None:
    answer = secondread("selfcheck")
    assert answer.returncode == 0, answer.stdout + answer.stderr
    assert "JPEG 2000" in answer.stdout


def test_headless_commands_load_neither_qt_nor_torch() -> None:
    script = "import sys, viewer.cli; print([m for m in ('PySide6', 'torch') if m in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "[]"
