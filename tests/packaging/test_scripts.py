"""The two commands of the README, without their long part: what they say where something is missing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ("packaging/prepare.sh", "packaging/start.sh", "packaging/test.sh", ".ci/run")
CALLER = ". packaging/prepare.sh; {call}"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="shell scripts")


def _prepare(call: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """Run one function of prepare.sh in the root of the project."""
    command = ["sh", "-uc", CALLER.format(call=call)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_parses(script: str) -> None:
    assert subprocess.run(["sh", "-n", str(ROOT / script)], check=False).returncode == 0


@pytest.mark.parametrize("script", SCRIPTS[1:])
def test_each_command_can_be_run_as_it_stands(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)


def test_the_check_of_every_change_is_the_second_command() -> None:
    assert (ROOT / ".ci" / "run").read_text().splitlines()[-1] == "exec packaging/test.sh"


def test_without_a_screen_the_start_says_so_in_one_line_and_fails() -> None:
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        [str(ROOT / "packaging" / "start.sh")],
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "no screen" in done.stderr


@pytest.mark.skipif(not shutil.which("ldconfig", path="/sbin:/usr/sbin"), reason="no ldconfig")
def test_only_missing_libraries_are_asked_for() -> None:
    done = _prepare('missing_libraries "libc.so.6:libc6 libnowhere.so.7:libnowhere7"')
    assert done.stdout.split() == ["libnowhere7"]


def test_only_missing_programs_are_asked_for() -> None:
    done = _prepare('missing_programs "sh:dash nowhere-to-be-found:nowhere"')
    assert done.stdout.split() == ["nowhere"]


def test_a_python_too_old_is_passed_over(tmp_path: Path) -> None:
    for name, answer in (("python3", "exit 1"), ("python3.12", "exit 0")):
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    assert _prepare("find_python venv", PATH=f"{tmp_path}:/bin").stdout == "python3.12"


def test_without_rights_the_command_to_run_is_said_in_one_line(tmp_path: Path) -> None:
    answers = (("id", "echo 1000"), ("sudo", "exit 1"), ("apt-get", "exit 0"))
    for name, answer in answers:
        (tmp_path / name).write_text(f"#!/bin/sh\n{answer}\n")
        (tmp_path / name).chmod(0o755)
    done = _prepare("install_packages libegl1 libgl1", PATH=f"{tmp_path}:/bin")
    assert done.returncode == 1
    assert "sudo apt-get install -y --no-install-recommends libegl1 libgl1" in done.stderr
    assert len(done.stderr.splitlines()) == 1
