"""`python tests/benchmarks/kill_store.py [RUNS]`: kill -9 against the store at random moments, and what was lost.

Every tenth run starts on a fresh database, so that the moments of making one are hit too.
"""

import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[2])]

from store_killing import Killed, kill_once  # noqa: E402

FRESH_EVERY = 10
LONGEST_S = 0.4


def main(count: int) -> int:
    """Print the result; 1 where anything was lost."""
    dice = random.Random(20261122)
    runs: list[Killed] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            path = Path(folder) / f"cases_{number // FRESH_EVERY}.sqlite"
            runs.append(kill_once(path, number, dice, LONGEST_S))
    kinds = Counter(
        "before the first decision" if run.acknowledged is None else "among decisions"
        for run in runs
    )
    unacknowledged = sum(run.stored > (run.acknowledged or run.stored) for run in runs)
    lost = [run for run in runs if run.lost]
    print(f"{count} kills: {dict(kinds)}")
    print(f"on the disk but killed before they were acknowledged: {unacknowledged}")
    print(f"acknowledged decisions lost, or databases that do not hold: {len(lost)}")
    for run in lost:
        print(run)
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 500))
