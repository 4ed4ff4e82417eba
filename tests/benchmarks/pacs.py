"""Speed of the network as ratios in one run: against dcmtk on a real Orthanc; and ten senders to our listener.

By hand: `PYTHONPATH=.:tests python tests/benchmarks/pacs.py [COUNT]`. COUNT instances of CT (500) are retrieved
and sent; then ten storescu at once send 5,000 small instances to the listener of a program with its window, whose
longest silence is measured.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

from pacs_images import write_study
from pacs_partners import Orthanc, Unwatched, free_port, running_orthanc
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from viewer.app.listening import start_listener
from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.retrieve import retrieve
from viewer.dicom.network.routing import Listener
from viewer.dicom.network.services import send
from viewer.ui.application import Application

CT_SIDE = 512
SENDERS, EACH = 10, 500
ROUNDS = 3


def seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def dcmtk(program: str, *arguments: object, **environment: str) -> None:
    """Run a program of dcmtk; its own Nagle setting can be changed by TCP_NODELAY."""
    subprocess.run(
        [program, *map(str, arguments)],
        check=True,
        capture_output=True,
        env={**os.environ, **environment},
    )


def retrieval(orthanc: Orthanc, study: str, count: int, home: Path) -> None:
    query = ("-k", "QueryRetrieveLevel=STUDY", "-k", f"StudyInstanceUID={study}")
    peer = ("127.0.0.1", orthanc.dicom_port)

    def theirs() -> None:
        shutil.rmtree(home / "getscu", ignore_errors=True)
        (home / "getscu").mkdir()
        dcmtk(
            "getscu", "-S", "-pdu", 131072, "-aec", "ORTHANC", *query, "-od", home / "getscu", *peer
        )
        assert len(list((home / "getscu").iterdir())) == count

    def ours() -> None:
        shutil.rmtree(home / "ours", ignore_errors=True)
        folder = IncomingFolder(home / "ours")
        end = retrieve(orthanc.node(), study, folder, lambda _progress: None, Unwatched())
        assert end.there == count

    compare("retrieve, C-GET, each file synced to the disk", "getscu", ours, theirs)


def sending(orthanc: Orthanc, files: list[Path]) -> None:
    def theirs() -> None:
        orthanc.empty()
        folder = files[0].parent
        dcmtk(
            "storescu",
            *("--max-pdu", 131072, "--max-send-pdu", 131072, "-aec", "ORTHANC"),
            *("127.0.0.1", orthanc.dicom_port, "+sd", folder),
        )

    def ours() -> None:
        orthanc.empty()
        sent = send(orthanc.node(), files, lambda _file: None, Unwatched())
        assert len(sent.uids) == len(files)

    compare("send, C-STORE", "storescu", ours, theirs)


def compare(what: str, name: str, ours: Callable[[], None], theirs: Callable[[], None]) -> None:
    """Alternating rounds in one run; the median of each."""
    mine, other = [], []
    for _round in range(ROUNDS):
        mine.append(seconds(ours))
        other.append(seconds(theirs))
    own, reference = sorted(mine)[ROUNDS // 2], sorted(other)[ROUNDS // 2]
    print(f"{what}: {own:.2f} s, {name} {reference:.2f} s, ratio {own / reference:.2f}")


def load(home: Path, senders: int = SENDERS, each: int = EACH) -> None:
    """Ten storescu at once to the listener of a program with its window."""
    os.environ["SECONDREAD_HOME"] = str(home / "home")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    studies = [write_study(home / f"sender{number}", (each,), side=64) for number in range(senders)]
    (home / "home").mkdir()
    qt = QApplication([])
    program = Application()
    port = free_port()
    settings = program.workbench.settings
    listener = Listener(on=True, port=port, quiet_s=5.0)
    settings.change(pacs=replace(settings.values.pacs, listener=listener))
    program.open([])
    network = program.workbench.session.network
    beats: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: beats.append(time.perf_counter()))
    timer.start(10)

    def until(reached: Callable[[], bool], most: float) -> None:
        end = time.perf_counter() + most
        while not reached() and time.perf_counter() < end:
            qt.processEvents()
            time.sleep(0.002)
        assert reached()

    start_listener(program.workbench)
    until(lambda: network.listener.on, 20)
    started = time.perf_counter()
    running = [
        subprocess.Popen(
            [
                *(
                    "storescu",
                    "-aet",
                    f"SENDER{place}",
                    "-aec",
                    "SECONDREAD",
                    "--max-pdu",
                    "131072",
                ),
                *("127.0.0.1", str(port), "+sd", str(files[0].parent)),
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for place, (_uid, files) in enumerate(studies)
    ]
    until(lambda: all(process.poll() is not None for process in running), 900)
    took = time.perf_counter() - started
    until(lambda: len(network.received) == senders and not network.receiving, 120)
    until(lambda: program.workbench.session.indexing is None, 120)
    kept = list((home / "home" / "incoming").rglob("*.dcm"))
    gaps = sorted(later - before for before, later in pairwise(beats))
    listed = sum(
        len(series.instances)
        for study in program.workbench.session.index.studies
        for series in study.series
    )
    print(
        f"{senders} associations at once, {senders * each} instances in {took:.1f} s "
        f"({senders * each / took:.0f}/s): senders failed {sum(bool(one.returncode) for one in running)}, "
        f"files kept {len(kept)}, listed {listed}; window: longest silence {1000 * gaps[-1]:.0f} ms, "
        f"99 % below {1000 * gaps[int(0.99 * len(gaps))]:.0f} ms"
    )
    program.window.close()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    with TemporaryDirectory() as place:
        home = Path(place)
        study, files = write_study(home / "ct", (count,), side=CT_SIDE)
        with running_orthanc(home / "orthanc", OverwriteInstances=True) as orthanc:
            sending(orthanc, files)
            retrieval(orthanc, study, count, home)
        load(home)


if __name__ == "__main__":
    main()
