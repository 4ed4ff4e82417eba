"""The real window while a long series loads: first image, stalls of the GUI thread, memory.

By hand: `python tests/benchmarks/loading.py [SLICES] [j2k|plain] [alone|network] [SLICE.dcm]`.
The series is one real CT slice with noise of its own each time. A timer ticks in the GUI thread; what it is
late is a stall. Meanwhile the network of the demo film reads it again and again, and the wheel turns.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

import imagecodecs
import numpy as np
from made_series import write_slices
from pydicom.data import get_testdata_file
from pydicom.uid import JPEG2000Lossless

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.open_study import open_paths
from viewer.app.prefetch import BUDGET_SHARE
from viewer.dicom.demo import demo_paths
from viewer.dicom.indexer import index
from viewer.domain.finding import RunState
from viewer.inference.analysis import Analysis, decide
from viewer.inference.applicability import Applicable
from viewer.inference.session import Device
from viewer.ui import theme
from viewer.ui.application import Application, make_responsive

TICK_MS = 2
WHEEL_EVERY_MS = 120
GOAL_STALL_MS, GOAL_FIRST, GOAL_MB = 50, 0.10, 300
LONGEST_S = 300


def j2k(values: np.ndarray) -> bytes:
    encoded: bytes = imagecodecs.jpeg2k_encode(values, level=0, codecformat="j2k", reversible=True)
    return encoded


SYNTAXES = {"j2k": (JPEG2000Lossless, j2k), "plain": ("", None)}


def resident_mb() -> float:
    with Path("/proc/self/status").open() as status:
        line = next(line for line in status if line.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


class Watch:
    """Ticks, and keeps how late each tick was, ms."""

    def __init__(self) -> None:
        self.late: list[tuple[float, float]] = []
        self._due = time.perf_counter()
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._due = time.perf_counter() + TICK_MS / 1000
        self._timer.start(TICK_MS)

    def _tick(self) -> None:
        now = time.perf_counter()
        self.late.append(((now - self._due) * 1000, now))
        self._due = now + TICK_MS / 1000

    def report(self) -> str:
        late = np.maximum([value for value, _at in self.late], 0)
        p50, p99 = np.percentile(late, [50, 99])
        over = int((late > GOAL_STALL_MS).sum())
        return (
            f"stall of the GUI thread: p50 {p50:.1f}, p99 {p99:.1f}, max {late.max():.1f} ms "
            f"(goal {GOAL_STALL_MS}); {over} of {late.size} ticks beyond"
        )


class NetworkLoop:
    """Runs the model that takes the demo film on it, again and again, in the inference lane."""

    def __init__(self, program: Application) -> None:
        self.runs = 0
        self._workbench = program.workbench
        found = index(demo_paths(), lambda _study: None, lambda _share: None)
        films = (shown for study in found.studies for shown in study.display_sets)
        self._film = next(shown for shown in films if shown.modality in ("CR", "DX"))
        self._package = next(
            package
            for package in self._workbench.models.packages
            if isinstance(decide(package, self._film.acquisition, self._film, ""), Applicable)
        )

    def start(self) -> None:
        device = Device(self._workbench.settings.values.inference.device)

        def work(context: JobContext) -> Analysis:
            return analyze_display_set(
                self._package,
                self._film,
                self._workbench.sessions,
                device,
                "",
                context.report,
                context.on_cancel,
            )

        def again(result: Analysis) -> None:
            if result.run.state is not RunState.DONE:
                raise SystemExit(f"The network did not run: {result.run.reason}")
            self.runs += 1
            self.start()

        self._workbench.jobs.submit(Job("benchmark network", Lane.INFER, work, again))


def turn_wheel(program: Application) -> None:
    """One notch back or forth over the image."""
    viewport = program.window.viewport
    centre = QPointF(viewport.width() / 2, viewport.height() / 2)
    down = int(time.perf_counter()) % 2 * 240 - 120
    event = QWheelEvent(
        centre,
        centre,
        QPoint(),
        QPoint(0, down),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def wait_until(application: QApplication, done: object) -> float:
    """Seconds until `done()` holds."""
    start = time.perf_counter()
    while not done() and time.perf_counter() - start < LONGEST_S:  # type: ignore[operator]
        application.processEvents()
        time.sleep(0.0005)
    return time.perf_counter() - start


def main(slices: int, kind: str, with_network: bool, source: Path) -> None:
    """Print first image, full load, stalls and memory."""
    application = QApplication([])
    theme.apply_theme(application)
    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryDirectory() as folder:
        os.environ["SECONDREAD_HOME"] = home
        syntax, encode = SYNTAXES[kind]
        write_slices(Path(folder), slices, source, syntax, encode)
        program = Application()
        make_responsive()
        program.open([])
        application.processEvents()
        before = resident_mb()
        network, watch, wheel = NetworkLoop(program), Watch(), QTimer()
        if with_network:
            network.start()
        wheel.timeout.connect(lambda: turn_wheel(program))
        frames, session = program.workbench.frames, program.workbench.session
        watch.start()
        start = time.perf_counter()
        open_paths(program.workbench, [Path(folder)])
        wait_until(application, lambda: program.window.viewport.frame is not None)
        first = time.perf_counter() - start
        wheel.start(WHEEL_EVERY_MS)
        assert program.window.viewport.frame is not None
        frame_mb = program.window.viewport.frame.stored.nbytes / 2**20
        budget = program.workbench.settings.values.display.cache_mb

        def loaded() -> bool:
            shown = session.shown
            whole = shown is not None and len(shown.display_set.frames) == slices
            held = frames.held_bytes / 2**20
            return (
                whole
                and session.indexing is None
                and held >= min((slices - 0.5) * frame_mb, BUDGET_SHARE * budget - 2 * frame_mb)
            )

        wait_until(application, loaded)
        full = time.perf_counter() - start
        held = frames.held_bytes / 2**20
        print(
            f"{slices} {kind} slices, {frame_mb * slices:.0f} MB of voxels, {os.cpu_count()} cores"
        )
        print(
            f"first image {first:.2f} s, full load {full:.2f} s, ratio {first / full:.3f} (goal {GOAL_FIRST})"
        )
        print(watch.report(), f"; the network ran {network.runs} times meanwhile")
        after = resident_mb()
        print(
            f"resident {after:.0f} MB ({before:.0f} before), {held:.0f} MB of them frames (budget {budget}): "
            f"{after - held:.0f} MB beside them (goal {GOAL_MB})"
        )
        program.window.close()


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 1000,
        sys.argv[2] if len(sys.argv) > 2 else "j2k",
        (sys.argv[3] if len(sys.argv) > 3 else "network") == "network",
        Path(sys.argv[4] if len(sys.argv) > 4 else str(get_testdata_file("693_UNCR.dcm"))),
    )
