"""Killed between two decisions: what was decided is there at the next start, what was not is still asked."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from end_to_end_steps import Reader
from PySide6.QtCore import Qt

from viewer.app.heatmaps import shown_heatmaps
from viewer.review.decision import Verdict

DRIVER = """
import sys, time
from pathlib import Path
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from viewer.base.paths import data_folder
from viewer.inference.model_store import ModelStore
from viewer.ui.application import Application

qt = QApplication([])
program = Application(models=ModelStore([data_folder() / 'models']))
program.open([Path(sys.argv[1])])
session = program.workbench.session
while not (session.case and len(session.case.undecided) == 2 and not session.running):
    QTest.qWait(20)
program.window.viewport.setFocus()
QTest.keyClick(program.window.viewport, Qt.Key.Key_N)
QTest.keyClick(program.window.viewport, Qt.Key.Key_C)
assert len(session.case.undecided) == 1
print("one decided", flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
@pytest.mark.usefixtures("phantom_model")
def test_a_kill_between_two_decisions_loses_neither_the_case_nor_the_first(
    make_program: Callable[[], Reader], two_films: Path
) -> None:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "-c", DRIVER, str(two_films)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == "one decided\n"
        program.send_signal(signal.SIGKILL)

    reader = make_program()
    reader.open(two_films)
    verdicts = [decision.verdict for decision in reader.case.decisions.values()]
    assert verdicts == [Verdict.CONFIRMED]
    assert len(reader.case.undecided) == 1
    assert len(reader.case.runs) == 2
    reader.press(Qt.Key.Key_Space)
    assert shown_heatmaps(reader.program.workbench)
