"""FindingCard: one finding with who says it, how sure, the verdict, and the keys that decide it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from viewer.app.commands.ai import go_to_finding
from viewer.app.marks import find_place
from viewer.app.operating_points import point_words
from viewer.app.session import display_title
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding, Source
from viewer.domain.readable import instead_text, stated_text
from viewer.review.decision import (
    Decision,
    Verdict,
    change_text,
    confidence_text,
    reason_text,
    verdict_text,
)
from viewer.review.statements import score_text
from viewer.ui import theme
from viewer.ui.panels.fields import muted
from viewer.ui.panels.finding_acts import FindingActs
from viewer.ui.panels.model_link import model_link
from viewer.ui.panels.override_fields import OverrideFields

_OVERRIDDEN = (Verdict.REJECTED, Verdict.MODIFIED, Verdict.INDETERMINATE)
_MARKS = {
    Verdict.CONFIRMED: "✓",
    Verdict.REJECTED: "✕",
    Verdict.MODIFIED: "✎",
    Verdict.INDETERMINATE: "?",
    Verdict.ADDED: "+",
}


class FindingCard(QFrame):
    """Dashed border: the network says so; solid border: a person does.

    latest: of all decisions its own was the last; its reasons then stay at hand, though the next finding
    is selected already.
    """

    def __init__(
        self,
        workbench: Workbench,
        finding: Finding,
        decision: Decision | None,
        editable: bool,
        latest: bool,
    ) -> None:
        super().__init__()
        self._latest = latest
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
            details = OverrideFields(workbench, finding, decision)
            self._details.append(details)
            self._layout.addWidget(details)
        self.show_selected(workbench.session.selected == finding.tracking_uid)

    def show_selected(self, selected: bool) -> None:
        """Draw the border: kind of line says who, its colour whether it is selected."""
        opened = selected or self._latest
        for widget in self._details:
            widget.setVisible(opened)
        instead = self._decision is not None and self._decision.corrected is not None
        said_by_buttons = opened and bool(self._details) and not instead
        self._words.setVisible(bool(self._words.text()) and not said_by_buttons)
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
        title = QLabel(stated_text(self._finding))
        title.setWordWrap(True)
        title.setStyleSheet("font-weight: 600;")
        row = QHBoxLayout()
        row.addWidget(badge, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(title, 1)
        self._layout.addLayout(row)
        score = score_text(self._finding)
        if score:
            line = QLabel(score)
            line.setWordWrap(True)
            self._layout.addWidget(line)
        for words in (
            point_words(self._workbench, self._finding),
            place_of(self._workbench, self._finding),
        ):
            if words:
                self._layout.addWidget(muted(words))
        algorithm = self._finding.algorithm
        if algorithm is not None:
            words = f"{algorithm.name} {algorithm.version}"
            self._layout.addWidget(model_link(self._workbench, algorithm, words))

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
        self._words = QLabel(decision_words(self._finding, self._decision))
        self._words.setWordWrap(True)
        self._layout.addWidget(self._words)

    def _add_acts(self) -> None:
        self._layout.addWidget(FindingActs(self._workbench, self._finding, self._decision))


def decision_words(finding: Finding, decision: Decision | None) -> str:
    """Reason, corrected finding and comment in one line."""
    if decision is None:
        return ""
    corrected = decision.corrected
    parts = (
        "" if decision.reason is None else reason_text(decision.reason),
        ""
        if corrected is None
        else _("Instead: {label}").format(label=instead_text(finding, corrected)),
        "" if decision.confidence is None else confidence_text(decision.confidence),
        "" if decision.change is None else change_text(decision.change),
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


def _colour(decision: Decision | None) -> str:
    if decision is None:
        return theme.WARNING
    return {
        Verdict.CONFIRMED: theme.CONFIRMED,
        Verdict.ADDED: theme.READER,
    }.get(decision.verdict, theme.OVERRIDDEN)
