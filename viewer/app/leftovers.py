"""Leftovers: what a program that was killed had unpacked goes at the next start, off the GUI thread."""

from viewer.app.jobs import Job, JobRunner, Lane
from viewer.base.scratch import sweep

LEFTOVERS_KEY = "leftovers"


def remove_leftovers(jobs: JobRunner) -> None:
    """Remove the scratch folders that no running program holds."""
    jobs.submit(Job(LEFTOVERS_KEY, Lane.OBJECTS, lambda _context: sweep()))
