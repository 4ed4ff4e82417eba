"""FolderField: a folder typed or browsed for."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QPushButton, QWidget

from viewer.base.i18n import _


class FolderField(QWidget):
    """Emits `changed` with every letter."""

    changed = Signal()

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.line = QLineEdit(folder)
        self.line.setPlaceholderText(_("Folder"))
        self.line.setAccessibleName(_("Folder"))
        self.line.textChanged.connect(lambda _text: self.changed.emit())
        browse = QPushButton(_("Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line, 1)
        row.addWidget(browse)

    @property
    def path(self) -> Path:
        """The folder; ~ is the user's own."""
        return Path(self.line.text().strip()).expanduser()

    @property
    def filled(self) -> bool:
        """Whether anything is written."""
        return bool(self.line.text().strip())

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder"), self.line.text())
        if folder:
            self.line.setText(folder)
