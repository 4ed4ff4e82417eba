"""Retrieving a study from a node: it shows while it arrives; its models run when it is whole."""

import hashlib
from dataclasses import replace
from functools import partial
from time import monotonic

from viewer.app.arrivals import Growing, incoming_folder, show_all
from viewer.app.jobs import Job, JobContext, Lane, ignore
from viewer.app.network_state import Transfer, TransferState
from viewer.app.open_study import show_display_set
from viewer.app.run_inference import read_unseen
from viewer.app.transfer_audit import note_not_retrieved, note_retrieved
from viewer.app.workbench import Workbench
from viewer.base.errors import Cancelled, ViewerError
from viewer.base.i18n import _, plural
from viewer.dicom.network.node import Node
from viewer.dicom.network.retrieve import retrieve
from viewer.domain.pacs import Progress
from viewer.domain.study import StudyIndex

TOLD_EVERY_S = 0.2
"""Between two reports of progress; images come faster than anybody reads."""


def retrieve_study(workbench: Workbench, node: Node, study_uid: str) -> None:
    """Fetch a study in the background; what is on this disk already is not fetched again."""
    network = workbench.session.network
    running = network.transfers.get(study_uid)
    if running is not None and running.state is TransferState.RUNNING:
        return
    folder = incoming_folder()
    growing = Growing(workbench)
    here = folder.study_folder(study_uid)

    def work(context: JobContext) -> Progress:
        before = images_here(study_uid)
        try:
            reached = retrieve(node, study_uid, folder, Sparing(context), context)
        except (ViewerError, Cancelled) as error:
            fetched = images_here(study_uid) - before
            note_not_retrieved(workbench.log, study_uid, node.name, fetched, error)
            raise
        note_retrieved(workbench.log, study_uid, node.name, before, reached)
        return reached

    def grown(progress: Progress) -> None:
        network.set_transfer(Transfer(study_uid, node.name, progress=progress))
        if progress.there:
            growing.show([here])

    def ended(state: TransferState, words: str = "", progress: Progress | None = None) -> None:
        last = network.transfers[study_uid]
        reached = progress or last.progress
        network.set_transfer(replace(last, state=state, words=words, progress=reached))
        then = partial(_read, workbench, study_uid) if state is TransferState.DONE else None
        show_all(workbench, [here], then or (lambda _found: None))

    def done(progress: Progress) -> None:
        ended(TransferState.DONE, progress=progress)
        workbench.session.notify(_arrived(node, progress))

    def failed(error: ViewerError) -> None:
        ended(TransferState.FAILED, str(error))
        workbench.session.fail(error)

    network.set_transfer(Transfer(study_uid, node.name))
    workbench.jobs.submit(
        Job(
            _key(study_uid),
            Lane.NETWORK,
            work,
            done,
            failed,
            on_update=grown,
            on_cancelled=lambda: ended(TransferState.CANCELLED),
        )
    )


def images_here(study_uid: str) -> int:
    """How many images of a study were fetched or received before."""
    return len(incoming_folder().there(study_uid))


def show_study_here(workbench: Workbench, study_uid: str) -> None:
    """Put a study that was fetched or received before on the screen."""
    folder = incoming_folder().study_folder(study_uid)
    if not _show(workbench, study_uid, workbench.session.index):
        show_all(workbench, [folder], lambda found: ignore(_show(workbench, study_uid, found)))


def _show(workbench: Workbench, study_uid: str, found: StudyIndex) -> bool:
    for study in found.studies:
        if study.uid == study_uid and study.display_sets:
            show_display_set(workbench, study, study.display_sets[0])
            return True
    return False


def cancel_retrieval(workbench: Workbench, study_uid: str) -> None:
    """Stop fetching; what arrived stays."""
    workbench.jobs.cancel(_key(study_uid))


class Sparing:
    """Publishes the first report and then one each TOLD_EVERY_S."""

    def __init__(self, context: JobContext) -> None:
        self._context = context
        self._next = 0.0

    def __call__(self, progress: Progress) -> None:
        """Publish, if it is time."""
        if monotonic() >= self._next:
            self._next = monotonic() + TOLD_EVERY_S
            self._context.publish(progress)


def _key(study_uid: str) -> str:
    return f"retrieve {hashlib.sha256(study_uid.encode()).hexdigest()[:16]}"


def _arrived(node: Node, progress: Progress) -> str:
    words = plural("{n} image", "{n} images", progress.there)
    told = _("The study from {node} is here: {images}.").format(node=node.name, images=words)
    if not progress.conflicts:
        return told
    aside = plural(
        "{n} image has the UID of one that was here, but other content; it is kept aside and not shown.",
        "{n} images have UIDs of images that were here, but other content; they are kept aside and not shown.",
        progress.conflicts,
    )
    return f"{told} {aside}"


def _read(workbench: Workbench, study_uid: str, found: StudyIndex) -> None:
    for study in found.studies:
        if study.uid == study_uid:
            read_unseen(workbench, study)
