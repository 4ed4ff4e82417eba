"""FindingsPanel: what the AI says, the physician's decisions, the report text and the way to sign."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from viewer.app import review_findings
from viewer.app.commands import ai, report
from viewer.app.export_report import reasons_not_to_sign
from viewer.app.session import Shown
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.review.workflow import Stage
from viewer.ui.panels.add_form import AddForm
from viewer.ui.panels.ai_rows import AiRows
from viewer.ui.panels.finding_card import FindingCard

SAVE_TEXT_AFTER_MS = 700
"""Pause in typing after which the report text is saved."""


class FindingsPanel(QWidget):
    """The right panel. It is built anew whenever the case changes; it holds no state of its own."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self._rows: AiRows | None = None
        self._cards: list[FindingCard] = []
        self._form: AddForm | None = None
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._report = ReportBox(workbench)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 8, 8, 8)
        layout.addWidget(self._area, 1)
        layout.addWidget(self._report)
        events = workbench.session.events
        for event in (events.case, events.runs, events.shown):
            event.subscribe(lambda _none: self.rebuild())
        events.selection.subscribe(lambda _none: self._show_selection())
        events.progress.subscribe(lambda _none: self._show_progress())
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
        scrolled = self._area.verticalScrollBar().value()
        self._area.setWidget(self._content(shown))
        self._area.verticalScrollBar().setValue(scrolled)
        if self._form is not None:
            QTimer.singleShot(0, self._form, self._focus_form)

    def _focus_form(self) -> None:
        """Once the form is laid out: show it and let typing go into it, not to the shortcuts."""
        if self._form is not None:
            self._form.take_focus()
            self._area.ensureWidgetVisible(self._form, 0, 0)

    def _content_signature(self, shown: Shown | None) -> object:
        """What the content depends on; scrolling through slices changes none of it."""
        session = self._workbench.session
        if shown is None:
            return None
        return (
            shown.study.uid,
            shown.study.patient.key,
            shown.display_set.uid,
            len(shown.case.history),
            id(session.adding),
            tuple(session.running),
        )

    def _content(self, shown: Shown | None) -> QWidget:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(8)
        self._rows, self._cards, self._form = None, [], None
        if shown is None:
            layout.addWidget(_heading(_("AI FINDINGS")))
            empty = QLabel(_("Open a study: what the AI proposes appears here, for you to decide."))
            empty.setWordWrap(True)
            empty.setProperty("role", "muted")
            layout.addWidget(empty)
        else:
            self._fill(layout, shown)
        layout.addStretch(1)
        return content

    def _fill(self, layout: QVBoxLayout, shown: Shown) -> None:
        case = shown.case
        editable = case.stage is Stage.READING
        decided = len(case.proposed) - len(case.undecided)
        count = f"  ({decided}/{len(case.proposed)})" if case.proposed else ""
        layout.addWidget(_heading(_("AI FINDINGS") + count))
        self._rows = AiRows(self._workbench, shown, editable)
        layout.addWidget(self._rows)
        for finding in case.findings:
            decision = case.decisions.get(finding.tracking_uid)
            card = FindingCard(self._workbench, finding, decision, editable)
            self._cards.append(card)
            layout.addWidget(card)
        layout.addWidget(_line())
        self._add_misses(layout, case.no_further_finding, editable)
        if any(run.findings or run.below for run in case.runs.values()):
            self._add_overlay(layout)

    def _add_misses(self, layout: QVBoxLayout, stated: bool, editable: bool) -> None:
        layout.addWidget(_heading(_("WHAT THE AI MISSED")))
        add = QPushButton(_("Add a finding  A"))
        add.setEnabled(editable)
        add.clicked.connect(lambda: review_findings.begin_adding(self._workbench))
        none = QCheckBox(_("No further finding  X"))
        none.setChecked(stated)
        none.setEnabled(editable)
        none.clicked.connect(
            lambda on: review_findings.attest_no_further_finding(self._workbench, bool(on))
        )
        adding = self._workbench.session.adding
        if adding is not None and editable:
            self._form = AddForm(self._workbench, adding)
        layout.addWidget(self._form or add)
        layout.addWidget(none)

    def _add_overlay(self, layout: QVBoxLayout) -> None:
        overlay = self._workbench.session.overlay
        layout.addWidget(_line())
        layout.addWidget(_heading(_("AI OVERLAY  (Space)")))
        opacity = QSlider(Qt.Orientation.Horizontal)
        opacity.setRange(10, 100)
        opacity.setValue(round(overlay.opacity * 100))
        opacity.setAccessibleName(_("Opacity of the AI overlay"))
        opacity.setToolTip(_("Opacity of the AI overlay (Ctrl+, and Ctrl+.)"))
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


class ReportBox(QWidget):
    """The reader's text, what still stands against signing, and the button to sign."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self._study: Study | None = None
        self._text = ReportText(self.save)
        self._text.setPlaceholderText(_("Report text (optional)"))
        self._text.setAccessibleName(_("Report text"))
        self._text.setMaximumHeight(120)
        self._text.setTabChangesFocus(True)
        self._reasons = QLabel()
        self._reasons.setWordWrap(True)
        self._reasons.setProperty("role", "muted")
        self._sign = QPushButton()
        self._sign.setProperty("primary", True)
        self._sign.clicked.connect(self._act)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_TEXT_AFTER_MS)
        self._timer.timeout.connect(self.save)
        self._text.textChanged.connect(self._timer.start)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.addWidget(_line())
        layout.addWidget(_heading(_("REPORT")))
        for widget in (self._text, self._reasons, self._sign):
            layout.addWidget(widget)

    def save(self) -> None:
        """Keep the text in the case it was written for, whichever study is shown by now."""
        self._timer.stop()
        if self._study is None:
            return
        try:
            review_findings.change_text(self._workbench, self._study, self._text.toPlainText())
        except ViewerError as error:
            self._workbench.session.fail(error)

    def show_case(self) -> None:
        """Show the case on the screen; text typed for another study is saved there first."""
        shown = self._workbench.session.shown
        study = shown.study if shown else None
        if _identity(study) != _identity(self._study):
            if self._timer.isActive():
                self.save()
            self._study = study
            self._set_text(shown.case.text if shown else "")
        self._study = study
        self._show_stage(shown)

    def _set_text(self, text: str) -> None:
        self._text.blockSignals(True)
        self._text.setPlainText(text)
        self._text.blockSignals(False)

    def _show_stage(self, shown: Shown | None) -> None:
        signed = shown is not None and shown.case.stage is Stage.SIGNED
        reasons = reasons_not_to_sign(self._workbench, shown.study) if shown else ()
        self._text.setEnabled(shown is not None)
        self._text.setReadOnly(signed)
        if signed and shown is not None and shown.case.report is not None:
            signature = shown.case.report.signature
            self._reasons.setText(
                _("Signed by {reader}, {time}, version {version}.").format(
                    reader=signature.reader,
                    time=f"{signature.at:%Y-%m-%d %H:%M %Z}",
                    version=shown.case.report.version,
                )
            )
        else:
            self._reasons.setText("\n".join(reasons))
        self._reasons.setVisible(bool(self._reasons.text()))
        self._sign.setText(_("Export report…  Ctrl+E") if signed else _("Sign  F8"))
        self._sign.setEnabled(signed or (shown is not None and not reasons))

    def _act(self) -> None:
        self.save()
        case = self._workbench.session.case
        signed = case is not None and case.stage is Stage.SIGNED
        (report.export_report if signed else report.sign)(self._workbench)


class ReportText(QPlainTextEdit):
    """A text field that says when the reader leaves it."""

    def __init__(self, on_leave: Callable[[], None]) -> None:
        super().__init__()
        self._on_leave = on_leave

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Save at once."""
        super().focusOutEvent(event)
        self._on_leave()


def _identity(study: Study | None) -> object:
    return None if study is None else (study.uid, study.patient.key)


def _heading(words: str) -> QLabel:
    label = QLabel(words)
    label.setProperty("role", "heading")
    return label


def _line() -> QFrame:
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setStyleSheet("color: #3a3f45;")
    return line
