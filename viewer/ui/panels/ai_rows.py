"""AiRows: what each model says of the series on the screen; the states are never confused."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from viewer.app.ai_state import AiState, ai_states, no_model_sentence
from viewer.app.input_check import input_check
from viewer.app.run_inference import cancel_runs, run_models_on, state_view
from viewer.app.session import Shown
from viewer.app.workbench import Workbench
from viewer.base.i18n import _, plural
from viewer.domain.finding import RunState
from viewer.inference.applicability import CONFIRMED, OTHER_BODY_PART, OTHER_VIEW
from viewer.inference.model_store import Quarantined
from viewer.ui import theme
from viewer.ui.panels.fields import muted
from viewer.ui.panels.model_link import model_link

SHAPES = {
    RunState.NOT_RUN: "○",
    RunState.RUNNING: "◔",
    RunState.NOT_APPLICABLE: "–",
    RunState.FAILED: "✕",
    RunState.DONE: "●",
}
"""Shape of each state; the word follows in the sentence, colour is never alone."""

Act = Callable[[], None]


class AiRows(QWidget):
    """One row a model, with the question, progress or retry that its state asks for."""

    def __init__(self, workbench: Workbench, shown: Shown, editable: bool) -> None:
        super().__init__()
        self._workbench = workbench
        self._shown = shown
        self._bars: list[tuple[str, QProgressBar]] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(6)
        states = ai_states(workbench, shown.study, shown.display_set)
        made_for_others = [state for state in states if _is_for_others(state)]
        for state in states:
            if not _is_for_others(state):
                self._add(state, editable, self._layout)
        if made_for_others:
            self._add_folded(made_for_others, folded=len(made_for_others) < len(states))
        for broken in workbench.models.quarantined:
            self._add_quarantined(broken)
        missing = no_model_sentence(workbench)
        if missing and not states:
            self._layout.addWidget(QLabel(missing))
        for note in workbench.site_models.notes(workbench.models.packages):
            self._warn(note)

    def show_progress(self) -> None:
        """Move the bars; cheap enough for each report of progress."""
        for model_id, bar in self._bars:
            fraction = self._workbench.session.running.get(
                (self._shown.display_set.uid, model_id), 0.0
            )
            bar.setValue(round(100 * fraction))

    def _add_folded(self, states: Sequence[AiState], folded: bool) -> None:
        """Models made for other images: one line while others apply, each with its reason on a click."""
        rows = QWidget()
        layout = QVBoxLayout(rows)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        for state in states:
            self._add(state, False, layout)
        count = plural("{n} model", "{n} models", len(states))
        opener = QPushButton(_("AI not applicable here: {models}").format(models=count))
        opener.setCheckable(True)
        opener.setChecked(not folded)
        opener.setFlat(True)
        opener.setToolTip(_("Show or hide why"))
        opener.setStyleSheet(f"text-align: left; color: {theme.MUTED}; border: 0; padding: 2px 0;")
        opener.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        opener.toggled.connect(rows.setVisible)
        self._layout.addWidget(opener)
        self._layout.addWidget(rows)
        # Only hidden, and only here: a widget shown before it has a parent is a window of its own.
        (rows if folded else opener).hide()

    def _add(self, state: AiState, editable: bool, layout: QVBoxLayout) -> None:
        words = QLabel(f"{SHAPES[state.state]}  {state.sentence}")
        words.setWordWrap(True)
        colour = theme.WARNING if state.state is RunState.FAILED else theme.TEXT
        words.setStyleSheet(f"color: {colour};")
        words.setToolTip(_model_hint(state))
        layout.addWidget(words)
        for warning in state.run.warnings if state.run is not None else ():
            layout.addWidget(muted(warning))
        if state.package.manifest.gate is None and not _is_for_others(state):
            layout.addWidget(muted(input_check(state.package.manifest)))
        layout.addWidget(model_link(self._workbench, state.algorithm, _("Model card")))
        if state.state is RunState.RUNNING:
            self._add_progress(state)
        elif editable and state.asks is not None:
            self._add_question(state)
        elif editable and state.state in (RunState.NOT_RUN, RunState.FAILED):
            again = state.state is RunState.FAILED
            self._add_buttons([(_("Try again") if again else _("Run"), lambda: self._run(again))])

    def _add_quarantined(self, broken: Quarantined) -> None:
        self._warn(
            _("Model {name} is set aside: {reason}").format(
                name=broken.folder.name, reason=broken.reason
            )
        )

    def _warn(self, sentence: str) -> None:
        words = QLabel(sentence)
        words.setWordWrap(True)
        words.setStyleSheet(f"color: {theme.WARNING};")
        self._layout.addWidget(words)

    def _run(self, again: bool) -> None:
        run_models_on(self._workbench, self._shown.study, self._shown.display_set, again)

    def _add_progress(self, state: AiState) -> None:
        bar = QProgressBar()
        bar.setTextVisible(False)
        bar.setMaximumHeight(5)
        bar.setValue(round(100 * state.progress))
        self._bars.append((state.algorithm.model_id, bar))
        cancel = QPushButton(_("Cancel"))
        cancel.clicked.connect(lambda: cancel_runs(self._workbench))
        row = QHBoxLayout()
        row.addWidget(bar, 1)
        row.addWidget(cancel)
        self._layout.addLayout(row)

    def _add_question(self, state: AiState) -> None:
        """Ask what the file does not say; the answer is recorded."""
        assert state.asks is not None
        question = QLabel(state.asks.question)
        question.setWordWrap(True)
        self._layout.addWidget(question)
        parts = " / ".join(part.lower() for part in state.asks.body_parts[:1])
        answers = [(_answer_title(view, parts), view) for view in state.asks.views]
        if state.asks.views != (CONFIRMED,):
            answers.append((_("Another view"), OTHER_VIEW))
        answers.append((_("Not {part}").format(part=parts), OTHER_BODY_PART))
        self._add_buttons([(title, self._answer(view)) for title, view in answers])

    def _answer(self, view: str) -> Act:
        return lambda: state_view(self._workbench, self._shown.study, self._shown.display_set, view)

    def _add_buttons(self, acts: Sequence[tuple[str, Act]]) -> None:
        row = QHBoxLayout()
        for title, act in acts:
            button = QPushButton(title)
            button.clicked.connect(lambda _checked=False, act=act: act())
            row.addWidget(button)
        row.addStretch(1)
        self._layout.addLayout(row)


def _is_for_others(state: AiState) -> bool:
    """Whether the header alone says so; a refusal after a look at the image has a run and stays in sight."""
    return state.state is RunState.NOT_APPLICABLE and state.run is None


def _model_hint(state: AiState) -> str:
    manifest = state.package.manifest
    run = state.run
    lines = [
        manifest.intended_use,
        *(_("Not for: {use}").format(use=use) for use in manifest.not_for),
        input_check(manifest),
    ]
    if run is not None and run.provider:
        lines.append(
            _("Ran on {device} in {seconds:.1f} s").format(device=run.provider, seconds=run.seconds)
        )
    return "\n".join(lines)


def _answer_title(view: str, part: str) -> str:
    return _("Yes, {part}").format(part=part) if view == CONFIRMED else f"{view} {part}"
