"""FindingsPanel: what the AI says, the physician's decisions, and the report below them."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from viewer.app import review_findings
from viewer.app.commands import ai, review
from viewer.app.session import Shown, study_key
from viewer.app.shortcuts import with_key
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.review.case import Case
from viewer.review.first_read import locked_sentence
from viewer.review.workflow import OPEN
from viewer.ui.panels.add_form import AddForm
from viewer.ui.panels.ai_rows import AiRows
from viewer.ui.panels.drawing_rows import DrawingRows
from viewer.ui.panels.fields import heading, line, muted
from viewer.ui.panels.finding_card import FindingCard
from viewer.ui.panels.modify_form import ModifyForm
from viewer.ui.panels.report_box import ReportBox
from viewer.ui.panels.report_mark_rows import ReportMarkRows
from viewer.ui.panels.segment_rows import SegmentRows


class FindingsPanel(QWidget):
    """The right panel. It is built anew whenever the case changes; it holds no state of its own."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self._rows: AiRows | None = None
        self._cards: list[FindingCard] = []
        self._form: AddForm | ModifyForm | None = None
        self._form_before: AddForm | ModifyForm | None = None
        self._form_of: object = None
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._report = ReportBox(workbench)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 8, 8)
        layout.addWidget(self._area, 1)
        layout.addWidget(self._report)
        events = workbench.session.events
        for event in (events.case, events.runs, events.shown, events.drawings, events.segments):
            event.subscribe(lambda _none: self.rebuild())
        workbench.settings.changed.subscribe(lambda _values: self.rebuild())
        events.selection.subscribe(lambda _none: self._show_selection())
        events.progress.subscribe(lambda _none: self._show_progress())
        events.overlay.subscribe(lambda _none: self._show_box())
        self._signature: object = None
        self.rebuild()

    def save(self) -> None:
        """Keep report text that is still being typed."""
        self._report.save()

    def rebuild(self) -> None:
        """Show the case as it stands."""
        shown = self._workbench.session.shown
        self._report.show_case()
        signature = self._content_signature(shown)
        if signature == self._signature:
            return
        self._signature = signature
        scrolled, before = self._area.verticalScrollBar().value(), self._form
        typing = QApplication.focusWidget()
        self._replace_content(self._content(shown))
        self._area.verticalScrollBar().setValue(scrolled)
        if self._form is not None and self._form is before:
            if typing is not None and self._form.isAncestorOf(typing):
                typing.setFocus()
        elif self._form is not None:
            QTimer.singleShot(0, self._form, self._focus_form)

    def _replace_content(self, content: QWidget) -> None:
        """The old content may be what is being clicked just now, so it goes only after that click."""
        old = self._area.takeWidget()
        self._area.setWidget(content)
        if old is not None:
            old.deleteLater()

    def _focus_form(self) -> None:
        """Once the form is laid out: show it and let typing go into it, not to the shortcuts."""
        if self._form is not None:
            self._form.take_focus()
            self._area.ensureWidgetVisible(self._form, 0, 0)

    def _content_signature(self, shown: Shown | None) -> object:
        """What the content depends on; scrolling through slices changes none of it, a series that grows does."""
        session = self._workbench.session
        if shown is None:
            return None
        return (
            study_key(shown.study),
            shown.display_set,
            len(shown.case.history),
            id(session.adding),
            session.editing and session.editing.finding,
            tuple(session.running),
            session.drawings_of(shown.study).all,
            session.selected_drawing,
            session.segments.of(shown.study),
            session.report_marks.of(shown.study),
            tuple(self._workbench.settings.values.shortcuts.items()),
        )

    def _content(self, shown: Shown | None) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(8)
        self._rows, self._cards = None, []
        self._form, self._form_before = None, self._form
        if shown is None:
            layout.addWidget(heading(_("AI FINDINGS")))
            words = _("Open a study: what the AI proposes appears here, for you to decide.")
            layout.addWidget(muted(words))
        else:
            self._fill(layout, shown)
        layout.addStretch(1)
        return content

    def _fill(self, layout: QVBoxLayout, shown: Shown) -> None:
        case = shown.case
        editable = case.stage in OPEN
        if case.ai_visible:
            self._add_ai(layout, shown, editable)
        else:
            layout.addWidget(heading(_("YOUR FIRST READ")))
            layout.addWidget(muted(_("AI is withheld: none has run. Lock your read to reveal it.")))
        latest = max(case.decisions.values(), key=lambda made: made.at, default=None)
        for finding in case.findings:
            decision = case.decisions.get(finding.tracking_uid)
            is_latest = decision is not None and decision is latest
            card = FindingCard(self._workbench, finding, decision, editable, is_latest)
            self._cards.append(card)
            layout.addWidget(card)
            self._add_modify_form(layout, finding, editable)
        layout.addWidget(line())
        self._add_misses(layout, case, editable)
        if not case.ai_visible:
            self._add_lock(layout, case)
        if self._workbench.session.drawings_of(shown.study).all:
            layout.addWidget(line())
            layout.addWidget(heading(_("MEASUREMENTS")))
            layout.addWidget(DrawingRows(self._workbench, shown))
        if self._workbench.session.segments.of(shown.study):
            layout.addWidget(line())
            layout.addWidget(
                heading(with_key(self._workbench.settings, _("SEGMENTS"), "view.segments"))
            )
            layout.addWidget(SegmentRows(self._workbench, shown))
        if self._workbench.session.report_marks.of(shown.study):
            layout.addWidget(line())
            layout.addWidget(heading(_("MARKS OF REPORTS")))
            layout.addWidget(ReportMarkRows(self._workbench, shown))
        if any(run.findings or run.below for run in case.runs.values()):
            self._add_overlay(layout)

    def _add_ai(self, layout: QVBoxLayout, shown: Shown, editable: bool) -> None:
        case = shown.case
        decided = len(case.proposed) - len(case.undecided)
        count = f"  ({decided}/{len(case.proposed)})" if case.proposed else ""
        layout.addWidget(heading(_("AI FINDINGS") + count))
        self._rows = AiRows(self._workbench, shown, editable)
        layout.addWidget(self._rows)
        if case.first_read is not None:
            layout.addWidget(muted(locked_sentence(case.first_read)))

    def _add_modify_form(self, layout: QVBoxLayout, finding: Finding, editable: bool) -> None:
        editing = self._workbench.session.editing
        if (
            editing is not None
            and editable
            and editing.finding.tracking_uid == finding.tracking_uid
        ):
            kept = self._kept_form(finding.tracking_uid)
            self._form = kept or ModifyForm(self._workbench, editing)
            self._form_of = finding.tracking_uid
            layout.addWidget(self._form)

    def _kept_form(self, of: object) -> AddForm | ModifyForm | None:
        """The form that is open for the same thing: what is typed in it must outlive a result that arrives."""
        return self._form_before if self._form_of == of else None

    def _show_box(self) -> None:
        if isinstance(self._form, ModifyForm):
            self._form.show_box()

    def _add_lock(self, layout: QVBoxLayout, case: Case) -> None:
        words = _("Lock first read, reveal AI")
        lock = QPushButton(with_key(self._workbench.settings, words, "review.lock"))
        lock.setProperty("primary", True)
        lock.setEnabled(case.misses_stated)
        lock.clicked.connect(lambda: review.lock(self._workbench))
        layout.addWidget(lock)

    def _add_misses(self, layout: QVBoxLayout, case: Case, editable: bool) -> None:
        settings, stated = self._workbench.settings, case.no_further_finding
        if case.ai_visible:
            layout.addWidget(heading(_("WHAT THE AI MISSED")))
        add = QPushButton(with_key(settings, _("Add a finding"), "review.add"))
        add.setEnabled(editable)
        add.clicked.connect(lambda: review_findings.begin_adding(self._workbench))
        words = _("No further finding") if case.ai_visible or case.added else _("No finding")
        none = QCheckBox(with_key(settings, words, "review.no_further_finding"))
        none.setChecked(stated)
        none.setEnabled(editable)
        none.clicked.connect(
            lambda on: review_findings.attest_no_further_finding(self._workbench, bool(on))
        )
        adding = self._workbench.session.adding
        if adding is not None and editable:
            self._form = self._kept_form(adding) or AddForm(self._workbench, adding)
            self._form_of = adding
        layout.addWidget(self._form if adding is not None and self._form else add)
        layout.addWidget(none)

    def _add_overlay(self, layout: QVBoxLayout) -> None:
        overlay = self._workbench.session.overlay
        layout.addWidget(line())
        layout.addWidget(heading(with_key(self._workbench.settings, _("AI OVERLAY"), "ai.overlay")))
        opacity = QSlider(Qt.Orientation.Horizontal)
        opacity.setRange(10, 100)
        opacity.setValue(round(overlay.opacity * 100))
        opacity.setAccessibleName(_("Opacity of the AI overlay"))
        opacity.setToolTip(_("Opacity of the AI overlay"))
        opacity.valueChanged.connect(lambda value: ai.set_opacity(self._workbench, value / 100))
        layout.addWidget(opacity)

    def _show_selection(self) -> None:
        for card in self._cards:
            selected = card.tracking_uid == self._workbench.session.selected
            card.show_selected(selected)
            if selected:
                self._area.ensureWidgetVisible(card)

    def _show_progress(self) -> None:
        if self._rows is not None:
            self._rows.show_progress()
