"""ModelPictureWindow: what a model saw, or what its score hangs on, with the words that explain it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget

from viewer.app.session import Session
from viewer.app.workbench import ModelPicture
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.ui.dialogs.document_window import DocumentWindow
from viewer.ui.viewport.image_painter import grey_or_rgb_image

SIDE_PX = 560
"""Longer side of the picture on the screen; its pixels stay visible as they are."""


class ModelPictureWindow(DocumentWindow):
    """Picture above, lines below; it leaves when another patient comes."""

    def __init__(
        self, parent: QWidget | None, session: Session, study: Study, shown: ModelPicture
    ) -> None:
        super().__init__(parent, session, study, _("A second look at the model"))
        title = QLabel(shown.title)
        title.setStyleSheet("font-weight: 600;")
        title.setWordWrap(True)
        picture = QLabel()
        picture.setPixmap(
            QPixmap.fromImage(grey_or_rgb_image(shown.picture)).scaled(
                SIDE_PX,
                SIDE_PX,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.FastTransformation,
            )
        )
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        picture.setAccessibleName("\n".join(shown.lines))
        words = QLabel("\n".join(shown.lines))
        words.setWordWrap(True)
        words.setAlignment(Qt.AlignmentFlag.AlignTop)
        words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        below = QScrollArea()
        below.setWidgetResizable(True)
        below.setWidget(words)
        for widget in (title, picture):
            self.column.addWidget(widget)
        self.column.addWidget(below, 1)
