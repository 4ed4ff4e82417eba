"""DeidentifyDialog: what a de-identified copy keeps, and into which folder."""

from pathlib import Path

from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from viewer.app.deidentify_choice import DeidentifyChoice
from viewer.base.i18n import _
from viewer.dicom.deidentify.plan import Dates, Descriptors
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.dialogs.folder_field import FolderField
from viewer.ui.panels.fields import muted

OWN_FOLDER = "SecondRead de-identified"
"""Folder of the user's own that is proposed."""


class DeidentifyDialog(QDialog):
    """Everything that could tell who it is goes unless the reader keeps it."""

    def __init__(self, parent: QWidget | None, rectangles: int) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Export a de-identified copy"))
        self.setMinimumWidth(520)
        self.dates = _choices(
            _("Dates"),
            (
                (_("Remove"), Dates.REMOVED),
                (_("Shift, alike for all studies of a patient"), Dates.SHIFTED),
            ),
        )
        self.descriptors = _choices(
            _("Descriptions"),
            (
                (_("Remove"), Descriptors.REMOVED),
                (_("Keep only known imaging words"), Descriptors.CLEANED),
            ),
        )
        self.characteristics = QCheckBox(_("Keep sex, age, size and weight"))
        self.blank = QCheckBox(
            _("Black out what I covered with the rectangle tool ({n}), on the whole series").format(
                n=rectangles
            )
        )
        self.blank.setEnabled(rectangles > 0)
        self.blank.setChecked(rectangles > 0)
        self.folder = FolderField(str(Path.home() / OWN_FOLDER))
        self.folder.changed.connect(self._check)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        form = QFormLayout()
        form.addRow(_("Dates"), self.dates)
        form.addRow(_("Descriptions"), self.descriptors)
        layout.addLayout(form)
        for widget in (self.characteristics, self.blank, self.folder, *_sentences()):
            layout.addWidget(widget)
        layout.addWidget(self._buttons())
        self._check()

    @property
    def choice(self) -> DeidentifyChoice:
        """What was chosen."""
        return DeidentifyChoice(
            self.folder.path,
            self.dates.currentData(),
            self.descriptors.currentData(),
            self.characteristics.isChecked(),
            self.blank.isChecked(),
        )

    def _buttons(self) -> DialogButtons:
        buttons = DialogButtons(_("Export"), self.accept, self.reject)
        self.save = buttons.primary
        return buttons

    def _check(self) -> None:
        self.save.setEnabled(self.folder.filled)
        self.save.setDefault(True)


def _choices(name: str, pairs: tuple[tuple[str, object], ...]) -> QComboBox:
    box = QComboBox()
    box.setAccessibleName(name)
    for words, value in pairs:
        box.addItem(words, value)
    return box


def _sentences() -> list[QWidget]:
    return [
        muted(
            _(
                "By the Basic Profile of DICOM PS3.15: names, identifiers, free text, private attributes "
                "and overlays go; UIDs are replaced alike everywhere. Structured reports, documents and "
                "presentation states are left out."
            )
        ),
        muted(
            _(
                "Text burned into the pixels stays unless you cover it: draw rectangles over it first. "
                "You are told which images may have some. Faces can be recognised in head scans."
            )
        ),
    ]
