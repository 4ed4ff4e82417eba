"""A scratch folder goes with its program, or at the next start; one that is in use is never touched."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from viewer.base.scratch import MARKER, PREFIX, Scratch, sweep

HOLD = """
import sys
from viewer.base.scratch import Scratch
scratch = Scratch()
(scratch.folder / "000001.dcm").write_bytes(b"pixels")
print(scratch.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def holder() -> tuple[subprocess.Popen[str], Path]:
    """Another program that holds a folder."""
    program = subprocess.Popen(
        [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert program.stdout is not None
    return program, Path(program.stdout.readline().strip())


def test_a_folder_is_for_this_user_alone_and_goes_when_it_is_closed() -> None:
    with Scratch() as scratch:
        assert stat.S_IMODE(scratch.folder.stat().st_mode) == 0o700
        (scratch.folder / "one").write_text("x")
    assert not scratch.folder.exists()


def test_what_a_killed_program_left_is_removed_at_the_next_start(room: Path) -> None:
    program, folder = holder()
    program.kill()
    program.wait()
    assert (folder / "000001.dcm").exists()
    assert sweep() == 1
    assert list(room.iterdir()) == []


def test_the_folder_of_a_running_program_is_left_alone() -> None:
    program, folder = holder()
    try:
        assert sweep() == 0
        assert (folder / "000001.dcm").read_bytes() == b"pixels"
    finally:
        program.kill()
        program.wait()


def test_our_own_folder_is_left_alone() -> None:
    with Scratch() as scratch:
        assert sweep() == 0
        assert scratch.folder.is_dir()


def test_a_folder_without_our_marker_is_never_touched(room: Path) -> None:
    (room / f"{PREFIX}of_another").mkdir()
    (room / f"{PREFIX}of_another" / "file").write_text("x")
    assert sweep() == 0
    assert (room / f"{PREFIX}of_another" / "file").exists()


def test_a_link_is_never_followed(room: Path) -> None:
    kept = room / "kept"
    kept.mkdir()
    (kept / MARKER).write_text("")
    (room / f"{PREFIX}link").symlink_to(kept)
    assert sweep() == 0
    assert (kept / MARKER).exists()


def test_the_folder_goes_when_the_program_ends_by_itself() -> None:
    program, folder = holder()
    program.communicate("")
    assert program.returncode == 0
    assert not folder.exists()
