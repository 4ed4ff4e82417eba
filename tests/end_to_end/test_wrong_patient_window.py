"""Patients are switched while everything loads late and in any order: the window never mixes them.

Weasis issue 683 (the explorer jumps to another patient while an exam loads) and the like.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import numpy as np
import pytest
from dicom_films import write_film
from end_to_end_steps import grey
from late_runner import LateRunner
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit
from pytestqt.qtbot import QtBot

from viewer.app import review_findings
from viewer.app.ai_state import ai_states
from viewer.app.compose import compose
from viewer.app.heatmaps import shown_heatmaps
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.run_inference import run_models_on
from viewer.app.workbench import Workbench
from viewer.domain.study import Study
from viewer.ui import theme
from viewer.ui.dialogs.qt_dialogs import QtDialogs
from viewer.ui.main_window import MainWindow
from viewer.ui.panels.finding_card import FindingCard
from viewer.ui.viewport import viewport as viewport_module
from viewer.ui.viewport.corner_text import Corners

NAMES = {"2.25.1": "DOE", "2.25.2": "ROE"}
"""Study to patient."""

PATCH = {"2.25.1": 4000, "2.25.2": 0}
"""Stored value of a square in a corner of each patient's films: white and black."""

LARGE = (0.22, 0.70)
ACTS_PER_RUN = 120
SEEDS = range(8)


@pytest.fixture
def films(tmp_path: Path) -> Path:
    """Two studies of two films each, told apart by name and by a square."""
    for study_uid, name in NAMES.items():
        for number in (1, 2):
            values = grey(LARGE)
            values[20:80, 380:440] = PATCH[study_uid]
            path = tmp_path / f"{name}_{number}.dcm"
            study = (f"{name}^X", f"ID-{name}", study_uid)
            write_film(path, values, *study, number=number)
    return tmp_path


@dataclass
class Seen:
    """What was painted: the corners' words and the maps, each time."""

    corners: list[Corners] = field(default_factory=list)


class Window:
    """The real window over a runner that is late, with the checks that hold at any moment."""

    def __init__(self, qtbot: QtBot, runner: LateRunner, seen: Seen) -> None:
        self.bench: Workbench = compose(runner, QtDialogs)
        self.main = MainWindow(self.bench, runner.shutdown)
        qtbot.addWidget(self.main)
        self.main.resize(1200, 800)
        self.main.show()
        self.seen = seen

    @property
    def study(self) -> Study:
        assert self.bench.session.shown is not None
        return self.bench.session.shown.study

    def check(self) -> None:
        """Pixels, words, maps, findings, report and window all carry the UIDs of the study shown."""
        shown = self.bench.session.shown
        if shown is None:
            return
        self.seen.corners.clear()
        picture = self.main.viewport.grab().toImage()
        uid, name = shown.study.uid, NAMES[shown.study.uid]
        assert shown.case.study_uid == uid == shown.display_set.study_uid
        frame = self.main.viewport.frame
        if frame is not None:
            assert frame.ref in shown.display_set.frames
            assert frame.stored[50, 410] == PATCH[uid]
            transform = self.main.viewport.transform_now()
            assert transform is not None
            ((x, y),) = transform.view_from_image.apply(np.array([[410.0, 50.0]])).tolist()
            painted = picture.pixelColor(round(x), round(y)).lightness()
            assert (painted > 127) == (PATCH[uid] > 0)
        assert self.seen.corners, "the corners were painted"
        for corners in self.seen.corners:
            assert name in " ".join(corners.top_left)
        for heatmap in shown_heatmaps(self.bench):
            assert heatmap.ref.place == shown.ref.place
        self._check_panels(name)

    def _check_panels(self, name: str) -> None:
        session = self.bench.session
        assert session.shown is not None
        case, other = session.shown.case, ({*NAMES.values()} - {name}).pop()
        labels = self.main.statusBar().findChildren(QLabel)
        words = " ".join(label.text() for label in labels)
        assert name in words
        assert other not in words
        known = {finding.tracking_uid for finding in case.findings}
        for card in self.main.findings.findChildren(FindingCard):
            assert not card.isVisible() or card.tracking_uid in known
        assert other not in self.report_field.toPlainText()
        assert {run.study_uid for run in case.runs.values()} <= {session.shown.study.uid}
        for state in ai_states(self.bench, session.shown.study, session.shown.display_set):
            assert state.run is None or state.run.study_uid == session.shown.study.uid
        assert self.main.windowTitle() == "SecondRead"

    @property
    def report_field(self) -> QPlainTextEdit:
        (box,) = self.main.findings.findChildren(QPlainTextEdit)
        return box


@pytest.fixture
def make_window(
    qtbot: QtBot, phantom_model: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[LateRunner], Window]]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply_theme(application)
    seen, paint = Seen(), viewport_module.paint_corners

    def record(painter, view, corners):  # type: ignore[no-untyped-def]
        seen.corners.append(corners)
        paint(painter, view, corners)

    monkeypatch.setattr(viewport_module, "paint_corners", record)
    yield lambda runner: Window(qtbot, runner, seen)


def switch(window: Window, lot: Random) -> None:
    studies = [study for study in window.bench.session.index.studies if study.display_sets]
    if studies:
        study = lot.choice(studies)
        show_display_set(window.bench, study, lot.choice(study.display_sets))


def toggle(window: Window, lot: Random) -> None:
    window.bench.session.set_overlay(visible=lot.random() < 0.8, below=lot.random() < 0.5)


def analyze(window: Window, _lot: Random) -> None:
    shown = window.bench.session.shown
    if shown is not None and shown.study in window.bench.session.index.studies:
        run_models_on(window.bench, shown.study, shown.display_set)


def write(window: Window, _lot: Random) -> None:
    if window.bench.session.shown is not None:
        window.report_field.setPlainText(f"Report of {NAMES[window.study.uid]}")


def decide(window: Window, _lot: Random) -> None:
    case = window.bench.session.case
    if case is not None and case.proposed:
        review_findings.confirm(window.bench, case.proposed[0])


ACTS = (switch, switch, switch, toggle, analyze, write, decide)


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_comes_late_and_in_any_order_one_window_shows_one_patient(
    make_window: Callable[[LateRunner], Window], films: Path, seed: int
) -> None:
    lot = Random(seed)
    runner = LateRunner(lot)
    window = make_window(runner)
    open_paths(window.bench, [films])
    for _ in range(ACTS_PER_RUN):
        if lot.random() < 0.7:
            runner.step()
        else:
            lot.choice(ACTS)(window, lot)
        window.check()
    while runner.step():
        window.check()
    for study in window.bench.session.index.studies:
        show_display_set(window.bench, study, study.display_sets[0])
        while runner.step():
            window.check()
        window.check()
        assert window.main.viewport.frame is not None
        case = window.bench.session.case_of(study)
        assert case.text in ("", f"Report of {NAMES[study.uid]}")
        sources = {
            finding.localization.sop_instance_uid
            for finding in case.findings
            if finding.localization
        }
        own = {
            instance.sop_instance_uid for series in study.series for instance in series.instances
        }
        assert sources <= own


def test_a_frame_that_comes_after_the_switch_is_not_painted(
    make_window: Callable[[LateRunner], Window], films: Path
) -> None:
    """The worst order of all, not left to the lot: index, then both decodes, the older last."""
    runner = LateRunner(Random(0))
    window = make_window(runner)
    open_paths(window.bench, [films])
    while not window.bench.session.index.studies:
        runner.step()
    doe, roe = sorted(window.bench.session.index.studies, key=lambda study: study.uid)
    show_display_set(window.bench, doe, doe.display_sets[0])
    show_display_set(window.bench, roe, roe.display_sets[0])
    window.check()
    assert window.main.viewport.frame is None
    assert window.main.viewport.message == "Loading…"
    while runner.step():
        window.check()
    frame = window.main.viewport.frame
    assert frame is not None
    assert frame.ref.path.name.startswith("ROE")
