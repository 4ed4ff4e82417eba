"""OverrideFields: why the reader disagrees, one click a reason, and the words for the report."""

from functools import partial

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from viewer.app import review_findings
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.review.decision import ChangeReason, Decision, OverrideReason, Verdict, reason_text
from viewer.ui.panels.fields import FlowOfButtons, muted, narrow

SHORT = {
    OverrideReason.NOT_PRESENT: lambda: _("Not present"),
    OverrideReason.TECHNIQUE: lambda: _("Technique"),
    OverrideReason.NORMAL_VARIANT: lambda: _("Normal variant"),
    OverrideReason.WRONG_LABEL: lambda: _("Something else"),
    OverrideReason.WRONG_EXTENT: lambda: _("Place or extent"),
    OverrideReason.CANNOT_TELL: lambda: _("Cannot tell"),
    OverrideReason.OTHER: lambda: _("Other (comment)"),
}
"""The reasons as buttons have room for them; the whole sentence is their hint."""


class OverrideFields(QWidget):
    """Each change is a new decision; the earlier one stays in the record."""

    def __init__(self, workbench: Workbench, finding: Finding, decision: Decision) -> None:
        super().__init__()
        self._workbench = workbench
        self._finding = finding
        self._decision = decision
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(5)
        if decision.verdict is not Verdict.MODIFIED:
            layout.addWidget(muted(_("Why? One click:")))
            layout.addWidget(self._reasons())
        self._comment = QLineEdit(decision.comment)
        self._comment.setPlaceholderText(_("Comment for the report"))
        self._comment.setAccessibleName(_("Comment"))
        self._comment.setToolTip(_("Comment"))
        self._comment.editingFinished.connect(lambda: self._change(decision.reason))
        narrow(self._comment)
        layout.addWidget(self._comment)

    def _reasons(self) -> FlowOfButtons:
        buttons = FlowOfButtons()
        for reason in OverrideReason:
            act = partial(self._change, reason)
            button = buttons.add(SHORT[reason](), act, reason_text(reason))
            button.setCheckable(True)
            button.setChecked(reason is self._decision.reason)
            button.setAccessibleName(
                _("Reason for overriding: {reason}").format(reason=reason_text(reason))
            )
        return buttons

    def _change(self, reason: OverrideReason | None) -> None:
        decision, comment = self._decision, self._comment.text().strip()
        if (reason, comment) == (decision.reason, decision.comment):
            return
        review_findings.change_override(
            self._workbench,
            self._finding,
            decision,
            reason or OverrideReason.NOT_PRESENT,
            comment,
            ChangeReason.NOT_SURE,
        )
