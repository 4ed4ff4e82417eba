"""ExportDialog: which formats, into which folder."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.app.settings import Export
from viewer.app.workbench import ExportChoice
from viewer.base.i18n import _
from viewer.export.exporter import Exporter
from viewer.ui.panels.fields import muted

OWN_FOLDER = "SecondRead reports"
"""Folder of the user's own that is proposed the first time."""


class ExportDialog(QDialog):
    """Remembers the last choice."""

    def __init__(
        self, parent: QWidget | None, exporters: Mapping[str, Exporter], last: Export
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export the signed report"))
        self.setMinimumWidth(480)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(QLabel(_("The report is signed. Write it as:")))
        self.boxes: dict[str, QCheckBox] = {}
        for key, exporter in exporters.items():
            box = QCheckBox(f"{exporter.title}  ({exporter.suffix})")
            box.setChecked(key in last.formats)
            box.toggled.connect(lambda _on: self._check())
            self.boxes[key] = box
            layout.addWidget(box)
        self._folder = QLineEdit(last.folder or str(Path.home() / OWN_FOLDER))
        self._folder.setPlaceholderText(_("Folder"))
        self._folder.setAccessibleName(_("Folder"))
        self._folder.textChanged.connect(lambda _text: self._check())
        browse = QPushButton(_("Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(self._folder, 1)
        row.addWidget(browse)
        layout.addLayout(row)
        layout.addWidget(
            muted(_("The files hold patient data; keep them where such data may lie."))
        )
        buttons = QDialogButtonBox()
        later = buttons.addButton(_("Later"), QDialogButtonBox.ButtonRole.RejectRole)
        later.setAutoDefault(False)
        self._export = buttons.addButton(_("Export"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._export.setProperty("primary", True)
        self._export.setDefault(True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)
        self._check()

    @property
    def choice(self) -> ExportChoice:
        """What was chosen."""
        formats = tuple(key for key, box in self.boxes.items() if box.isChecked())
        return ExportChoice(Path(self._folder.text().strip()).expanduser(), formats)

    def _browse(self) -> None:
        folder = QFileDialog.getExistingDirectory(self, _("Folder"), self._folder.text())
        if folder:
            self._folder.setText(folder)

    def _check(self) -> None:
        ready = bool(self.choice.formats) and bool(self._folder.text().strip())
        self._export.setEnabled(ready)
        self._export.setDefault(True)
