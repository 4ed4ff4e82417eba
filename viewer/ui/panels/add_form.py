"""AddForm: a finding the AI missed, stated inline: type a few letters, Enter; no dialog."""

from PySide6.QtWidgets import QLabel, QLineEdit, QVBoxLayout

from viewer.app import review_findings
from viewer.app.session import Adding
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.review.codes import concepts_for
from viewer.review.decision import Confidence, confidence_text
from viewer.ui.panels.fields import ChoiceField, narrow
from viewer.ui.panels.finding_fields import ConceptField, FindingForm, side_field


class AddForm(FindingForm):
    """Concept, side, comment; while AI is withheld also how sure."""

    def __init__(self, workbench: Workbench, adding: Adding) -> None:
        super().__init__(workbench, "add")
        concepts = concepts_for(adding.display_set.modality)
        self._concept = ConceptField(concepts, _("Which finding? Type a few letters"))
        self._concept.setAccessibleName(_("Finding"))
        self._side = side_field()
        self._sure = _sure_field()
        self._blind = not workbench.session.case_of(adding.study).ai_visible
        self._comment = QLineEdit()
        self._comment.setPlaceholderText(_("Comment for the report"))
        self._comment.setAccessibleName(_("Comment"))
        self._build(adding)

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
        layout = QVBoxLayout(self)
        layout.addWidget(title)
        layout.addWidget(self.words)
        sure = (self._sure,) if self._blind else ()
        for field in (self._concept, self._side, *sure, self._comment):
            narrow(field)
            layout.addWidget(field)
        layout.addLayout(self.buttons(_("Add  Enter")))

    def keep(self) -> None:
        """Add the finding, if one is named."""
        concept = self._concept.concept()
        if concept is None:
            self.refuse(self._concept.which_words(), self._concept)
            return
        sure = self._sure.currentData()
        try:
            review_findings.add_finding(
                self.workbench,
                concept,
                self._side.currentData(),
                self._comment.text().strip(),
                None if sure is None else Confidence(sure),
            )
        except ViewerError as error:
            lacking = self._blind and sure is None
            self.refuse(str(error), self._sure if lacking else self._concept)

    def stop(self) -> None:
        """Close the form; nothing is added."""
        review_findings.stop_adding(self.workbench)


def _sure_field() -> ChoiceField:
    field = ChoiceField()
    field.addItem(_("how sure: —"), None)
    for confidence in Confidence:
        field.addItem(confidence_text(confidence), confidence.value)
    field.setAccessibleName(_("How sure"))
    return field
