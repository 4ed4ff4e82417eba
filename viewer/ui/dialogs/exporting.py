"""ExportDialog: which formats, into which folder, with a DICOMDIR or not, and to which nodes."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QGridLayout,
    QVBoxLayout,
    QWidget,
)

from viewer.app.export_bundle import DICOM_SUFFIX
from viewer.app.settings import Export
from viewer.app.workbench import ExportChoice
from viewer.base.i18n import _
from viewer.export.exporter import Exporter
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.dialogs.folder_field import FolderField
from viewer.ui.panels.fields import heading, muted

OWN_FOLDER = "SecondRead reports"
"""Folder of the user's own that is proposed the first time."""


class ExportDialog(QDialog):
    """Remembers the last choice, but sends nowhere unless a node is ticked this time."""

    def __init__(
        self,
        parent: QWidget | None,
        exporters: Mapping[str, Exporter],
        last: Export,
        nodes: Sequence[str] = (),
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export the signed report"))
        self.setMinimumWidth(760)
        self._exporters = exporters
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        self.boxes = {key: self._box(one, key in last.formats) for key, one in exporters.items()}
        layout.addLayout(self._formats())
        self.media = QCheckBox(
            _("DICOM files also with the images of the study and a DICOMDIR, for a disc or stick")
        )
        self.media.setChecked(last.media)
        self.folder = FolderField(last.folder or str(Path.home() / OWN_FOLDER))
        self.folder.changed.connect(self._check)
        layout.addWidget(heading(_("Into the folder")))
        layout.addWidget(self.folder)
        layout.addWidget(self.media)
        self.nodes = {name: QCheckBox(name) for name in nodes}
        if self.nodes:
            layout.addWidget(
                heading(_("And send what they take to (DICOM files, or the HL7 message)"))
            )
        for box in self.nodes.values():
            box.toggled.connect(self._check)
            layout.addWidget(box)
        layout.addWidget(
            muted(_("The files hold patient data; keep them where such data may lie."))
        )
        layout.addWidget(self._buttons())
        self._check()

    @property
    def choice(self) -> ExportChoice:
        """What was chosen."""
        formats = tuple(key for key, box in self.boxes.items() if box.isChecked())
        nodes = tuple(name for name, box in self.nodes.items() if box.isChecked())
        return ExportChoice(self.folder.path, formats, self.media.isChecked(), nodes)

    def _box(self, exporter: Exporter, ticked: bool) -> QCheckBox:
        box = QCheckBox(exporter.title)
        box.setChecked(ticked)
        box.toggled.connect(self._check)
        return box

    def _formats(self) -> QGridLayout:
        """Whole reports left, parts of one right."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(24)
        titles = {True: _("The whole report as"), False: _("What belongs with it")}
        for column, whole in enumerate((True, False)):
            grid.addWidget(heading(titles[whole]), 0, column)
            keys = [key for key, one in self._exporters.items() if one.whole is whole]
            for row, key in enumerate(keys, start=1):
                grid.addWidget(self.boxes[key], row, column)
        return grid

    def _buttons(self) -> DialogButtons:
        buttons = DialogButtons(_("Export"), self.accept, self.reject, _("Later"))
        self._export = buttons.primary
        return buttons

    def _check(self) -> None:
        """A DICOMDIR needs at least one DICOM file."""
        chosen = self.choice.formats
        dicom = any(self._exporters[key].suffix == DICOM_SUFFIX for key in chosen)
        self.media.setEnabled(dicom)
        self._export.setEnabled(bool(chosen) and self.folder.filled)
        self._export.setDefault(True)
