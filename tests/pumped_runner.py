"""Pumped: real threads whose results wait until the test lets them in, as the GUI thread does."""

import queue
import time
from collections.abc import Callable, Iterator

import pytest

from viewer.app.jobs import ThreadedRunner


def _crash(error: BaseException) -> None:
    raise error


@pytest.fixture
def pump() -> Iterator["Pumped"]:
    """A runner, ended with the test."""
    runner = Pumped()
    yield runner
    runner.shutdown()


class Pumped(ThreadedRunner):
    """A ThreadedRunner whose callbacks run inside `until`."""

    def __init__(self) -> None:
        self._calls: queue.Queue[Callable[[], None]] = queue.Queue()
        super().__init__(self._calls.put, _crash)

    def until(self, reached: Callable[[], bool], seconds: float = 60) -> None:
        """Run callbacks until `reached`."""
        end = time.monotonic() + seconds
        while not reached():
            assert time.monotonic() < end, "did not happen in time"
            try:
                self._calls.get(timeout=0.05)()
            except queue.Empty:
                continue
