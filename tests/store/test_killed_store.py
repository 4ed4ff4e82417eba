"""kill -9 at random moments; tests/benchmarks/kill_store.py does the same 500 times."""

import random
import sys
from pathlib import Path

import pytest
from store_killing import kill_once

RUNS = 20
MOST_DECISIONS = 4
"""A run waits for fewer than so many; then it is killed within a quarter of a second."""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
def test_a_killed_program_loses_no_acknowledged_decision_and_its_database_opens(
    tmp_path: Path,
) -> None:
    dice = random.Random(20261122)
    path = tmp_path / "cases.sqlite"
    runs = [kill_once(path, number, dice, 0.25, number % MOST_DECISIONS) for number in range(RUNS)]
    assert [run for run in runs if run.lost] == []
    assert max(run.stored for run in runs) >= sum(number % MOST_DECISIONS for number in range(RUNS))
