"""SignDialog: what will be signed, and the user name and password of who signs it."""

from datetime import datetime
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from viewer.app.accounts import Accounts
from viewer.base.i18n import _
from viewer.domain.readable import instead_text, readable_date, readable_name, stated_text
from viewer.domain.study import Study
from viewer.review.case import Case
from viewer.review.decision import Verdict, reason_text, verdict_text
from viewer.review.first_read import reading_sentences
from viewer.review.signature import MEANING, misses_statement, reported_findings
from viewer.review.statements import score_text, statement
from viewer.store.users import User
from viewer.ui.dialogs.credentials import CredentialsForm, NewUserForm
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.panels.fields import muted


class SignDialog(QDialog):
    """Shows patient, study, every verdict and each AI that proposed nothing; asks for name and password.

    Where there is no account yet, the first signature makes one. reader: the name to offer for it.
    """

    def __init__(
        self, parent: QWidget | None, study: Study, case: Case, accounts: Accounts, reader: str
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Sign the report"))
        self.setMinimumWidth(520)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(_who(study))
        layout.addWidget(_summary(case), 1)
        meaning = QLabel(_(MEANING))
        meaning.setWordWrap(True)
        layout.addWidget(meaning)
        self.user: User | None = None
        """Who signs, once the password was right."""
        self._accounts = accounts
        self._known = accounts.exist
        if not self._known:
            layout.addWidget(muted(_("This makes your account; the password signs from now on.")))
        self._form = (
            CredentialsForm(accounts.suggested_name, accounts.users.wait_s)
            if self._known
            else NewUserForm(reader)
        )
        layout.addWidget(self._form)
        layout.addWidget(muted(_("Time: {time}").format(time=_now())))
        self._buttons = DialogButtons(_("Sign"), self._try, self.reject)
        self._sign = self._buttons.primary
        self._sign.setDefault(True)
        layout.addWidget(self._buttons)
        self._form.changed.connect(self._check)
        self._check()
        self._form.setFocus()

    def _check(self) -> None:
        self._sign.setEnabled(self._form.ready)
        self._sign.setDefault(True)

    def _try(self) -> None:
        if isinstance(self._form, CredentialsForm):
            self.user = self._form.attempt(self._accounts.log_in)
        else:
            self.user = self._form.attempt(self._accounts.create_first)
        if self.user is not None:
            self.accept()


def _now() -> str:
    return f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}"


def _who(study: Study) -> QLabel:
    patient = study.patient
    words = QLabel(
        f"<b>{escape(readable_name(patient.name))}</b>  {escape(patient.sex)}  "
        f"{escape(readable_date(patient.birth_date))}  ID {escape(patient.patient_id)}<br>"
        f"{escape(study.description)}  {escape(readable_date(study.date))}"
    )
    words.setTextFormat(Qt.TextFormat.RichText)
    return words


def _summary(case: Case) -> QScrollArea:
    lines = []
    for reported in reported_findings(case):
        finding, decision = reported.finding, reported.decision
        parts = [f"<b>{escape(verdict_text(decision.verdict))}</b>: {escape(stated_text(finding))}"]
        if decision.verdict is not Verdict.ADDED:
            parts.append(escape(score_text(finding)))
        if decision.reason is not None:
            parts.append(escape(reason_text(decision.reason)))
        if decision.corrected is not None:
            parts.append(
                escape(
                    _("Instead: {label}").format(label=instead_text(finding, decision.corrected))
                )
            )
        parts.append(escape(decision.comment))
        lines.append(" · ".join(part for part in parts if part))
    lines += [escape(statement(run)) for run in case.runs.values() if not run.findings]
    lines += [escape(sentence) for sentence in reading_sentences(case)]
    lines.append(escape(misses_statement(case)))
    if case.text:
        lines.append(escape(case.text).replace("\n", "<br>"))
    words = QLabel("<p>" + "</p><p>".join(lines) + "</p>")
    words.setWordWrap(True)
    words.setAlignment(Qt.AlignmentFlag.AlignTop)
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setMinimumHeight(140)
    area.setWidget(words)
    return area
