"""Times of several pieces of work, run in turn, so that a busy machine slows all of them alike."""

import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Times:
    """Milliseconds. least: of all rounds, what an idle machine would show most nearly."""

    median: float
    least: float


def in_turn(works: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, Times]:
    """Each by its name."""
    times: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            times[name].append(1000 * (time.perf_counter() - start))
    return {name: Times(statistics.median(each), min(each)) for name, each in times.items()}


def told(times: Mapping[str, Times], whole: str = "pipeline", part: str = "bare") -> str:
    """All of them, and how `whole` compares with `part`: by the medians, and by the least times."""
    each = ", ".join(
        f"{name} {one.median:.1f} (least {one.least:.1f})" for name, one in times.items()
    )
    ratio = times[whole].median / times[part].median
    least = times[whole].least / times[part].least
    return f"ms: {each}; ratio {ratio:.2f} (least times {least:.2f})"
