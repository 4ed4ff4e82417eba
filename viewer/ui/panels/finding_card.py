"""FindingCard: one finding with who says it, how sure, the verdict, and the keys that decide it."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from viewer.app import review_findings
from viewer.app.commands.ai import go_to_finding
from viewer.app.marks import find_place
from viewer.app.session import display_title
from viewer.app.shortcuts import with_key
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding, Source
from viewer.domain.readable import side_text
from viewer.review.codes import FindingConcept, concepts_for
from viewer.review.decision import Decision, OverrideReason, Verdict, reason_text, verdict_text
from viewer.review.statements import score_text
from viewer.ui import theme
from viewer.ui.panels.fields import ChoiceField, muted, narrow

_OVERRIDDEN = (Verdict.REJECTED, Verdict.MODIFIED, Verdict.INDETERMINATE)
_MARKS = {
    Verdict.CONFIRMED: "✓",
    Verdict.REJECTED: "✕",
    Verdict.MODIFIED: "✎",
    Verdict.INDETERMINATE: "?",
    Verdict.ADDED: "+",
}


class FindingCard(QFrame):
    """Dashed border: the network says so; solid border: a person does."""

    def __init__(
        self, workbench: Workbench, finding: Finding, decision: Decision | None, editable: bool
    ) -> None:
        super().__init__()
        self._workbench = workbench
        self._finding = finding
        self._decision = decision
        self._editable = editable
        self.setObjectName("card")
        self.setAccessibleName(f"{self._who()} {finding.label}, {self._state_words()}")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(10, 8, 10, 8)
        self._layout.setSpacing(5)
        self._details: list[QWidget] = []
        self._add_title()
        self._add_state()
        if editable:
            self._add_acts()
        if editable and decision is not None and decision.verdict in _OVERRIDDEN:
            self._add_override_details(decision)
        self.show_selected(workbench.session.selected == finding.tracking_uid)

    def show_selected(self, selected: bool) -> None:
        """Draw the border: kind of line says who, its colour whether it is selected."""
        for widget in self._details:
            widget.setVisible(selected)
        self._words.setVisible(bool(self._words.text()) and not (selected and self._details))
        line = "dashed" if self._finding.source is Source.AI else "solid"
        colour = theme.ACCENT if selected else theme.EDGE
        back = theme.RAISED if selected else theme.PANEL
        self.setStyleSheet(
            f"#card {{ border: 1px {line} {colour}; border-radius: 5px; background: {back}; }}"
            "#card QLabel { background: transparent; }"
        )

    @property
    def tracking_uid(self) -> str:
        """Of the finding on this card."""
        return self._finding.tracking_uid

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Select the finding and show where it lies."""
        go_to_finding(self._workbench, self._finding)

    def _who(self) -> str:
        return _("AI") if self._finding.source is Source.AI else _("Reader")

    def _add_title(self) -> None:
        colour = theme.AI if self._finding.source is Source.AI else theme.READER
        badge = QLabel(self._who())
        badge.setStyleSheet(
            f"color: {colour}; border: 1px solid {colour}; border-radius: 3px; padding: 0 4px;"
            "font-weight: 600;"
        )
        title = QLabel(_title(self._finding))
        title.setWordWrap(True)
        title.setStyleSheet("font-weight: 600;")
        row = QHBoxLayout()
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(title, 1)
        self._layout.addLayout(row)
        score = score_text(self._finding)
        if score:
            self._layout.addWidget(QLabel(score))
        algorithm = self._finding.algorithm
        model = "" if algorithm is None else f"{algorithm.name} {algorithm.version}"
        for words in (place_of(self._workbench, self._finding), model):
            if words:
                self._layout.addWidget(muted(words))

    def _state_words(self) -> str:
        if self._decision is None:
            return _("Undecided")
        words = f"{_MARKS[self._decision.verdict]} {verdict_text(self._decision.verdict)}"
        by = self._decision.reader
        return f"{words} ({by})" if by else words

    def _add_state(self) -> None:
        state = QLabel(self._state_words())
        state.setStyleSheet(f"color: {_colour(self._decision)}; font-weight: 600;")
        self._layout.addWidget(state)
        self._words = QLabel(decision_words(self._decision))
        self._words.setWordWrap(True)
        self._layout.addWidget(self._words)

    def _add_acts(self) -> None:
        row = QHBoxLayout()
        if self._finding.source is Source.READER:
            row.addWidget(self._button(_("Withdraw"), self._withdraw, ""))
        elif self._decision is None:
            confirm = self._with_key(_("Confirm"), "review.confirm")
            override = self._with_key(_("Override"), "review.override")
            row.addWidget(self._button(confirm, self._confirm, _("Agree with the AI")))
            row.addWidget(self._button(override, self._override, _("Disagree with the AI")))
        else:
            again = self._with_key(_("Reopen"), "review.reopen")
            row.addWidget(self._button(again, self._reopen, _("Take the decision back")))
        row.addStretch(1)
        self._layout.addLayout(row)

    def _with_key(self, words: str, command: str) -> str:
        return with_key(self._workbench.settings, words, command)

    def _button(self, title: str, act: Callable[[], None], hint: str) -> QPushButton:
        button = QPushButton(title)
        button.setToolTip(hint)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: act())
        return button

    def _confirm(self) -> None:
        self._workbench.session.select(self._finding.tracking_uid)
        review_findings.confirm(self._workbench, self._finding)

    def _override(self) -> None:
        self._workbench.session.select(self._finding.tracking_uid)
        review_findings.override(self._workbench, self._finding)

    def _reopen(self) -> None:
        review_findings.reopen(self._workbench, self._finding)

    def _withdraw(self) -> None:
        review_findings.withdraw(self._workbench, self._finding)

    def _add_override_details(self, decision: Decision) -> None:
        """Reason, corrected finding and comment; each change is a new decision."""
        self._reason = ChoiceField()
        for reason in OverrideReason:
            self._reason.addItem(reason_text(reason), reason.value)
        chosen = decision.reason or OverrideReason.NOT_PRESENT
        self._reason.setCurrentIndex(list(OverrideReason).index(chosen))
        self._instead = ChoiceField()
        self._instead.addItem(_("no other finding instead"), None)
        self._concepts = self._offered()
        for concept in self._concepts:
            self._instead.addItem(_("instead: {label}").format(label=concept.label))
        if decision.corrected is not None:
            keys = [concept.key for concept in self._concepts]
            if decision.corrected.key in keys:
                self._instead.setCurrentIndex(keys.index(decision.corrected.key) + 1)
        self._comment = QLineEdit(decision.comment)
        self._comment.setPlaceholderText(_("Comment for the report"))
        for widget, name in (
            (self._reason, _("Reason for overriding")),
            (self._instead, _("Finding instead")),
            (self._comment, _("Comment")),
        ):
            widget.setAccessibleName(name)
            widget.setToolTip(name)
            narrow(widget)
            self._details.append(widget)
            self._layout.addWidget(widget)
        self._reason.activated.connect(lambda _place: self._change_override())
        self._instead.activated.connect(lambda _place: self._change_override())
        self._comment.editingFinished.connect(self._change_override)

    def _offered(self) -> tuple[FindingConcept, ...]:
        shown = self._workbench.session.shown
        return () if shown is None else concepts_for(shown.display_set.modality)

    def _change_override(self) -> None:
        decision = self._decision
        place = self._instead.currentIndex()
        corrected = self._concepts[place - 1] if place > 0 else None
        reason = OverrideReason(self._reason.currentData())
        comment = self._comment.text().strip()
        before = decision.corrected.key if decision and decision.corrected else None
        after = corrected.key if corrected else None
        if decision and (reason, comment, after) == (decision.reason, decision.comment, before):
            return
        review_findings.override(self._workbench, self._finding, reason, comment, corrected)


def decision_words(decision: Decision | None) -> str:
    """Reason, corrected finding and comment in one line."""
    if decision is None:
        return ""
    corrected = decision.corrected
    parts = (
        "" if decision.reason is None else reason_text(decision.reason),
        "" if corrected is None else _("Instead: {label}").format(label=_title(corrected)),
        decision.comment,
    )
    return " · ".join(part for part in parts if part)


def place_of(workbench: Workbench, finding: Finding) -> str:
    """The series and image a finding lies on, in words; "" where it has no place."""
    found = find_place(workbench.session, finding)
    if found is None:
        return ""
    display_set, position = found
    count = len(display_set.frames)
    image = "" if count == 1 else _("image {place}/{count}").format(place=position + 1, count=count)
    return "  ".join(part for part in (display_title(display_set), image) if part)


def _title(finding: Finding) -> str:
    side = side_text(finding)
    return f"{finding.label}, {side}" if side else finding.label


def _colour(decision: Decision | None) -> str:
    if decision is None:
        return theme.WARNING
    return {
        Verdict.CONFIRMED: theme.CONFIRMED,
        Verdict.ADDED: theme.READER,
    }.get(decision.verdict, theme.OVERRIDDEN)
