"""Faults with real sockets: each is said, nothing is lost, and nothing hangs beyond its time-out."""

import errno
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from pacs_images import write_instance, write_study
from pacs_partners import NOT_FOR_EVER_S, QUICK, Unwatched, at, free_port, peer
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid
from pynetdicom import AE, build_context, evt
from pynetdicom.sop_class import (
    CTImageStorage,
    StudyRootQueryRetrieveInformationModelFind,
    StudyRootQueryRetrieveInformationModelGet,
    Verification,
)

from viewer.base.errors import NetworkError
from viewer.dicom.network import incoming
from viewer.dicom.network.arrival import Arrival
from viewer.dicom.network.association import associated
from viewer.dicom.network.echo import echo
from viewer.dicom.network.find import find_studies
from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.node import Node
from viewer.dicom.network.receiver import Receiver, Receiving, received_here
from viewer.dicom.network.retrieve import retrieve
from viewer.dicom.network.services import send
from viewer.domain.pacs import Kept, Progress, StudyQuery

FIND, GET = StudyRootQueryRetrieveInformationModelFind, StudyRootQueryRetrieveInformationModelGet


@dataclass
class Archive:
    """A small PACS that misbehaves as told.

    aborts: for each C-GET, after how many images it aborts. listed: of how many files it knows in a C-FIND.
    """

    files: list[Path]
    aborts: list[int] = field(default_factory=list)
    stall: float = 0.0
    twice: bool = False
    served: int = 0
    listed: int | None = None

    def find(self, event: evt.Event) -> Iterator[tuple[int, Dataset | None]]:
        asked = event.identifier
        seen = set()
        for file in self.files[: self.listed]:
            known = dcmread(file, stop_before_pixels=True)
            answer = Dataset()
            answer.QueryRetrieveLevel = asked.QueryRetrieveLevel
            for keyword in (
                "StudyInstanceUID",
                "SeriesInstanceUID",
                "SOPInstanceUID",
                "SOPClassUID",
            ):
                if keyword in asked:
                    setattr(answer, keyword, known.get(keyword))
            if asked.QueryRetrieveLevel == "STUDY":
                answer.NumberOfStudyRelatedInstances = len(self.files)
            row = answer.to_json()
            if row not in seen:
                seen.add(row)
                yield 0xFF00, answer

    def get(self, event: evt.Event) -> Iterator[object]:
        asked = event.identifier
        wanted = asked.get("SOPInstanceUID")
        uids = [wanted] if isinstance(wanted, str) else wanted
        chosen = [dcmread(file) for file in self.files]
        chosen = [one for one in chosen if not uids or one.SOPInstanceUID in uids]
        series = asked.get("SeriesInstanceUID")
        chosen = [one for one in chosen if series in (None, one.SeriesInstanceUID)]
        chosen += chosen if self.twice else []
        limit = self.aborts.pop(0) if self.aborts else None
        yield len(chosen)
        for place, one in enumerate(chosen):
            if place == limit:
                event.assoc.abort()
                return
            time.sleep(self.stall)
            self.served += 1
            yield 0xFF00, one


@contextmanager
def serving(archive: Archive) -> Iterator[Node]:
    ours = AE("PEER")
    ours.add_supported_context(FIND)
    ours.add_supported_context(GET)
    ours.add_supported_context(CTImageStorage, scu_role=True, scp_role=True)
    port = free_port()
    handlers = [(evt.EVT_C_FIND, archive.find), (evt.EVT_C_GET, archive.get)]
    server = ours.start_server(("127.0.0.1", port), block=False, evt_handlers=handlers)
    try:
        yield at(port)
    finally:
        server.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> IncomingFolder:
    return IncomingFolder(tmp_path / "incoming")


def fetched(node: Node, study: str, folder: IncomingFolder) -> Progress:
    return retrieve(node, study, folder, lambda _progress: None, Unwatched())


def whole(folder: IncomingFolder, study: str) -> int:
    """Files of a study that can be read to the end; a half one would raise."""
    return len([dcmread(path).pixel_array for path in folder.study_folder(study).glob("*.dcm")])


def test_a_transfer_that_is_aborted_goes_on_where_it_broke(
    tmp_path: Path, folder: IncomingFolder
) -> None:
    study, files = write_study(tmp_path / "sent", (12,))
    archive = Archive(files, aborts=[3, 4])
    with serving(archive) as node:
        end = fetched(node, study, folder)
    assert end.there == whole(folder, study) == 12
    assert archive.served == 12


def test_a_transfer_that_always_breaks_is_given_up_and_what_came_is_kept(
    tmp_path: Path, folder: IncomingFolder
) -> None:
    study, files = write_study(tmp_path / "sent", (5,))
    with (
        serving(Archive(files, aborts=[2, *[0] * 20])) as node,
        pytest.raises(NetworkError, match="2 images arrived and are kept, of 5"),
    ):
        fetched(node, study, folder)
    assert whole(folder, study) == 2
    with serving(Archive(files)) as node:
        assert fetched(node, study, folder).there == 5


def test_no_answer_is_lost_to_a_thread_of_the_library_that_did_not_pause_in_time(
    tmp_path: Path,
) -> None:
    study, files = write_study(tmp_path / "sent", (5,))
    asked = Dataset()
    asked.QueryRetrieveLevel, asked.StudyInstanceUID = "IMAGE", study
    asked.SOPInstanceUID = None
    found = set()
    with (
        serving(Archive(files)) as node,
        associated(node, [build_context(FIND)]) as association,
    ):
        for _status, answer in association.send_c_find(asked, FIND):
            if answer is not None:
                found.add(answer.SOPInstanceUID)
                _until(lambda: association.dimse.peek_msg()[1] is not None)
                association.dimse.get_msg(block=False)  # the library's thread, a turn too late
    assert len(found) == len(files)


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + NOT_FOR_EVER_S
    while not reached() and time.monotonic() < end:
        time.sleep(0.001)


def test_a_list_that_ends_early_without_a_word_is_not_taken_for_the_whole_study(
    tmp_path: Path, folder: IncomingFolder
) -> None:
    study, files = write_study(tmp_path / "sent", (3, 2))
    with (
        serving(Archive(files, listed=3)) as node,
        pytest.raises(NetworkError, match="it counts 5 images in the study, but listed fewer: 3 a"),
    ):
        fetched(node, study, folder)
    assert whole(folder, study) == 3
    with serving(Archive(files)) as node:
        assert fetched(node, study, folder).there == 5


def test_a_slow_peer_is_given_up_after_its_time_out(tmp_path: Path, folder: IncomingFolder) -> None:
    study, files = write_study(tmp_path / "sent", (2,))
    started = time.monotonic()
    with serving(Archive(files, stall=30)) as node:
        with pytest.raises(NetworkError, match="no answer came within 2 s"):
            fetched(replace(node, timeouts=QUICK), study, folder)
        assert time.monotonic() - started < NOT_FOR_EVER_S


def test_instances_that_come_twice_are_kept_once(tmp_path: Path, folder: IncomingFolder) -> None:
    study, files = write_study(tmp_path / "sent", (3,))
    with serving(Archive(files, twice=True)) as node:
        end = fetched(node, study, folder)
    assert (end.there, end.conflicts) == (3, 0)
    assert len(list(folder.root.rglob("*.dcm"))) == 3


def test_the_same_uid_with_other_content_is_kept_aside_and_told(
    tmp_path: Path, folder: IncomingFolder
) -> None:
    study, uid = generate_uid(), generate_uid()
    first = write_instance(tmp_path / "a.dcm", study, "1.2.3", 1, SOPInstanceUID=uid)
    other = write_instance(
        tmp_path / "b.dcm", study, "1.2.3", 1, SOPInstanceUID=uid, PatientName="Roe^R"
    )
    arrived: list[Arrival] = []
    settings = Receiving(port=free_port(), silence=2.0)
    with received_here(settings, folder, arrived.append):
        node = at(settings.port, ae_title="SECONDREAD")
        for file in (first, other, first, other):
            send(node, [file], lambda _file: None, Unwatched())
    assert [one.kept for one in arrived] == [Kept.NEW, Kept.CONFLICT, Kept.SAME, Kept.CONFLICT]
    assert dcmread(folder.path_of(study, uid)) == dcmread(first)
    (aside,) = folder.aside.glob("*.dcm")
    assert dcmread(aside) == dcmread(other)


def test_one_study_that_holds_a_uid_twice_with_other_content_says_so(
    tmp_path: Path, folder: IncomingFolder
) -> None:
    study, uid = generate_uid(), generate_uid()
    files = [
        write_instance(
            tmp_path / f"{name}.dcm", study, "1.2.3", 1, SOPInstanceUID=uid, PatientName=name
        )
        for name in ("Doe", "Roe")
    ]
    with serving(Archive(files)) as node:
        end = fetched(node, study, folder)
    assert (end.there, end.conflicts) == (1, 1)
    assert dcmread(folder.path_of(study, uid)).PatientName == "Doe"


def test_the_same_content_in_another_syntax_is_no_conflict(
    tmp_path: Path, folder: IncomingFolder
) -> None:
    study, (file,) = write_study(tmp_path / "sent", (1,))
    with received(folder) as (receiver, node):
        send(node, [file], lambda _file: None, Unwatched())
        implicit = dcmread(file)
        implicit.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2"
        implicit.save_as(tmp_path / "implicit.dcm", implicit_vr=True)
        send(node, [tmp_path / "implicit.dcm"], lambda _file: None, Unwatched())
    assert len(folder.there(study)) == 1
    assert not folder.aside.exists()
    assert receiver.not_taken == 0


def full(_descriptor: int) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_said_and_leaves_no_half_file(
    tmp_path: Path, folder: IncomingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, files = write_study(tmp_path / "sent", (6,))
    calls = iter([None, None])
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if next(calls, "over") == "over":
            full(descriptor)
        real(descriptor)

    monkeypatch.setattr(incoming, "_sync_folder", lambda _folder: None)
    monkeypatch.setattr(incoming.os, "fsync", fsync)
    with serving(Archive(files)) as node:
        with pytest.raises(NetworkError, match="disk of this computer is full"):
            fetched(node, study, folder)
        assert whole(folder, study) == 2
        assert not list(folder.root.rglob("*.part"))
        monkeypatch.setattr(incoming.os, "fsync", real)
        assert fetched(node, study, folder).there == 6


@contextmanager
def received(folder: IncomingFolder, silence: float = 2.0) -> Iterator[tuple[Receiver, Node]]:
    port = free_port()
    arrived: list[Arrival] = []
    settings = Receiving(port=port, silence=silence)
    with received_here(settings, folder, arrived.append) as receiver:
        yield receiver, at(port, ae_title="SECONDREAD", own_ae_title="SCANNER")


def test_a_sender_is_told_that_our_disk_is_full_and_success_is_never_claimed(
    tmp_path: Path, folder: IncomingFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    study, files = write_study(tmp_path / "sent", (3,))
    monkeypatch.setattr(incoming.os, "fsync", full)
    with received(folder) as (receiver, node):
        sent = send(node, files, lambda _file: None, Unwatched())
    assert sent.uids == ()
    assert {reason for _name, reason in sent.refused} == {
        "it is out of space or other resources (0xa700)"
    }
    assert receiver.disk_fault is not None
    assert not folder.there(study)


def request(called: str = "SECONDREAD", calling: str = "SCANNER") -> bytes:
    """An A-ASSOCIATE-RQ for CT storage and verification, written by hand (PS3.8 9.3.2)."""

    def item(kind: int, content: bytes) -> bytes:
        return struct.pack(">BBH", kind, 0, len(content)) + content

    contexts = b"".join(
        item(
            0x20,
            bytes([number, 0, 0, 0])
            + item(0x30, uid.encode())
            + item(0x40, b"1.2.840.10008.1.2.1"),
        )
        for number, uid in ((1, str(CTImageStorage)), (3, str(Verification)))
    )
    user = item(0x50, item(0x51, struct.pack(">L", 16384)) + item(0x52, b"1.2.3.4"))
    body = (
        struct.pack(">HH", 1, 0)
        + called.ljust(16).encode()
        + calling.ljust(16).encode()
        + bytes(32)
        + item(0x10, b"1.2.840.10008.3.1.1.1")
        + contexts
        + user
    )
    return struct.pack(">BBL", 1, 0, len(body)) + body


def pdata(content: bytes, control: int, context: int = 1) -> bytes:
    """A P-DATA-TF with one PDV (PS3.8 9.3.5)."""
    value = bytes([context, control]) + content
    return struct.pack(">BBLL", 4, 0, len(value) + 4, len(value)) + value


def element(tag: tuple[int, int], content: bytes) -> bytes:
    return struct.pack("<HHL", *tag, len(content)) + content


def command(**changes: bytes) -> bytes:
    """The command set of a C-STORE-RQ in Implicit VR Little Endian (PS3.7 9.3.1)."""
    parts = {
        "class": element((0, 2), str(CTImageStorage).encode() + b"\0"),
        "field": element((0, 0x100), struct.pack("<H", 1)),
        "id": element((0, 0x110), struct.pack("<H", 7)),
        "priority": element((0, 0x700), struct.pack("<H", 0)),
        "data": element((0, 0x800), struct.pack("<H", 1)),
        "instance": element((0, 0x1000), b"1.2.3.4.5.6\0"),
        **changes,
    }
    rest = b"".join(parts.values())
    return element((0, 0), struct.pack("<L", len(rest))) + rest


MALFORMED = {
    "no PDU at all": b"GET / HTTP/1.1\r\n\r\n",
    "an unknown PDU type": b"\x42\x00\x00\x00\x00\x04abcd",
    "a PDU that claims four gigabytes": b"\x04\x00\xff\xff\xff\xff" + bytes(64),
    "a PDV longer than its PDU": struct.pack(">BBLL", 4, 0, 10, 5000) + b"\x01\x03abcd",
    "a command set of noise": pdata(bytes(range(256)) * 3, 3),
    "a command set cut short": pdata(command()[:20], 3),
    "an element longer than the command set": pdata(
        command(instance=struct.pack("<HHL", 0, 0x1000, 2**31) + b"1.2"), 3
    ),
    "an unknown command field": pdata(
        command(field=element((0, 0x100), struct.pack("<H", 0x7777))), 3
    ),
    "a context that was not negotiated": pdata(command(), 3, context=99),
    "a dataset of noise": pdata(command(), 3) + pdata(os.urandom(4000), 2),
    "an empty dataset": pdata(command(), 3) + pdata(b"", 2),
    "half a transfer and silence": pdata(command(), 3) + pdata(b"\x08\x00\x05\x00CS", 0),
}


@pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("words", MALFORMED)
def test_whatever_a_stranger_sends_the_receiver_goes_on(
    words: str, tmp_path: Path, folder: IncomingFolder
) -> None:
    study, files = write_study(tmp_path / "sent", (2,))
    with received(folder, silence=1.0) as (_receiver, node):
        with socket.create_connection((node.host, node.port), 5) as line:
            line.settimeout(NOT_FOR_EVER_S)
            if words != "no PDU at all":
                line.sendall(request())
                assert line.recv(6)[0] == 2, "the association should be accepted"
            line.sendall(MALFORMED[words])
            started = time.monotonic()
            _read_to_the_end(line, words)
            assert time.monotonic() - started < NOT_FOR_EVER_S
        sent = send(node, files, lambda _file: None, Unwatched())
    assert len(sent.uids) == 2
    assert whole(folder, study) == 2
    assert not list(folder.root.rglob("*.part"))


def _read_to_the_end(line: socket.socket, words: str) -> None:
    """Until the receiver closes; an instance it could not understand is answered, the line stays open."""
    answered = words in ("a dataset of noise", "an empty dataset")
    try:
        while line.recv(4096):
            if answered:
                return
    except ConnectionError:
        return


def test_a_peer_that_accepts_and_then_talks_nonsense_is_told() -> None:
    def nonsense(line: socket.socket) -> None:
        line.recv(8192)
        line.sendall(struct.pack(">BBL", 2, 0, 40) + bytes(40))

    started = time.monotonic()
    with peer(nonsense) as port, pytest.raises(NetworkError):
        echo(at(port))
    assert time.monotonic() - started < NOT_FOR_EVER_S


def test_a_rejected_query_is_told_and_not_read_as_no_match() -> None:
    ours = AE("PEER")
    ours.add_supported_context(FIND)
    port = free_port()

    def refuse(_event: evt.Event) -> Iterator[tuple[int, None]]:
        yield 0xA700, None

    server = ours.start_server(
        ("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_FIND, refuse)]
    )
    try:
        with pytest.raises(NetworkError, match="out of space or other resources"):
            find_studies(at(port), StudyQuery(), Unwatched())
    finally:
        server.shutdown()


def test_a_query_that_is_cut_off_is_told_and_not_read_as_no_match() -> None:
    ours = AE("PEER")
    ours.add_supported_context(FIND)
    port = free_port()

    def cut(event: evt.Event) -> Iterator[tuple[int, None]]:
        event.assoc.abort()
        yield 0x0000, None

    server = ours.start_server(
        ("127.0.0.1", port), block=False, evt_handlers=[(evt.EVT_C_FIND, cut)]
    )
    try:
        with pytest.raises(NetworkError, match="connection broke"):
            find_studies(at(port), StudyQuery(), Unwatched())
    finally:
        server.shutdown()
