"""The real program in a real window."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey
from model_packages import build_package
from pacs_partners import orthanc, running
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from viewer.base.paths import data_folder
from viewer.ui import theme
from viewer.ui.application import Application

__all__ = ["orthanc", "running"]

BESIDE_ALL_WINDOWS = (5000, 5000)
"""Where the pointer lies as a program starts; else it stays where the test before left it."""


@pytest.fixture
def make_program(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], Reader]]:
    """Starts the program; closes every started one at the end."""
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    theme.apply_theme(application)
    monkeypatch.setattr("sys.excepthook", lambda *_error: None)
    QCursor.setPos(*BESIDE_ALL_WINDOWS)
    started: list[Application] = []

    def start() -> Reader:
        program = Application()
        program.window.resize(1400, 880)
        started.append(program)
        return Reader(qtbot, program)

    yield start
    for program in started:
        assert "unexpected" not in program.window.strip.text.lower()
        program.window.close()
        program.window.deleteLater()


@pytest.fixture
def phantom_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A model package that reads phantoms, where a site puts its own; no other is installed."""
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")
    return build_package(data_folder() / "models" / "phantom_reader")


LARGE, LARGER = (0.22, 0.70), (0.15, 0.80)


@pytest.fixture
def two_films(tmp_path: Path) -> Path:
    """A study of two phantom films whose hearts are both too large."""
    folder = tmp_path / "study"
    folder.mkdir()
    for number, heart in enumerate((LARGE, LARGER), start=1):
        write_film(folder / f"film{number}.dcm", grey(heart), number=number)
    return folder
