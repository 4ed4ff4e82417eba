"""Asking a node for studies or for scheduled steps, off the GUI thread; a new question gives up the old one."""

from collections.abc import Callable

from viewer.app.jobs import Job, Lane
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.dicom.network.node import Node
from viewer.dicom.network.services import scheduled, studies
from viewer.domain.pacs import ScheduledStep, StudyMatch, StudyQuery

QUERY_KEY = "pacs query"
Failed = Callable[[ViewerError], None]


def find_studies(
    workbench: Workbench,
    node: Node,
    query: StudyQuery,
    on_found: Callable[[tuple[StudyMatch, ...]], None],
    on_failed: Failed,
) -> None:
    """Ask for studies."""
    workbench.jobs.submit(
        Job(
            QUERY_KEY,
            Lane.NETWORK,
            lambda context: studies(node, query, context),
            on_found,
            on_failed,
        )
    )


def find_scheduled(
    workbench: Workbench,
    node: Node,
    query: StudyQuery,
    on_found: Callable[[tuple[ScheduledStep, ...]], None],
    on_failed: Failed,
) -> None:
    """Ask for the scheduled steps of a Modality Worklist."""
    workbench.jobs.submit(
        Job(
            QUERY_KEY,
            Lane.NETWORK,
            lambda context: scheduled(node, query, context),
            on_found,
            on_failed,
        )
    )


def cancel_query(workbench: Workbench) -> None:
    """Give the question up."""
    workbench.jobs.cancel(QUERY_KEY)
