"""Partners on the network for tests: a real Orthanc of their own, plain sockets that misbehave, nodes."""

import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from viewer.dicom.network.node import Node, NodeKind, Timeouts

ORTHANC = shutil.which("Orthanc", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
WORKLISTS = Path("/usr/share/orthanc/plugins/libModalityWorklists.so")
QUICK = Timeouts(connect=2.0, answer=2.0)
"""For a peer that will not answer."""

PATIENT = Timeouts(connect=10.0, answer=30.0)
"""For one that will, on a busy machine too."""

NOT_FOR_EVER_S = 25.0
"""Within it whatever is given up after QUICK has come back, on a busy machine too."""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Orthanc"]:
    """One Orthanc for the tests of a module."""
    with running_orthanc(tmp_path_factory.mktemp("orthanc")) as orthanc:
        yield orthanc


@pytest.fixture
def orthanc(running: "Orthanc") -> "Orthanc":
    """That Orthanc, emptied before each test that uses it."""
    running.empty()
    return running


def free_ports(count: int) -> list[int]:
    """So many different ones: each is held until all are chosen."""
    with ExitStack() as held:
        taken = [held.enter_context(socket.socket()) for _ in range(count)]
        for each in taken:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in taken]


def free_port() -> int:
    return free_ports(1)[0]


@dataclass(frozen=True)
class Orthanc:
    """A running Orthanc. own_port: where it sends what is moved to SECONDREAD."""

    dicom_port: int
    http_port: int
    own_port: int
    folder: Path

    def node(self, **changes: object) -> Node:
        values: dict[str, object] = {
            "name": "Test PACS",
            "ae_title": "ORTHANC",
            "host": "127.0.0.1",
            "port": self.dicom_port,
            "own_port": self.own_port,
            "timeouts": PATIENT,
        }
        return Node(**{**values, **changes})  # type: ignore[arg-type]

    def web(self, **changes: object) -> Node:
        values: dict[str, object] = {
            "name": "Test PACS (web)",
            "kind": NodeKind.WEB,
            "url": f"http://127.0.0.1:{self.http_port}/dicom-web",
            "timeouts": PATIENT,
        }
        return Node(**{**values, **changes})  # type: ignore[arg-type]

    def ask(self, path: str, method: str = "GET", data: bytes | None = None) -> object:
        url = f"http://127.0.0.1:{self.http_port}{path}"
        request = urllib.request.Request(url, data=data, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def instances(self) -> int:
        found = self.ask("/instances")
        assert isinstance(found, list)
        return len(found)

    def empty(self) -> None:
        patients = self.ask("/patients")
        assert isinstance(patients, list)
        for patient in patients:
            self.ask(f"/patients/{patient}", "DELETE")

    def take(self, *files: Path) -> None:
        for file in files:
            self.ask("/instances", "POST", file.read_bytes())


def configuration(folder: Path, orthanc: Orthanc, changes: dict[str, object]) -> dict[str, object]:
    return {
        "Name": "TestPACS",
        "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"),
        "Plugins": [str(path) for path in (PLUGIN, WORKLISTS) if path.exists()],
        "HttpPort": orthanc.http_port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DefaultEncoding": "Utf8",
        "DicomAet": "ORTHANC",
        "DicomPort": orthanc.dicom_port,
        "DicomCheckCalledAet": True,
        "DicomAlwaysAllowEcho": True,
        "DicomAlwaysAllowStore": True,
        "DicomAlwaysAllowFind": True,
        "DicomAlwaysAllowGet": True,
        "DicomAlwaysAllowMove": True,
        "DicomModalities": {
            "SECONDREAD": {
                "AET": "SECONDREAD",
                "Host": "127.0.0.1",
                "Port": orthanc.own_port,
                "AllowStorageCommitment": True,
            }
        },
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
        "Worklists": {"Enable": True, "Database": str(folder / "worklists")},
        **changes,
    }


@contextmanager
def running_orthanc(folder: Path, **changes: object) -> Iterator[Orthanc]:
    """Orthanc with a store of its own on free ports; ended by its process id. Skips where it is absent."""
    if ORTHANC is None:
        pytest.skip("Orthanc is not on this machine (Debian: orthanc, orthanc-dicomweb)")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "worklists").mkdir(exist_ok=True)
    orthanc = Orthanc(*free_ports(3), folder)
    (folder / "orthanc.json").write_text(json.dumps(configuration(folder, orthanc, changes)))
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [ORTHANC, str(folder / "orthanc.json")], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        _wait_for(orthanc, process)
        yield orthanc
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(orthanc: Orthanc, process: subprocess.Popen[bytes]) -> None:
    for _attempt in range(200):
        try:
            orthanc.ask("/system")
            return
        except OSError:
            assert process.poll() is None, (orthanc.folder / "log").read_text()
            time.sleep(0.1)
    raise AssertionError("Orthanc did not start")


@contextmanager
def peer(behave: Callable[[socket.socket], None], times: int = 4) -> Iterator[int]:
    """A plain socket on loopback that does `behave` with each of its first connections; yields the port."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.1)
    held: list[socket.socket] = []
    over = threading.Event()

    def serve() -> None:
        while len(held) < times and not over.is_set():
            try:
                taken, _address = listening.accept()
            except TimeoutError:
                continue
            taken.settimeout(20)
            held.append(taken)
            try:
                behave(taken)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield int(listening.getsockname()[1])
    finally:
        over.set()
        for taken in held:
            taken.close()
        thread.join(5)
        listening.close()


def silent(_connection: socket.socket) -> None:
    """Takes the connection and says nothing."""


def web_server(connection: socket.socket) -> None:
    """Answers whatever comes as a web server does."""
    connection.settimeout(5)
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    time.sleep(0.2)
    connection.close()


def at(port: int, **changes: object) -> Node:
    """A DICOM node on loopback."""
    values: dict[str, object] = {
        "name": "Peer",
        "ae_title": "PEER",
        "host": "127.0.0.1",
        "port": port,
        "timeouts": PATIENT,
    }
    return Node(**{**values, **changes})  # type: ignore[arg-type]


class Unwatched:
    """A Watch that is never cancelled."""

    cancelled = False

    def on_cancel(self, stop: Callable[[], None]) -> None:
        """Never called."""

    def wait(self, seconds: float) -> None:
        time.sleep(min(seconds, 0.05))
