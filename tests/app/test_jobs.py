"""Jobs: results come back on the caller's side, cancelled ones never."""

import os
import queue
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from viewer.app.jobs import STEP_BACK, InlineRunner, Job, JobContext, Lane, ThreadedRunner
from viewer.base.errors import DecodeError

WAIT_S = 10


class Inbox:
    """Stands for the GUI thread: calls wait until the test runs them."""

    def __init__(self) -> None:
        self.calls: queue.Queue[Callable[[], None]] = queue.Queue()

    def run_until(self, done: Callable[[], bool]) -> None:
        while not done():
            self.calls.get(timeout=WAIT_S)()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def crashes() -> list[BaseException]:
    return []


@pytest.fixture
def runner(inbox: Inbox, crashes: list[BaseException]) -> Iterator[ThreadedRunner]:
    made = ThreadedRunner(inbox.calls.put, crashes.append)
    yield made
    made.shutdown()


def test_the_result_comes_back_on_the_callers_thread(runner: ThreadedRunner, inbox: Inbox) -> None:
    seen: list[tuple[int, bool]] = []

    def done(worker: int) -> None:
        seen.append((worker, threading.get_ident() == main))

    main = threading.get_ident()
    runner.submit(Job("a", Lane.DECODE, lambda _context: threading.get_ident(), done))
    inbox.run_until(lambda: bool(seen))
    assert seen[0][0] != main
    assert seen[0][1]


def test_a_new_job_of_the_same_key_makes_the_old_result_void(
    runner: ThreadedRunner, inbox: Inbox
) -> None:
    hold, results = threading.Event(), []

    def slow(_context: JobContext) -> str:
        hold.wait(WAIT_S)
        return "old"

    runner.submit(Job("a", Lane.DECODE, slow, results.append))
    runner.submit(Job("a", Lane.DECODE, lambda _context: "new", results.append))
    hold.set()
    inbox.run_until(lambda: bool(results))
    assert results == ["new"]


def test_a_cancelled_job_stops_at_its_next_report(runner: ThreadedRunner, inbox: Inbox) -> None:
    started, ended, outcomes = threading.Event(), threading.Event(), []

    def work(context: JobContext) -> None:
        started.set()
        try:
            while True:
                context.report(0.5)
        finally:
            ended.set()

    runner.submit(Job("a", Lane.INFER, work, on_cancelled=lambda: outcomes.append("cancelled")))
    assert started.wait(WAIT_S)
    runner.cancel("a")
    assert ended.wait(WAIT_S)
    inbox.run_until(lambda: bool(outcomes))


def test_a_stopper_given_after_the_cancel_is_called_at_once() -> None:
    context = JobContext(lambda _fraction: None, lambda _value: None)
    context.cancel()
    stopped = []
    context.on_cancel(lambda: stopped.append(True))
    assert stopped == [True]


def test_an_expected_error_reaches_on_failed(runner: ThreadedRunner, inbox: Inbox) -> None:
    failures: list[Exception] = []

    def work(_context: JobContext) -> None:
        raise DecodeError("slice 4 cannot be decoded")

    runner.submit(Job("a", Lane.DECODE, work, on_failed=failures.append))
    inbox.run_until(lambda: bool(failures))
    assert str(failures[0]) == "slice 4 cannot be decoded"


def test_an_unexpected_exception_ends_the_job_and_is_reported(
    runner: ThreadedRunner, inbox: Inbox, crashes: list[BaseException]
) -> None:
    ended: list[str] = []
    runner.submit(Job("a", Lane.DECODE, lambda _c: 1 / 0, on_cancelled=lambda: ended.append("x")))
    inbox.run_until(lambda: bool(crashes))
    assert isinstance(crashes[0], ZeroDivisionError)
    assert ended == ["x"]


def test_the_inline_runner_calls_back_before_it_returns() -> None:
    results: list[int] = []
    InlineRunner().submit(Job("a", Lane.DECODE, lambda _context: 7, results.append))
    assert results == [7]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems know no niceness of a thread")
def test_threads_for_which_nobody_waits_step_back_behind_the_window() -> None:
    runner = ThreadedRunner(lambda call: call(), lambda error: None)
    nice: dict[Lane, int] = {}

    def note(lane: Lane) -> None:
        nice[lane] = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    for lane in Lane:
        runner.submit(Job(lane.name, lane, lambda _context, lane=lane: note(lane)))
    deadline = time.monotonic() + 5
    while len(nice) < len(Lane) and time.monotonic() < deadline:
        time.sleep(0.005)
    runner.shutdown()
    here = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert nice.pop(Lane.DECODE) == here
    assert set(nice.values()) == {min(here + STEP_BACK, 19)}
