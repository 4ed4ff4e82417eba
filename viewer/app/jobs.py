"""Jobs: work off the GUI thread; the only place where threads start.

A job has captured its inputs, touches no widget and no holder, and returns a value. Callbacks run
where `deliver` brings them (the GUI thread). A new job with a key cancels the old one of that key,
whose result is dropped even if it finishes.
"""

import logging
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, Protocol, TypeVar

from viewer.base.errors import Cancelled, ViewerError

AHEAD_THREADS = min(max(os.cpu_count() or 1, 2), 4)
"""Threads that decode ahead: the codecs let go of the interpreter, so each uses a core of its own."""

STEP_BACK = 10
"""Niceness of threads for which nobody waits: the window and the frame asked for come first."""

T = TypeVar("T")
log = logging.getLogger(__name__)


class Lane(Enum):
    """Queues that do not wait for each other; the value is the number of threads."""

    TRANSFER = ("transfer", 1)
    DECODE = ("decode", 1)
    PREFETCH = ("prefetch", AHEAD_THREADS)
    THUMBNAIL = ("thumbnail", 1)
    OBJECTS = ("objects", 1)
    INFER = ("infer", 1)
    NETWORK = ("network", 2)
    OUTBOX = ("outbox", 1)
    LISTEN = ("listen", 1)

    @property
    def threads(self) -> int:
        """Workers of the lane."""
        return self.value[1]


class JobContext:
    """What running work may ask and tell."""

    def __init__(
        self, on_progress: Callable[[float], None], on_update: Callable[[Any], None]
    ) -> None:
        self._stop = threading.Event()
        self._stoppers: list[Callable[[], None]] = []
        self._lock = threading.Lock()
        self._on_progress = on_progress
        self.publish = on_update
        """Hand an intermediate value to the job's `on_update`."""

    @property
    def cancelled(self) -> bool:
        """Whether the reader gave the job up."""
        return self._stop.is_set()

    def report(self, fraction: float) -> None:
        """Report progress (0 to 1); raises Cancelled once the job is given up."""
        if self.cancelled:
            raise Cancelled
        self._on_progress(fraction)

    def on_cancel(self, stop: Callable[[], None]) -> None:
        """Call `stop` when the job is cancelled, at once if it is already."""
        with self._lock:
            self._stoppers.append(stop)
            if not self.cancelled:
                return
        stop()

    def wait(self, seconds: float) -> None:
        """Do nothing for a while; raises Cancelled at once when the job is given up."""
        if self._stop.wait(seconds):
            raise Cancelled

    def cancel(self) -> None:
        """Give the job up."""
        with self._lock:
            self._stop.set()
            stoppers = list(self._stoppers)
        for stop in stoppers:
            stop()


def ignore(_value: object) -> None:
    """For callers that do not listen to progress or results."""


@dataclass(frozen=True)
class Job(Generic[T]):
    """A piece of work. key: names what it is for, free of patient data.

    on_cancelled: it ended without a result, given up or by an unexpected exception.
    """

    key: str
    lane: Lane
    work: Callable[[JobContext], T]
    on_done: Callable[[T], None] = ignore
    on_failed: Callable[[ViewerError], None] = ignore
    on_progress: Callable[[float], None] = ignore
    on_update: Callable[[Any], None] = ignore
    on_cancelled: Callable[[], None] = lambda: None


Deliver = Callable[[Callable[[], None]], None]
CrashHandler = Callable[[BaseException], None]


class JobRunner(Protocol):
    """Runs jobs; one implementation has threads, one runs inline for tests."""

    def submit(self, job: Job[Any]) -> None: ...

    def cancel(self, key: str) -> None: ...

    def shutdown(self) -> None: ...


def step_back() -> None:
    """Let this thread give way to the others; only Linux knows the niceness of a single thread."""
    if sys.platform == "linux":
        os.nice(STEP_BACK)


class ThreadedRunner:
    """One pool a lane; results are delivered to the GUI thread by `deliver`.

    on_crash: told of an unexpected exception, on the GUI thread.
    """

    def __init__(self, deliver: Deliver, on_crash: CrashHandler) -> None:
        self._deliver = deliver
        self._on_crash = on_crash
        self._pools = {
            lane: ThreadPoolExecutor(
                lane.threads,
                thread_name_prefix=lane.value[0],
                initializer=None if lane is Lane.DECODE else step_back,
            )
            for lane in Lane
        }
        self._current: dict[str, JobContext] = {}

    def submit(self, job: Job[Any]) -> None:
        """Queue `job`; call on the GUI thread."""
        self.cancel(job.key)
        context = JobContext(
            lambda fraction: self._tell(context, job.on_progress, fraction),
            lambda value: self._tell(context, job.on_update, value),
        )
        self._current[job.key] = context
        self._pools[job.lane].submit(self._run, job, context)

    def cancel(self, key: str) -> None:
        """Give up the job of that key, if there is one."""
        context = self._current.pop(key, None)
        if context is not None:
            context.cancel()

    def shutdown(self) -> None:
        """Cancel everything and wait for the threads to end."""
        for key in list(self._current):
            self.cancel(key)
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, job: Job[Any], context: JobContext) -> None:
        outcome = run_work(job, context)
        self._deliver(lambda: self._finish(job, context, outcome))

    def _finish(self, job: Job[Any], context: JobContext, outcome: "Outcome") -> None:
        if context.cancelled:
            job.on_cancelled()
            return
        self._current.pop(job.key, None)
        report_outcome(job, outcome, self._on_crash)

    def _tell(self, context: JobContext, listener: Callable[[Any], None], value: object) -> None:
        if listener is not ignore:
            self._deliver(lambda: None if context.cancelled else listener(value))


@dataclass(frozen=True)
class Outcome:
    """How work ended: a value, or the exception that ended it."""

    value: Any = None
    error: BaseException | None = None


def run_work(job: Job[Any], context: JobContext) -> Outcome:
    """Do the work; every exception becomes an outcome, so that a worker never dies unheard."""
    try:
        if context.cancelled:
            raise Cancelled
        return Outcome(job.work(context))
    except BaseException as error:  # noqa: BLE001  (carried to the GUI thread and reported there)
        return Outcome(error=error)


def report_outcome(job: Job[Any], outcome: Outcome, on_crash: CrashHandler) -> None:
    """Call the callback that fits."""
    if isinstance(outcome.error, Cancelled):
        job.on_cancelled()
    elif isinstance(outcome.error, ViewerError):
        log.warning("job of lane %s failed: %s", job.lane.name, type(outcome.error).__name__)
        job.on_failed(outcome.error)
    elif outcome.error is not None:
        job.on_cancelled()
        on_crash(outcome.error)
    else:
        job.on_done(outcome.value)


class InlineRunner:
    """Runs each job at once, on the caller's thread: for tests and headless commands."""

    def submit(self, job: Job[Any]) -> None:
        """Run `job` and call its callbacks before returning; unexpected exceptions pass through."""
        context = JobContext(job.on_progress, job.on_update)
        report_outcome(job, run_work(job, context), _raise)

    def cancel(self, key: str) -> None:
        """Nothing is ever waiting."""

    def shutdown(self) -> None:
        """Nothing to end."""


def _raise(error: BaseException) -> None:
    raise error
