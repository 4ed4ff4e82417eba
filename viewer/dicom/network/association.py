"""An association with a node: opened with a reason in words when it cannot be, and always ended."""

import logging
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from pynetdicom import AE, _config, evt
from pynetdicom.association import Association
from pynetdicom.dimse_primitives import N_EVENT_REPORT
from pynetdicom.pdu_primitives import P_DATA, SCP_SCU_RoleSelectionNegotiation
from pynetdicom.presentation import PresentationContext
from pynetdicom.transport import AssociationSocket

from viewer.base.errors import Cancelled, NetworkError
from viewer.base.i18n import _
from viewer.dicom.network.faults import connection_words, fault, rejection_words
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.tls import client_context

logging.getLogger("pynetdicom").setLevel(logging.CRITICAL + 1)
_config.LOG_REQUEST_IDENTIFIERS = False
_config.LOG_RESPONSE_IDENTIFIERS = False
_config.STORE_SEND_CHUNKED_DATASET = True
"""Files are sent as they lie on the disk, byte by byte, without being decoded."""

log = logging.getLogger(__name__)
INVALID_PDU = "Evt19"
"""Event of the state machine that aborts the association (PS3.8 9.2.2)."""

LARGEST_PDU = 0
"""Maximum PDU length we state: 0 means no limit (PS3.8 D.1)."""

LARGEST_READ = 2**20
"""Bytes reserved at once; a PDU that claims more gets its memory as it comes."""

QUICK_ACK: int | None = getattr(socket, "TCP_QUICKACK", None)
REJECTION, REJECTION_BYTES = 3, 10
"""Type and length of an A-ASSOCIATE-RJ; its last two bytes are source and reason."""

PDU_TYPES = range(1, 8)
Handler = tuple[Any, Callable[..., Any]]


@dataclass
class _Opening:
    """What was seen while the association was being made."""

    connected: bool = False
    head: bytes = b""

    def connect(self) -> None:
        """The connection stands."""
        self.connected = True

    def note(self, data: bytearray) -> None:
        """Keep the first bytes, which say whether it is a PDU, and why we are rejected if we are.

        pynetdicom loses a rejection that comes before it has begun to wait for an answer.
        """
        self.head = (self.head + bytes(data[:REJECTION_BYTES]))[:REJECTION_BYTES]

    @property
    def is_rejection(self) -> bool:
        """Whether the answer was an A-ASSOCIATE-RJ (PS3.8 9.3.4)."""
        return len(self.head) == REJECTION_BYTES and self.head[0] == REJECTION

    @property
    def is_pdu(self) -> bool:
        """Whether what was received, if anything, begins like a PDU."""
        return not self.head or self.head[0] in PDU_TYPES


class NothingAccepted(NetworkError):
    """The node speaks DICOM but accepted none of the proposed presentation contexts."""


@contextmanager
def associated(
    node: Node,
    contexts: Sequence[PresentationContext],
    watch: Watch | None = None,
    roles: Sequence[SCP_SCU_RoleSelectionNegotiation] = (),
    handlers: Sequence[Handler] = (),
) -> Iterator[Association]:
    """An established association; released at the end, aborted after an exception.

    Raises NetworkError with the reason, Cancelled when `watch` was cancelled.
    """
    association = _open(node, contexts, roles, handlers)
    if watch is not None:
        watch.on_cancel(lambda: hang_up(association))
    try:
        yield association
    except BaseException:
        _end(association, association.abort)
        if watch is not None and watch.cancelled:
            raise Cancelled from None
        raise
    if watch is not None and watch.cancelled:
        _end(association, association.abort)
        raise Cancelled
    _end(association, association.release)


def hang_up(association: Association) -> None:
    """Close the connection under an association, from any thread, without waiting."""
    wrapped = association.dul.socket
    plain = wrapped.socket if wrapped is not None else None
    if plain is not None:
        try:
            plain.shutdown(socket.SHUT_RDWR)
        except OSError:
            return


def tuned(seconds: float, on_bytes: Callable[[bytearray], None] = lambda _data: None) -> Handler:
    """A handler for a new connection: no read or write waits longer than that, small messages go at once,
    and what cannot be read ends the association.

    on_bytes: sees what is received. pynetdicom reads without a time-out and in pieces of 4 KiB.
    """

    def tune(event: evt.Event) -> None:
        wrapped = event.assoc.dul.socket
        if wrapped is None or wrapped.socket is None:
            return
        wrapped.socket.settimeout(seconds)
        wrapped.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wrapped.recv = lambda count: _received(wrapped, count, on_bytes)
        _guard(event.assoc)

    return (evt.EVT_CONN_OPEN, tune)


def _guard(association: Association) -> None:
    """Abort at a command set that cannot be read; pynetdicom's own thread would end without a word."""
    dimse = association.dimse
    take = dimse.receive_primitive

    def guarded(primitive: P_DATA) -> None:
        try:
            take(primitive)
        except Exception as error:  # noqa: BLE001  (whatever a stranger's bytes do to the parser)
            log.warning("an association was aborted: %s", type(error).__name__)
            dimse.message = None
            association.dul.event_queue.put(INVALID_PDU)

    dimse.receive_primitive = guarded


def _leave_answers(association: Association) -> None:
    """Let pynetdicom's own thread take N-EVENT-REPORTs alone, and whoever asked take the answers.

    That thread may take one more message after it was told to pause (its issue 875). An answer it takes
    is gone without a word: a search then finds an image too few, and a retrieval says that all are there.
    """
    dimse = association.dimse
    take = dimse.get_msg

    def left(block: bool = False) -> Any:
        if block or isinstance(dimse.peek_msg()[1], N_EVENT_REPORT):
            return take(block)
        return None, None

    dimse.get_msg = left


def _acknowledge_at_once(line: socket.socket) -> None:
    """Where the system can (Linux): a peer that sends a PDU in two small writes else waits 40 ms for us."""
    if QUICK_ACK is not None:
        line.setsockopt(socket.IPPROTO_TCP, QUICK_ACK, 1)


def _received(
    wrapped: AssociationSocket, count: int, on_bytes: Callable[[bytearray], None]
) -> bytearray:
    """`count` bytes, or fewer where the connection ended."""
    data, filled = bytearray(min(count, LARGEST_READ)), 0
    while filled < count:
        _acknowledge_at_once(wrapped.socket)
        if filled == len(data):
            data.extend(bytes(min(count - filled, LARGEST_READ)))
        with memoryview(data)[filled:] as free:
            got = wrapped.socket.recv_into(free)
        if not got:
            break
        filled += got
    del data[filled:]
    on_bytes(data)
    return data


def lost(node: Node) -> NetworkError:
    """The association ended before the answer came."""
    return fault(
        node,
        _("the connection broke, or no answer came within {seconds:g} s").format(
            seconds=node.timeouts.answer
        ),
    )


def entity(node: Node) -> AE:
    """Our application entity as the node knows it, with the node's time-outs."""
    ours = AE(ae_title=node.own_ae_title)
    ours.maximum_pdu_size = LARGEST_PDU
    ours.connection_timeout = node.timeouts.connect
    ours.acse_timeout = node.timeouts.answer
    ours.dimse_timeout = node.timeouts.answer
    ours.network_timeout = node.timeouts.answer
    return ours


def _open(
    node: Node,
    contexts: Sequence[PresentationContext],
    roles: Sequence[SCP_SCU_RoleSelectionNegotiation],
    handlers: Sequence[Handler],
) -> Association:
    seen = _Opening()
    watching = [
        tuned(node.timeouts.answer, seen.note),
        (evt.EVT_CONN_OPEN, lambda _event: seen.connect()),
    ]
    tls = (client_context(node.tls), node.host) if node.tls.on else None
    try:
        association = entity(node).associate(
            node.host,
            node.port,
            contexts=list(contexts),
            ae_title=node.ae_title or "ANY-SCP",
            max_pdu=LARGEST_PDU,
            ext_neg=list(roles),
            evt_handlers=[*watching, *handlers],
            tls_args=tls,
        )
    except (OSError, ValueError, TypeError) as error:
        raise fault(node, connection_words(node, error)) from error
    if association.is_established:
        _leave_answers(association)
        return association
    raise _refusal(node, association, seen)


def _refusal(node: Node, association: Association, seen: _Opening) -> NetworkError:
    if seen.is_rejection:
        return fault(node, rejection_words(node, seen.head[8], seen.head[9]))
    if not seen.connected:
        return fault(node, _diagnosis(node))
    if association.rejected_contexts:
        return NothingAccepted(
            str(fault(node, _("it offers none of the services that were asked for")))
        )
    if not seen.is_pdu:
        return fault(node, _("what answers at {place} is not DICOM").format(place=_place(node)))
    return fault(node, _silence(node, association))


def _silence(node: Node, association: Association) -> str:
    if association._sent_abort:
        return _("{place} takes the connection but does not answer within {seconds:g} s").format(
            place=_place(node), seconds=node.timeouts.answer
        )
    return _(
        "{place} closed the connection without an answer. It may want TLS or our certificate, or not be DICOM"
    ).format(place=_place(node))


def _diagnosis(node: Node) -> str:
    """Connect once more, plainly, to learn what pynetdicom keeps to itself."""
    try:
        with socket.create_connection((node.host, node.port), node.timeouts.connect) as plain:
            if node.tls.on:
                with client_context(node.tls).wrap_socket(plain, server_hostname=node.host):
                    pass
    except OSError as error:
        return connection_words(node, error)
    return _("the connection failed, but a second attempt stood. Try again")


def _place(node: Node) -> str:
    return f"{node.host}:{node.port}"


def _end(association: Association, politely: Callable[[], None]) -> None:
    if association.is_established:
        politely()
