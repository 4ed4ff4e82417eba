"""Asking a node for studies or for scheduled steps, off the GUI thread; a new question gives up the old one."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.dicom.network.node import Node
from viewer.dicom.network.services import scheduled, studies
from viewer.domain.pacs import ScheduledStep, StudyMatch, StudyQuery

QUERY_KEY = "pacs query"
T = TypeVar("T")
Failed = Callable[[ViewerError], None]


def find_studies(
    workbench: Workbench,
    node: Node,
    query: StudyQuery,
    on_found: Callable[[tuple[StudyMatch, ...]], None],
    on_failed: Failed,
) -> None:
    """Ask for studies."""
    _ask(workbench, partial(studies, node, query), on_found, on_failed)


def find_scheduled(
    workbench: Workbench,
    node: Node,
    query: StudyQuery,
    on_found: Callable[[tuple[ScheduledStep, ...]], None],
    on_failed: Failed,
) -> None:
    """Ask for the scheduled steps of a Modality Worklist."""
    _ask(workbench, partial(scheduled, node, query), on_found, on_failed)


def _ask(
    workbench: Workbench,
    question: Callable[[JobContext], T],
    on_found: Callable[[T], None],
    on_failed: Failed,
) -> None:
    workbench.jobs.submit(Job(QUERY_KEY, Lane.NETWORK, question, on_found, on_failed))


def cancel_query(workbench: Workbench) -> None:
    """Give the question up."""
    workbench.jobs.cancel(QUERY_KEY)
