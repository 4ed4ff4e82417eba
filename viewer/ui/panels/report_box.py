"""ReportBox: the reader's text, what still stands against signing, and the button to sign."""

from collections.abc import Callable

from PySide6.QtCore import QTimer
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from viewer.app import review_findings
from viewer.app.commands import report
from viewer.app.export_report import reasons_not_to_sign
from viewer.app.later_truth import known_of
from viewer.app.session import Shown, study_key
from viewer.app.shortcuts import with_key
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.review.workflow import Stage
from viewer.ui.panels.fields import heading, line, muted

SAVE_TEXT_AFTER_MS = 700
"""Pause in typing after which the report text is saved."""


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
        self._reasons = muted("")
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
        layout.addWidget(line())
        layout.addWidget(heading(_("REPORT")))
        self._truth = QPushButton(_("Later truth…"))
        self._truth.clicked.connect(lambda: report.later_truth(workbench))
        for widget in (self._text, self._reasons, self._sign, self._truth):
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
        if _key(study) != _key(self._study):
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
        self._show_truth(shown if signed else None)
        words = _("Export report…") if signed else _("Sign")
        command = "report.export_report" if signed else "report.sign"
        self._sign.setText(with_key(self._workbench.settings, words, command))
        self._sign.setEnabled(signed or (shown is not None and not reasons))

    def _show_truth(self, signed: Shown | None) -> None:
        self._truth.setVisible(signed is not None)
        self._truth.setEnabled(self._workbench.session.may_write)
        if signed is not None:
            known, asked = known_of(signed.case)
            words = _("Later truth: {n} of {all} known…").format(n=known, all=asked)
            self._truth.setText(with_key(self._workbench.settings, words, "report.later_truth"))

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


def _key(study: Study | None) -> object:
    return None if study is None else study_key(study)
