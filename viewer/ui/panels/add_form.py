"""AddForm: a finding the AI missed, stated inline: type a few letters, Enter; no dialog."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
)

from viewer.app import review_findings
from viewer.app.session import Adding
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.review.codes import FindingConcept, concepts_for
from viewer.review.decision import Confidence, confidence_text
from viewer.ui import theme
from viewer.ui.panels.fields import ChoiceField, narrow


class AddForm(QFrame):
    """Concept, side, comment; Enter adds, Esc closes."""

    def __init__(self, workbench: Workbench, adding: Adding) -> None:
        super().__init__()
        self._workbench = workbench
        self.setObjectName("add")
        self.setStyleSheet(f"#add {{ border: 1px solid {theme.READER}; border-radius: 5px; }}")
        self._concepts = concepts_for(adding.display_set.modality)
        self._concept = ChoiceField()
        self._concept.setEditable(True)
        self._concept.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self._concept.addItems([concept.label for concept in self._concepts])
        self._concept.setCurrentIndex(-1)
        self._concept.setAccessibleName(_("Finding"))
        completer = QCompleter([concept.label for concept in self._concepts], self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self._concept.setCompleter(completer)
        self._side = ChoiceField()
        for title, side in (
            (_("side: —"), ""),
            (_("right"), "R"),
            (_("left"), "L"),
            (_("both"), "B"),
        ):
            self._side.addItem(title, side)
        self._side.setAccessibleName(_("Side"))
        self._sure = ChoiceField()
        self._sure.addItem(_("how sure: —"), None)
        for confidence in Confidence:
            self._sure.addItem(confidence_text(confidence), confidence.value)
        self._sure.setAccessibleName(_("How sure"))
        self._blind = not workbench.session.case_of(adding.study).ai_visible
        self._comment = QLineEdit()
        self._comment.setPlaceholderText(_("Comment for the report"))
        self._comment.setAccessibleName(_("Comment"))
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setStyleSheet(f"color: {theme.WARNING};")
        self._words.hide()
        self._build(adding)
        line = self._concept.lineEdit()
        if line is not None:
            line.setPlaceholderText(_("Which finding? Type a few letters"))

    def take_focus(self) -> None:
        """Let typing go into the list of findings."""
        self._concept.setFocus()

    def _build(self, adding: Adding) -> None:
        place = _("at the pointer") if adding.point_px else _("on this image")
        words = (
            _("Add a finding, {place}")
            if self._blind
            else _("Add a finding the AI missed, {place}")
        )
        title = QLabel(words.format(place=place))
        title.setWordWrap(True)
        add = QPushButton(_("Add  Enter"))
        add.setProperty("primary", True)
        add.clicked.connect(self._add)
        close = QPushButton(_("Cancel  Esc"))
        close.clicked.connect(lambda: review_findings.stop_adding(self._workbench))
        buttons = QHBoxLayout()
        buttons.addWidget(add)
        buttons.addWidget(close)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.addWidget(title)
        sure = (self._sure,) if self._blind else ()
        for field in (self._concept, self._side, *sure, self._comment):
            narrow(field)
            layout.addWidget(field)
        layout.addWidget(self._words)
        layout.addLayout(buttons)

    def _add(self) -> None:
        typed = self._concept.currentText()
        concept = review_findings.matching_concept(self._concepts, typed)
        if concept is None:
            self._refuse(
                _which_words(review_findings.holding(self._concepts, typed)), self._concept
            )
            return
        sure = self._sure.currentData()
        try:
            review_findings.add_finding(
                self._workbench,
                concept,
                self._side.currentData(),
                self._comment.text().strip(),
                None if sure is None else Confidence(sure),
            )
        except ViewerError as error:
            lacking = self._blind and sure is None
            self._refuse(str(error), self._sure if lacking else self._concept)

    def _refuse(self, words: str, field: QComboBox) -> None:
        """Say why beside the fields, where the reader looks, and go to the one that is asked for."""
        self._words.setText(words)
        self._words.show()
        self._workbench.session.notify(words)
        field.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter adds, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._add()
        elif event.key() == Qt.Key.Key_Escape:
            review_findings.stop_adding(self._workbench)
        else:
            super().keyPressEvent(event)


def _which_words(holding: Sequence[FindingConcept]) -> str:
    """What to do where the letters typed name no single finding."""
    if not holding:
        return _("No finding of the list is named so; choose one of it, then press Enter.")
    named = ", ".join(concept.label for concept in holding)
    return _("Which of them: {named}? Type more letters, then press Enter.").format(named=named)
