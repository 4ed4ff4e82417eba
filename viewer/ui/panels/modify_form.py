"""ModifyForm: an AI finding corrected inline: label, site, side, size, box; Enter keeps it, Esc does not."""

from PySide6.QtCore import QLocale
from PySide6.QtGui import QDoubleValidator
from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout

from viewer.app import editing, review_findings
from viewer.app.edited import Edited
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.review.codes import FindingConcept, concepts_for
from viewer.ui.panels.fields import ChoiceField, muted, narrow
from viewer.ui.panels.finding_fields import ConceptField, FindingForm, side_field

LARGEST_MM = 999.0
"""No finding is larger; image of a whole body is not one finding."""


class ModifyForm(FindingForm):
    """Small enough to stand in the card of the finding it corrects."""

    def __init__(self, workbench: Workbench, now: Edited) -> None:
        super().__init__(workbench, "modify")
        shown = workbench.session.shown
        self._concepts = concepts_for(shown.display_set.modality) if shown else ()
        self._before = now.start.label
        self._label = ConceptField(self._concepts, self._before)
        self._side = side_field(now.start.laterality)
        self._site = self._sites()
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
        now = self.workbench.session.editing
        drawn = now is not None and now.has_box
        words = _("Box: as drawn on the image") if drawn else _("Box: drag on the image to set it")
        self._box.setText(words)
        if drawn:
            self._comment.setFocus()

    def _sites(self) -> ChoiceField:
        """Each site of the code table once; the first entry is that of the label."""
        field = ChoiceField()
        field.addItem(_("site: that of the finding"), None)
        by_site: dict[str, FindingConcept] = {}
        for concept in self._concepts:
            if concept.site is not None:
                by_site.setdefault(concept.site.meaning, concept)
        for meaning, concept in by_site.items():
            field.addItem(_("site: {site}").format(site=_(meaning)), concept)
        return field

    def _build(self) -> None:
        numbers = QDoubleValidator(0.0, LARGEST_MM, 1)
        numbers.setLocale(QLocale.c())
        self._size.setValidator(numbers)
        self._size.setPlaceholderText(_("Size in mm (optional)"))
        self._comment.setPlaceholderText(_("Comment for the report"))
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(_("What is it instead?")))
        layout.addWidget(self.words)
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
        layout.addLayout(self.buttons(_("Keep  Enter")))

    def keep(self) -> None:
        """Record the finding as it now stands, if its letters name one."""
        concept = self._label.concept()
        renamed = self._label.currentText().strip() not in ("", self._before)
        if renamed and concept is None:
            self.refuse(self._label.which_words(), self._label)
            return
        size = self._size.text().strip()
        try:
            review_findings.modify(
                self.workbench,
                concept if renamed else None,
                str(self._side.currentData()),
                float(size) if size else None,
                self._site.currentData(),
                self._comment.text().strip(),
            )
        except ViewerError as error:
            self.refuse(str(error), self._label)

    def stop(self) -> None:
        """Close the form; the finding waits as it did."""
        editing.stop_editing(self.workbench)
