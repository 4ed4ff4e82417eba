"""StatusBar: reading mode, patient and series, AI, reader, and the research-use label, always visible."""

from PySide6.QtWidgets import QLabel, QStatusBar

from viewer.app.ai_state import AiState, ai_states
from viewer.app.probe import probe_words
from viewer.app.session import Shown, display_title
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import RunState
from viewer.domain.readable import readable_name
from viewer.review.reading import mode_hint, mode_text
from viewer.ui import theme
from viewer.ui.elided_label import ElidedLabel


class StatusBar(QStatusBar):
    """Reads the session; built once, its words follow."""

    def __init__(self, workbench: Workbench) -> None:
        super().__init__()
        self._workbench = workbench
        self.setSizeGripEnabled(False)
        self._case = ElidedLabel()
        self._ai = ElidedLabel()
        self._reader = QLabel()
        research = QLabel(_("RESEARCH USE ONLY"))
        research.setStyleSheet(f"color: {theme.WARNING}; font-weight: 600;")
        research.setToolTip(_("For research use only. Not for clinical use."))
        self._mode = QLabel()
        self.addWidget(self._mode)
        self.addWidget(self._case, 1)
        self.addWidget(self._ai, 2)
        self._probe = QLabel()
        self._probe.setToolTip(_("Column, row and value under the pointer"))
        for label in (self._probe, self._reader, research):
            self.addPermanentWidget(label)
        events = workbench.session.events
        for event in (events.shown, events.runs, events.case, events.progress):
            event.subscribe(lambda _none: self.refresh())
        events.user.subscribe(lambda _none: self.refresh())
        for event in (events.pointer, events.shown):
            event.subscribe(lambda _none: self._show_probe())
        workbench.settings.changed.subscribe(lambda _values: self.refresh())
        self.refresh()

    def _show_probe(self) -> None:
        """Nothing while another image is on its way: a value of the one before would be taken for its own."""
        session = self._workbench.session
        frame = self._workbench.frames.get(session.shown.ref) if session.shown else None
        point = session.pointer_px
        self._probe.setText("" if frame is None or point is None else probe_words(frame, point))

    def refresh(self) -> None:
        """Say what is so now."""
        shown = self._workbench.session.shown
        reader = self._workbench.reader or _("not stated")
        self._reader.setText(_("Reader: {name}").format(name=reader))
        self._case.setText(_case_words(shown))
        mode = shown.case.mode if shown else self._workbench.session.reading_mode
        self._mode.setText(mode_text(mode))
        self._mode.setToolTip(mode_hint(mode))
        states = ai_states(self._workbench, shown.study, shown.display_set) if shown else ()
        words = [_ai_words(state) for state in sorted(states, key=_last_if_other)]
        withheld = shown is not None and not shown.case.ai_visible
        notes = () if withheld or shown is None else self._notes()
        words += [_("a model waits for the site's decision")] if notes else []
        said = _("AI withheld until you lock your read") if withheld else "  |  ".join(words)
        self._ai.setText(said)
        self._ai.setToolTip("\n".join((said, *notes)))

    def _notes(self) -> tuple[str, ...]:
        return self._workbench.site_models.notes(self._workbench.models.packages)


def _case_words(shown: Shown | None) -> str:
    if shown is None:
        return _("No study open")
    name = readable_name(shown.study.patient.name)
    return f"{name}  ·  {display_title(shown.display_set)}"


def _last_if_other(state: AiState) -> bool:
    """What was made for other images comes last."""
    return state.state is RunState.NOT_APPLICABLE


def _ai_words(state: AiState) -> str:
    model = f"{state.algorithm.name} {state.algorithm.version}"
    if state.state is RunState.DONE and state.run is not None:
        return _("{model} on {device}: done in {seconds:.1f} s").format(
            model=model, device=state.run.provider, seconds=state.run.seconds
        )
    words = {
        RunState.NOT_RUN: _("{model}: not run"),
        RunState.RUNNING: _("{model}: running"),
        RunState.NOT_APPLICABLE: _("{model}: not applicable"),
        RunState.FAILED: _("{model}: failed"),
    }
    return words[state.state].format(model=model)
