"""What both forms of a finding share: which finding, named by a few letters, which side, keys and warnings."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from viewer.app.review_findings import holding, matching_concept
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.review.codes import FindingConcept
from viewer.ui import theme
from viewer.ui.panels.fields import ChoiceField


class ConceptField(ChoiceField):
    """The findings of the code table for a modality; letters anywhere in a label find it.

    empty_words: stand in it, greyed, while nothing is typed or chosen.
    """

    def __init__(self, concepts: Sequence[FindingConcept], empty_words: str) -> None:
        super().__init__()
        self._concepts = concepts
        labels = [concept.label for concept in concepts]
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.addItems(labels)
        self.setCurrentIndex(-1)
        completer = QCompleter(labels, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.setCompleter(completer)
        line = self.lineEdit()
        if line is not None:
            line.setPlaceholderText(empty_words)

    def concept(self) -> FindingConcept | None:
        """What the letters name, if they name one finding of the table."""
        return matching_concept(self._concepts, self.currentText())

    def which_words(self) -> str:
        """What to do where the letters typed name no single finding."""
        found = holding(self._concepts, self.currentText())
        if not found:
            return _("No finding of the list is named so; choose one of it, then press Enter.")
        named = ", ".join(concept.label for concept in found)
        return _("Which of them: {named}? Type more letters, then press Enter.").format(named=named)


def side_field(side: str = "") -> ChoiceField:
    """R, L, B or "" for no side."""
    field = ChoiceField()
    titles = ((_("side: —"), ""), (_("right"), "R"), (_("left"), "L"), (_("both"), "B"))
    for title, letter in titles:
        field.addItem(title, letter)
    field.setCurrentIndex(field.findData(side))
    field.setAccessibleName(_("Side"))
    return field


class FindingForm(QFrame):
    """A form in the findings panel: Enter keeps, Esc closes, what lacks is said beside the fields."""

    def __init__(self, workbench: Workbench, name: str) -> None:
        super().__init__()
        self.workbench = workbench
        self.setObjectName(name)
        self.setStyleSheet(f"#{name} {{ border: 1px solid {theme.READER}; border-radius: 5px; }}")
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setStyleSheet(f"color: {theme.WARNING};")
        self.words.hide()

    def keep(self) -> None:
        """Record what is stated, or say what lacks."""
        raise NotImplementedError

    def stop(self) -> None:
        """Close the form; nothing is recorded."""
        raise NotImplementedError

    def refuse(self, words: str, field: QWidget) -> None:
        """Say why beside the fields, where the reader looks, and go to the one that is asked for."""
        self.words.setText(words)
        self.words.show()
        self.workbench.session.notify(words)
        field.setFocus()

    def buttons(self, keep_title: str) -> QHBoxLayout:
        """The two buttons that do what Enter and Esc do."""
        keep = QPushButton(keep_title)
        keep.setProperty("primary", True)
        keep.clicked.connect(self.keep)
        close = QPushButton(_("Cancel  Esc"))
        close.clicked.connect(self.stop)
        row = QHBoxLayout()
        row.addWidget(keep)
        row.addWidget(close)
        row.addStretch(1)
        return row

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        elif event.key() == Qt.Key.Key_Escape:
            self.stop()
        else:
            super().keyPressEvent(event)
