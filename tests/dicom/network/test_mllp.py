"""MLLP against real sockets: taken, refused with the receiver's words, silent, gone, or no HL7 at all."""

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from viewer.base.errors import Cancelled, NetworkError
from viewer.dicom.network.mllp import END, START
from viewer.dicom.network.node import Node, NodeKind, Timeouts
from viewer.dicom.network.services import check, send

MESSAGE = "MSH|^~\\&|SECONDREAD||||1||ORU^R01^ORU_R01|1|T|2.5.1\rPID|1||Ä 王\r"


class Watching:
    """Never given up."""

    cancelled = False

    def on_cancel(self, stop: Callable[[], None]) -> None:
        pass

    def wait(self, seconds: float) -> None:
        if self.cancelled:
            raise Cancelled


class Receiver:
    """Listens on a free port and answers each message with `answer`; None: closes without a word."""

    def __init__(self, answer: bytes | None) -> None:
        self.answer, self.heard = answer, [b""]
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listening.accept()
            except OSError:
                return
            with connection:
                heard = b""
                while END not in heard and (chunk := connection.recv(4096)):
                    heard += chunk
                self.heard.append(heard)
                if self.answer is not None:
                    connection.sendall(self.answer)

    def close(self) -> None:
        self._listening.close()


@pytest.fixture
def receiver() -> Iterator[Callable[[bytes | None], Receiver]]:
    started: list[Receiver] = []

    def start(answer: bytes | None) -> Receiver:
        started.append(Receiver(answer))
        return started[-1]

    yield start
    for one in started:
        one.close()


@pytest.fixture
def message(tmp_path: Path) -> Path:
    path = tmp_path / "report.hl7"
    path.write_bytes(MESSAGE.encode("utf-8"))
    return path


def node(port: int) -> Node:
    quick = Timeouts(connect=2.0, answer=1.0)
    return Node("RIS", NodeKind.HL7, host="127.0.0.1", port=port, timeouts=quick)


def framed(text: str) -> bytes:
    return START + text.encode("utf-8") + END


def test_a_message_that_is_acknowledged_was_sent_byte_by_byte(
    receiver: Callable[[bytes | None], Receiver], message: Path
) -> None:
    taken = receiver(framed("MSH|^~\\&|RIS||||1||ACK|1|T|2.5.1\rMSA|AA|1\r"))
    told: list[Path] = []
    sent = send(node(taken.port), [message], told.append, Watching())
    assert told == [message] and sent.refused == ()
    assert taken.heard[-1] == START + MESSAGE.encode("utf-8") + END


def test_a_refused_message_is_said_in_the_receivers_words_and_not_counted_as_sent(
    receiver: Callable[[bytes | None], Receiver], message: Path
) -> None:
    refusing = receiver(framed("MSH|x\rMSA|AE|1|Unknown patient\r"))
    told: list[Path] = []
    sent = send(node(refusing.port), [message], told.append, Watching())
    ((name, reason),) = sent.refused
    assert told == [] and name == "report.hl7"
    assert "AE" in reason and "Unknown patient" in reason


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (None, "without acknowledging"),
        (framed("HTTP/1.1 400 Bad Request"), "no HL7 receiver"),
    ],
)
def test_what_is_no_acknowledgement_is_a_fault_of_the_node(
    receiver: Callable[[bytes | None], Receiver],
    message: Path,
    answer: bytes | None,
    words: str,
) -> None:
    with pytest.raises(NetworkError, match=f"RIS: .*{words}"):
        send(node(receiver(answer).port), [message], lambda _file: None, Watching())


def test_a_silent_receiver_is_given_up_after_its_time(
    receiver: Callable[[bytes | None], Receiver], message: Path
) -> None:
    with pytest.raises(NetworkError, match="RIS"):
        send(node(receiver(START + b"MSH|").port), [message], lambda _file: None, Watching())


def test_nobody_there_is_said(message: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NetworkError, match="nothing listens"):
        send(node(port), [message], lambda _file: None, Watching())


def test_the_check_says_how_long_it_took(
    receiver: Callable[[bytes | None], Receiver],
) -> None:
    assert 0 <= check(node(receiver(None).port)) < 2
