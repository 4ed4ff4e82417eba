"""The listener of the site: receives studies, shows them as they come, and runs the models once they are whole."""

from functools import partial

from viewer.app.arrivals import Growing, incoming_folder, show_all
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.network_state import ListenerState
from viewer.app.run_inference import read_unseen
from viewer.app.send import start_outbox
from viewer.app.transfer_audit import note_received
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import plural
from viewer.dicom.network.listening import News, listen
from viewer.domain.study import StudyIndex

LISTENER_KEY = "listener"


def start_network(workbench: Workbench) -> None:
    """At the start of the program: the outbox, if something waits, and the listener, if the site wants it.

    Where neither is so, nothing is opened.
    """
    try:
        start_outbox(workbench)
    except ViewerError as error:
        workbench.session.fail(error)
    if workbench.settings.values.pacs.listener.on:
        show_all(workbench, [incoming_folder().root])
        start_listener(workbench)


def start_listener(workbench: Workbench) -> None:
    """Listen as the settings say; what listened before is stopped."""
    settings = workbench.settings.values.pacs.listener
    network = workbench.session.network
    folder = incoming_folder()
    growing = Growing(workbench)
    network.listener = ListenerState()

    def work(context: JobContext) -> None:
        listen(settings, folder, context.publish, partial(note_received, workbench.log), context)

    def heard(news: News) -> None:
        _take(workbench, growing, news)

    def stopped() -> None:
        network.receiving.clear()
        network.set_listener(on=False)

    def failed(error: ViewerError) -> None:
        network.set_listener(on=False, words=str(error))
        workbench.session.fail(error)

    workbench.jobs.submit(
        Job(
            LISTENER_KEY,
            Lane.LISTEN,
            work,
            on_failed=failed,
            on_update=heard,
            on_cancelled=stopped,
        )
    )


def stop_listener(workbench: Workbench) -> None:
    """Stop receiving; associations that are open are ended."""
    workbench.jobs.cancel(LISTENER_KEY)
    workbench.session.network.set_listener(on=False)


def _take(workbench: Workbench, growing: Growing, news: News) -> None:
    network = workbench.session.network
    known = network.listener
    network.receiving |= news.studies
    network.receiving -= news.quiet
    network.received |= news.quiet
    network.set_listener(
        on=True,
        images=known.images + news.new,
        not_taken=news.not_taken,
        conflicts=known.conflicts + news.conflicts,
        words=news.words or known.words,
    )
    _say(workbench, news)
    folder = incoming_folder()
    if news.quiet:
        whole = [folder.study_folder(uid) for uid in sorted(news.quiet)]
        show_all(workbench, whole, partial(_pre_read, workbench, news.quiet))
    elif network.receiving:
        growing.show([folder.study_folder(uid) for uid in sorted(network.receiving)])


def _say(workbench: Workbench, news: News) -> None:
    if news.words:
        workbench.session.notify(news.words)
    if news.conflicts:
        workbench.session.notify(
            plural(
                "{n} received image has the UID of one that was here, but other content; "
                "it is kept aside and not shown.",
                "{n} received images have UIDs of images that were here, but other content; "
                "they are kept aside and not shown.",
                news.conflicts,
            )
        )


def _pre_read(workbench: Workbench, uids: frozenset[str], found: StudyIndex) -> None:
    """The applicable models on each study that has become whole, so that it is ready when the reader comes."""
    for study in found.studies:
        if study.uid in uids:
            read_unseen(workbench, study)
    workbench.session.network.changed.emit(None)
