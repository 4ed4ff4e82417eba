"""HL7 messages to a receiver by MLLP: framed, sent, and acknowledged or said to be refused.

HL7 Transport Specification: MLLP, Release 2; acknowledgements: HL7 v2.5.1 section 2.9.
"""

import socket
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic

from viewer.base.i18n import _
from viewer.dicom.network.faults import connection_words, fault
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.tls import client_context
from viewer.domain.pacs import Sent

START, END = b"\x0b", b"\x1c\r"
TAKEN = ("AA", "CA")
"""Acknowledgement codes (table 0008) of a message that was taken."""

LARGEST_ANSWER = 1 << 20
"""Bytes; an acknowledgement is a few hundred."""

CHUNK = 4096


def mllp_check(node: Node) -> float:
    """Seconds until the connection stood; raises NetworkError with the reason in words."""
    began = monotonic()
    _connected(node).close()
    return monotonic() - began


def mllp_files(
    node: Node, files: Sequence[Path], on_sent: Callable[[Path], None], watch: Watch
) -> Sent:
    """Send each file as one message; `on_sent` is told of each that was taken.

    Raises
    ------
    NetworkError : no connection, no answer in time, or an answer that is none
    Cancelled : the reader gave up
    """
    refused: list[tuple[str, str]] = []
    for file in files:
        watch.wait(0)
        reason = _sent(node, file.read_bytes(), watch)
        if reason:
            refused.append((file.name, reason))
        else:
            on_sent(file)
    return Sent((), 0, tuple(refused))


def _connected(node: Node) -> socket.socket:
    try:
        plain = socket.create_connection((node.host, node.port), node.timeouts.connect)
        if not node.tls.on:
            return plain
        return client_context(node.tls).wrap_socket(plain, server_hostname=node.host)
    except OSError as error:
        raise fault(node, connection_words(node, error)) from error


def _sent(node: Node, message: bytes, watch: Watch) -> str:
    """Why the receiver refuses the message, or "" where it takes it."""
    with _connected(node) as connection:
        watch.on_cancel(connection.close)
        connection.settimeout(node.timeouts.answer)
        try:
            connection.sendall(START + message + END)
            answer = _answer(connection)
        except OSError as error:
            watch.wait(0)
            raise fault(node, connection_words(node, error)) from error
    if answer is None:
        raise fault(node, _("it closed the connection without acknowledging the message"))
    return _refusal(node, answer)


def _answer(connection: socket.socket) -> bytes | None:
    """The framed answer without its frame; None where the connection ends before it."""
    received = b""
    while END not in received and len(received) < LARGEST_ANSWER:
        chunk = connection.recv(CHUNK)
        if not chunk:
            return None
        received += chunk
    return received.partition(START)[2].partition(END)[0]


def _refusal(node: Node, answer: bytes) -> str:
    segments = [line.split("|") for line in answer.decode("utf-8", "replace").split("\r")]
    told = next((fields for fields in segments if fields[0] == "MSA" and len(fields) > 1), None)
    if told is None:
        raise fault(node, _("what answers there is no HL7 receiver"))
    if told[1] in TAKEN:
        return ""
    errors = (" ".join(filter(None, fields[1:])) for fields in segments if fields[0] == "ERR")
    words = " ".join(filter(None, (*told[3:4], *errors))) or _("without giving a reason")
    return _("the receiver refuses the message ({code}): {words}").format(code=told[1], words=words)
