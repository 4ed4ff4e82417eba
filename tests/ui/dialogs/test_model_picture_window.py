"""The window of a second look shows the picture as it is and every line below it."""

import numpy as np
from builders import study
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from viewer.app.drawings import Drawings
from viewer.app.session import Session
from viewer.app.workbench import ModelPicture
from viewer.review.case import Case
from viewer.ui.dialogs.model_picture_window import SIDE_PX, ModelPictureWindow


def test_picture_and_lines_are_shown_and_the_title_names_no_patient(qtbot: QtBot) -> None:
    session = Session(Case, lambda _study: Drawings((), lambda _all: None))
    pixels = np.zeros((64, 32, 3), np.uint8)
    pixels[:, :16] = (255, 0, 0)
    picture = ModelPicture("Heart 1.1.0", pixels, ("first line", "second line"))
    window = ModelPictureWindow(None, session, study(), picture)
    qtbot.addWidget(window)
    labels = window.findChildren(QLabel)
    assert "first line\nsecond line" in [label.text() for label in labels]
    (shown,) = [label.pixmap() for label in labels if not label.pixmap().isNull()]
    assert (shown.width(), shown.height()) == (SIDE_PX // 2, SIDE_PX)
    image = shown.toImage()
    assert (
        image.pixelColor(10, 10).red() == 255 and image.pixelColor(SIDE_PX // 2 - 9, 9).red() == 0
    )
    assert study().patient.name not in window.windowTitle()
