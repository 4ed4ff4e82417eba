"""Retrieving a study: what is missing is asked for, again after a break, until all is there."""

from collections.abc import Callable, Sequence

from viewer.base.errors import NetworkError
from viewer.base.i18n import _, plural
from viewer.dicom.network.faults import disk_words, fault
from viewer.dicom.network.find import find_instances
from viewer.dicom.network.get import get_instances
from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.move import move_instances
from viewer.dicom.network.node import Node, NodeKind, Retrieval, Watch
from viewer.dicom.network.qido import qido_instances
from viewer.dicom.network.services import studies
from viewer.dicom.network.tally import Report, Tally
from viewer.dicom.network.wado import wado_instances
from viewer.domain.pacs import InstanceRef, Progress, StudyQuery

BACK_OFF_S = (1.0, 3.0, 9.0)
"""Waits before the second, third and fourth attempt; attempts that brought something do not count."""

Fetch = Callable[[Node, Tally, Sequence[InstanceRef], Watch], None]


def retrieve(
    node: Node, study_uid: str, folder: IncomingFolder, report: Report, watch: Watch
) -> Progress:
    """Fetch what of a study is not there yet.

    Each instance is kept whole as it arrives and is never asked for again. Raises NetworkError when some
    are still missing after the last attempt, or the node counts more than it lists (what arrived stays);
    Cancelled.
    """
    tally = Tally(folder, study_uid, report)
    tally.wanted = _listing(node, study_uid, watch)
    missing = tally.missing()
    tally.tell()
    failures = 0
    while missing:
        before, error = len(missing), _attempt(node, tally, missing, watch)
        missing = tally.missing()
        tally.tell()
        failures = 0 if len(missing) < before else failures + 1
        if missing and (tally.disk is not None or failures > len(BACK_OFF_S)):
            raise _incomplete(node, tally, error)
        if missing:
            watch.wait(BACK_OFF_S[max(failures - 1, 0)])
    _check_count(node, tally, watch)
    return tally.progress


def _check_count(node: Node, tally: Tally, watch: Watch) -> None:
    """Hold the node to its own count, where it states one: some end a long list early without a word."""
    try:
        matches = studies(node, StudyQuery(study_uid=tally.study_uid), watch)
    except NetworkError:
        return
    counted = max((one.instances or 0 for one in matches if one.uid == tally.study_uid), default=0)
    here = len(tally.folder.there(tally.study_uid))
    if counted > here + tally.conflicts:
        words = _(
            "it counts {counted} images in the study, but listed fewer: {here} are here. Retrieve again, "
            "or ask its operator"
        )
        raise fault(node, words.format(counted=counted, here=here))


def _listing(node: Node, study_uid: str, watch: Watch) -> tuple[InstanceRef, ...]:
    ask = qido_instances if node.kind is NodeKind.WEB else find_instances
    wanted = ask(node, study_uid, watch)
    if not wanted:
        raise fault(node, _("it lists no image of this study"))
    return wanted


def _attempt(
    node: Node, tally: Tally, missing: Sequence[InstanceRef], watch: Watch
) -> NetworkError | None:
    try:
        _fetch_of(node)(node, tally, missing, watch)
    except NetworkError as error:
        return error
    return None


def _fetch_of(node: Node) -> Fetch:
    if node.kind is NodeKind.WEB:
        return wado_instances
    return {Retrieval.GET: get_instances, Retrieval.MOVE: move_instances}[node.retrieval]


def _incomplete(node: Node, tally: Tally, error: NetworkError | None) -> NetworkError:
    part = plural("{n} image arrived and is kept", "{n} images arrived and are kept", tally.there)
    words = _("{part}, of {all}").format(part=part, all=len(tally.wanted))
    if tally.disk is not None:
        return fault(node, f"{disk_words(tally.disk)} ({words})")
    if error is None:
        reason = _("it did not send all images. Retrieve again to fetch the rest ({words})")
        return fault(node, reason.format(words=words))
    return NetworkError(
        _("{reason} Retrieve again to fetch the rest ({words}).").format(reason=error, words=words)
    )
