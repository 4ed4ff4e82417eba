"""HeldRunner: jobs inline, inference when the test says so."""

from typing import Any

from viewer.app.jobs import InlineRunner, Job, Lane


class HeldRunner:
    """Runs everything inline, but keeps inference until it is let go."""

    def __init__(self) -> None:
        self._inline = InlineRunner()
        self.held: dict[str, Job[Any]] = {}

    def submit(self, job: Job[Any]) -> None:
        if job.lane is Lane.INFER:
            self.held[job.key] = job
        else:
            self._inline.submit(job)

    def cancel(self, key: str) -> None:
        self.held.pop(key, None)

    def shutdown(self) -> None:
        self.held.clear()

    def let_go(self) -> None:
        for key in list(self.held):
            self._inline.submit(self.held.pop(key))
