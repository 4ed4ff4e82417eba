"""LateRunner: work is done and its results arrive when the test says so, jobs in any order."""

from collections.abc import Callable
from random import Random
from typing import Any

from viewer.app.jobs import Job, JobContext, Outcome, report_outcome, run_work


class LateRunner:
    """Like the threaded runner, a job's own messages keep their order, and a new job of a key ends the old.

    Nothing runs before `step` draws one of the waiting jobs by lot: its work, or its next message.
    """

    def __init__(self, lot: Random) -> None:
        self._lot = lot
        self._waiting: list[list[Callable[[], None]]] = []
        self._current: dict[str, JobContext] = {}

    def submit(self, job: Job[Any]) -> None:
        self.cancel(job.key)
        messages: list[Callable[[], None]] = []

        def tell(listener: Callable[[Any], None], value: object) -> None:
            messages.append(lambda: None if context.cancelled else listener(value))

        context = JobContext(
            lambda fraction: tell(job.on_progress, fraction),
            lambda value: tell(job.on_update, value),
        )
        self._current[job.key] = context

        def work() -> None:
            outcome = run_work(job, context)
            messages.append(lambda: self._finish(job, context, outcome))

        messages.append(work)
        self._waiting.append(messages)

    def cancel(self, key: str) -> None:
        context = self._current.pop(key, None)
        if context is not None:
            context.cancel()

    def shutdown(self) -> None:
        self._waiting.clear()

    def step(self) -> bool:
        """Let one thing happen; False when nothing waits."""
        self._waiting = [messages for messages in self._waiting if messages]
        if not self._waiting:
            return False
        self._lot.choice(self._waiting).pop(0)()
        return True

    def _finish(self, job: Job[Any], context: JobContext, outcome: Outcome) -> None:
        if context.cancelled:
            job.on_cancelled()
            return
        self._current.pop(job.key, None)
        report_outcome(job, outcome, _fail)


def _fail(error: BaseException) -> None:
    raise error
