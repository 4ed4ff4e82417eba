"""ModifyForm: an AI finding corrected inline: label, site, side, size, box; Enter keeps it, Esc does not."""

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QDoubleValidator, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout

from viewer.app import editing, review_findings
from viewer.app.edited import Edited
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.review.codes import FindingConcept, concepts_for
from viewer.ui import theme
from viewer.ui.panels.fields import ChoiceField, muted, narrow

LARGEST_MM = 999.0
"""No finding is larger; image of a whole body is not one finding."""


class ModifyForm(QFrame):
    """Small enough to stand in the card of the finding it corrects."""

    def __init__(self, workbench: Workbench, now: Edited) -> None:
        super().__init__()
        self._workbench = workbench
        self.setObjectName("modify")
        self.setStyleSheet(f"#modify {{ border: 1px solid {theme.READER}; border-radius: 5px; }}")
        shown = workbench.session.shown
        self._concepts = concepts_for(shown.display_set.modality) if shown else ()
        self._label = self._labels(now.start.label)
        self._side = self._sides(now.start.laterality)
        self._site = self._sites(now)
        self._size = QLineEdit("" if now.start.size_mm is None else f"{now.start.size_mm:g}")
        self._comment = QLineEdit()
        self._box = muted("")
        self._build()
        self.show_box()

    def take_focus(self) -> None:
        """Let typing go into the list of findings."""
        self._label.setFocus()

    def show_box(self) -> None:
        """Say whether a box was dragged; then Enter belongs to the form again, not to the image."""
        now = self._workbench.session.editing
        drawn = now is not None and now.has_box
        words = _("Box: as drawn on the image") if drawn else _("Box: drag on the image to set it")
        self._box.setText(words)
        if drawn:
            self._comment.setFocus()

    def _labels(self, kept: str) -> ChoiceField:
        field = ChoiceField()
        field.addItem(kept, None)
        for concept in self._concepts:
            if concept.label != kept:
                field.addItem(concept.label, concept.key)
        return field

    def _sides(self, kept: str) -> ChoiceField:
        field = ChoiceField()
        titles = ((_("side: —"), ""), (_("right"), "R"), (_("left"), "L"), (_("both"), "B"))
        for title, side in titles:
            field.addItem(title, side)
        field.setCurrentIndex(field.findData(kept))
        return field

    def _sites(self, now: Edited) -> ChoiceField:
        """Each site of the code table once; the first entry is that of the label."""
        field = ChoiceField()
        field.addItem(_("site: that of the finding"), None)
        by_site: dict[str, FindingConcept] = {}
        for concept in self._concepts:
            if concept.site is not None:
                by_site.setdefault(concept.site.meaning, concept)
        for meaning, concept in by_site.items():
            field.addItem(_("site: {site}").format(site=_(meaning)), concept.key)
        return field

    def _build(self) -> None:
        numbers = QDoubleValidator(0.0, LARGEST_MM, 1)
        numbers.setLocale(QLocale.c())
        self._size.setValidator(numbers)
        self._size.setPlaceholderText(_("Size in mm (optional)"))
        self._comment.setPlaceholderText(_("Comment for the report"))
        layout = QVBoxLayout(self)
        title = QLabel(_("What is it instead?"))
        layout.addWidget(title)
        for field, name in (
            (self._label, _("Finding instead")),
            (self._side, _("Side")),
            (self._site, _("Site")),
            (self._size, _("Size in mm")),
            (self._comment, _("Comment")),
        ):
            field.setAccessibleName(name)
            narrow(field)
            layout.addWidget(field)
        layout.addWidget(self._box)
        layout.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        keep = QPushButton(_("Keep  Enter"))
        keep.setProperty("primary", True)
        keep.clicked.connect(self._keep)
        close = QPushButton(_("Cancel  Esc"))
        close.clicked.connect(lambda: editing.stop_editing(self._workbench))
        row = QHBoxLayout()
        for button in (keep, close):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _chosen(self, field: ChoiceField) -> FindingConcept | None:
        by_key = {concept.key: concept for concept in self._concepts}
        return by_key.get(field.currentData())

    def _keep(self) -> None:
        size = self._size.text().strip()
        try:
            review_findings.modify(
                self._workbench,
                self._chosen(self._label),
                str(self._side.currentData()),
                float(size) if size else None,
                self._chosen(self._site),
                self._comment.text().strip(),
            )
        except ViewerError as error:
            self._workbench.session.fail(error)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter keeps, Esc closes."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._keep()
        elif event.key() == Qt.Key.Key_Escape:
            editing.stop_editing(self._workbench)
        else:
            super().keyPressEvent(event)
