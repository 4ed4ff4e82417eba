"""What a killed program had unpacked goes in a job, not on the GUI thread."""

from pathlib import Path
from typing import Any

import pytest

from viewer.app.jobs import InlineRunner, Job
from viewer.app.leftovers import remove_leftovers
from viewer.base.scratch import MARKER, PREFIX


class Kept:
    """A runner that only keeps what it is given."""

    def __init__(self) -> None:
        self.jobs: list[Job[Any]] = []

    def submit(self, job: Job[Any]) -> None:
        self.jobs.append(job)

    def cancel(self, key: str) -> None:
        raise AssertionError(key)

    def shutdown(self) -> None:
        raise AssertionError


def test_leftovers_go_when_their_job_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    left = tmp_path / f"{PREFIX}left"
    left.mkdir()
    (left / MARKER).write_bytes(b"")
    runner = Kept()
    remove_leftovers(runner)
    assert left.exists()
    InlineRunner().submit(runner.jobs[0])
    assert not left.exists()
