"""PictureDialog: the image or the series, which format, with or without patient text, into which folder."""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from viewer.app.pictures import PictureChoice, PictureFormat
from viewer.app.session import Shown
from viewer.app.settings import Pictures
from viewer.base.i18n import _
from viewer.domain.presentation import Presentation
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.dialogs.folder_field import FolderField
from viewer.ui.panels.fields import muted

OWN_FOLDER = "SecondRead pictures"
"""Folder of the user's own that is proposed the first time."""


class PictureDialog(QDialog):
    """Remembers folder and format; patient text is off each time it opens."""

    def __init__(
        self, parent: QWidget | None, shown: Shown, view: Presentation, last: Pictures
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Save as pictures"))
        self.setMinimumWidth(480)
        count = len(shown.display_set.frames)
        self.one = QRadioButton(_("The image on the screen"))
        self.one.setChecked(True)
        self.all = QRadioButton(_("The whole series ({count} images)").format(count=count))
        self.all.setEnabled(count > 1)
        self.all.toggled.connect(lambda _on: self._check())
        self.format = QComboBox()
        self.format.setAccessibleName(_("Format"))
        self._offer_formats(last.format)
        self.text = QCheckBox(_("With patient text (name, ID, dates) in a band above the image"))
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        self.folder = FolderField(last.folder or str(Path.home() / OWN_FOLDER))
        self.folder.changed.connect(self._check)
        for widget in (self.one, self.all, self.format, self.text, self.folder):
            layout.addWidget(widget)
        for sentence in _sentences(shown, view):
            layout.addWidget(muted(sentence))
        layout.addWidget(self._buttons())
        self._check()

    def _buttons(self) -> DialogButtons:
        buttons = DialogButtons(_("Save"), self.accept, self.reject)
        self.save = buttons.primary
        return buttons

    def _offer_formats(self, wanted: str) -> None:
        """Moving pictures are offered for a series only."""
        names = {
            PictureFormat.PNG: _("PNG: every grey as shown"),
            PictureFormat.JPEG: _("JPEG: smaller, lossy"),
            PictureFormat.GIF: _("GIF: one moving picture, greys as shown"),
            PictureFormat.MP4: _("MP4: one film, smaller, lossy"),
        }
        self.format.clear()
        for kind, name in names.items():
            if not kind.is_moving or self.all.isChecked():
                self.format.addItem(name, kind.value)
        self.format.setCurrentIndex(max(self.format.findData(wanted), 0))

    @property
    def choice(self) -> PictureChoice:
        """What was chosen."""
        return PictureChoice(
            self.folder.path,
            PictureFormat(self.format.currentData()),
            self.all.isChecked(),
            self.text.isChecked(),
        )

    def _check(self) -> None:
        self._offer_formats(self.format.currentData())
        self.save.setEnabled(self.folder.filled)
        self.save.setDefault(True)


def _sentences(shown: Shown, view: Presentation) -> list[str]:
    """What the reader should know before a picture leaves the program."""
    said = [
        _(
            "As shown: window, inversion, turns and flips, the shutter and overlays of the file, and an "
            "applied presentation state. Without AI overlay, marks and drawings."
        )
    ]
    if view.flip_horizontal or view.quarter_turns:
        said.append(_("The view is turned or mirrored now; the picture will be so too."))
    if shown.display_set.acquisition.burned_in_annotation == "NO":
        return said
    said.append(
        _("What the machine has written into the image itself stays in it; look before sharing.")
    )
    return said
