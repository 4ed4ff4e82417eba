"""Session: what is open and shown, whose case it is, which AI runs; changed on the GUI thread only."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from viewer.app.cine import Cine
from viewer.app.drawings import Drawings
from viewer.app.edited import Edited
from viewer.app.network_state import NetworkState
from viewer.app.open_marks import OpenMarks
from viewer.app.open_segments import OpenSegments
from viewer.app.overlay import Overlay
from viewer.app.presence import Presence
from viewer.app.session_events import Events
from viewer.app.stack_windows import StackWindows
from viewer.app.tools import ActiveTool, Tool
from viewer.base.errors import ViewerError, WorkflowError
from viewer.base.i18n import _
from viewer.domain.display_set import DisplaySet, FrameRef
from viewer.domain.finding import Finding, ModelRun, PointPx
from viewer.domain.image import Heatmap
from viewer.domain.presentation import Presentation
from viewer.domain.presentation_state import PresentationState, first_view
from viewer.domain.study import Study, StudyIndex
from viewer.domain.withheld import without_ai_results
from viewer.review.case import Case
from viewer.review.drawing import Drawing
from viewer.review.reading import ReadingMode

StudyKey = tuple[str, tuple[str, str, str, str]]
"""Study Instance UID and patient key: one without the other is no identity."""

RunKey = tuple[str, str]
"""(display set UID, model id)."""


def study_key(study: Study) -> StudyKey:
    """The identity under which a study has its case."""
    return (study.uid, study.patient.key)


@dataclass(frozen=True)
class Shown:
    """What the viewport shows: always of one study, with that study's case.

    chosen: whether the reader chose the position; until then a growing series shows its middle.
    """

    study: Study
    case: Case
    display_set: DisplaySet
    position: int
    chosen: bool = False

    @property
    def ref(self) -> FrameRef:
        """The frame on the screen."""
        return self.display_set.frames[self.position]


@dataclass(frozen=True)
class Adding:
    """The reader is about to add a finding of their own, here."""

    study: Study
    display_set: DisplaySet
    ref: FrameRef
    point_px: PointPx | None


ViewKey = tuple[str, str]
"""(display set UID, UID of the presentation state under which it is seen; "" without one)."""


def _view_key(display_set: DisplaySet, state: PresentationState | None) -> ViewKey:
    return (display_set.uid, state.uid if state is not None else "")


def _refuse_strange_state(state: PresentationState, shown: Shown) -> None:
    """A state acts on the images it names, of its own patient and study, and on nothing else."""
    if (state.study_uid, state.patient_key) != study_key(shown.study):
        raise WorkflowError(
            _("This presentation state belongs to another patient or study and was not applied.")
        )
    if not state.names(shown.ref.place):
        raise WorkflowError(_("This presentation state is not for this image and was not applied."))


LoadCase = Callable[[Study], Case]
LoadDrawings = Callable[[Study], Drawings]


class Session:
    """Holder of everything on the screen."""

    def __init__(self, load_case: LoadCase, load_drawings: LoadDrawings) -> None:
        self._load_case = load_case
        self._load_drawings = load_drawings
        self._drawings: dict[StudyKey, Drawings] = {}
        self._cases: dict[StudyKey, Case] = {}
        self.events = Events()
        self.presence = Presence(self.events)
        self.reading_mode = ReadingMode.AI_FIRST
        self.index = StudyIndex()
        self.network = NetworkState()
        self._found = StudyIndex()
        self.opened_paths: tuple[Path, ...] = ()
        self.indexing: float | None = None
        self.saving: float | None = None
        self.cine: Cine | None = None
        self.magnifier = False
        self.shown: Shown | None = None
        self.presentations: dict[ViewKey, Presentation] = {}
        self.stack_windows = StackWindows()
        self.states: dict[str, PresentationState] = {}
        self.overlay = Overlay()
        self.tool: ActiveTool = Tool.WINDOW
        self.selected_drawing: str | None = None
        self.selected: str | None = None
        self.running: dict[RunKey, float] = {}
        self.measuring: set[RunKey] = set()
        self.looking = False
        self.adding: Adding | None = None
        self.editing: Edited | None = None
        self.pointer_px: PointPx | None = None
        self.heatmaps: dict[str, tuple[Heatmap, ...]] = {}
        self.segments = OpenSegments(
            self.events.segments, lambda study: not self.case_of(study).ai_visible
        )
        self.report_marks = OpenMarks(
            self.events.segments, lambda study: not self.case_of(study).ai_visible
        )

    @property
    def case(self) -> Case | None:
        """The case of the study on the screen."""
        return self.shown.case if self.shown else None

    @property
    def presentation(self) -> Presentation:
        """The reader's view of the display set on the screen."""
        if self.shown is None:
            return Presentation()
        return self.presentation_of(self.shown.display_set, self.shown.ref)

    def presentation_of(self, display_set: DisplaySet, ref: FrameRef) -> Presentation:
        """The reader's view of a frame: one under the state applied to it, another without."""
        state = self.state_on(display_set, ref)
        key = _view_key(display_set, state)
        view = self.presentations.get(key) or first_view(state, ref.place)
        return self.stack_windows.on(display_set, view)

    def state_on(self, display_set: DisplaySet, ref: FrameRef) -> PresentationState | None:
        """The presentation state applied to a frame; None on frames that it does not name."""
        state = self.states.get(display_set.uid)
        return state if state is not None and state.names(ref.place) else None

    def apply_state(self, state: PresentationState | None) -> None:
        """Show the display set on the screen as the state says; None shows it as it is again.

        Raises WorkflowError for a state of another patient or study, or one that does not name the frame.
        """
        if self.shown is None:
            return
        uid = self.shown.display_set.uid
        if state is None:
            self.states.pop(uid, None)
        else:
            _refuse_strange_state(state, self.shown)
            self.states[uid] = state
            self.presentations.pop((uid, state.uid), None)
        self.events.presentation.emit(None)

    def case_of(self, study: Study) -> Case:
        """The one open case of `study`."""
        key = study_key(study)
        if key not in self._cases:
            self._cases[key] = self._load_case(study)
        return self._cases[key]

    def reload(self, study: Study) -> None:
        """Read the case and the drawings of `study` again, as they stand by now."""
        key = study_key(study)
        self._cases[key] = self._load_case(study)
        self._drawings.pop(key, None)
        if self.shown is not None and study_key(self.shown.study) == key:
            self.shown = replace(self.shown, case=self._cases[key])
            self.events.case.emit(None)
            self.events.drawings.emit(None)

    @property
    def may_write(self) -> bool:
        """Whether the case on the screen is this program's."""
        return self.shown is not None and self.presence.holder(self.shown.study) is None

    def drawings_of(self, study: Study) -> Drawings:
        """The one holder of what was drawn on `study`."""
        key = study_key(study)
        if key not in self._drawings:
            self._drawings[key] = self._load_drawings(study)
        return self._drawings[key]

    def drawings_here(self) -> tuple[Drawing, ...]:
        """The drawings on the frame on the screen."""
        if self.shown is None:
            return ()
        ref = self.shown.ref
        return tuple(
            drawing
            for drawing in self.drawings_of(self.shown.study).all
            if drawing.annotation.place == ref.place
        )

    def select_drawing(self, uid: str | None) -> None:
        """Select a drawing of the study on the screen."""
        self.selected_drawing = uid
        self.events.drawings.emit(None)

    def set_index(self, index: StudyIndex) -> None:
        """Take a newer state of what was found; what may be an AI's of a study read first is not listed."""
        self._found = index
        self.index = replace(index, studies=tuple(map(self._listed, index.studies)))
        if self.shown is not None:
            self._follow_shown_study(self.index)
        self.events.index.emit(None)

    def list_again(self) -> None:
        """List what was found anew: an AI was revealed, or the site's reading mode has changed."""
        self.set_index(self._found)
        for event in (self.events.case, self.events.runs, self.events.overlay):
            event.emit(None)

    def _listed(self, study: Study) -> Study:
        return study if self.case_of(study).ai_visible else without_ai_results(study)

    def set_reading_mode(self, mode: ReadingMode) -> None:
        """Take the site's mode; it holds for cases that nobody has begun, those begun keep theirs."""
        if mode is not self.reading_mode:
            self.reading_mode = mode
            self._forget_untouched_cases()

    def _forget_untouched_cases(self) -> None:
        shown = None if self.shown is None else study_key(self.shown.study)
        begun = {key: case for key, case in self._cases.items() if case.history or key == shown}
        self._cases = begun
        self.list_again()

    def set_indexing(self, fraction: float | None) -> None:
        """Progress of opening; None when nothing is being opened."""
        self.indexing = fraction
        self.events.progress.emit(None)

    def set_saving(self, fraction: float | None) -> None:
        """Progress of saving pictures; None when none are being saved."""
        self.saving = fraction
        self.events.progress.emit(None)

    def set_magnifier(self, on: bool) -> None:
        """Lay a magnifying glass under the pointer, or take it away."""
        self.magnifier = on
        self.events.presentation.emit(None)

    def set_cine(self, cine: Cine | None) -> None:
        """Let a film run, or end it."""
        self.cine = cine
        self.events.cine.emit(None)

    def _follow_shown_study(self, index: StudyIndex) -> None:
        """Keep showing the same frame when its study has grown."""
        assert self.shown is not None
        shown = self.shown
        for study in index.studies:
            if study_key(study) != study_key(shown.study):
                continue
            for display_set in study.display_sets:
                if shown.ref in display_set.frames:
                    self._follow(study, display_set)
                    return

    def _follow(self, study: Study, display_set: DisplaySet) -> None:
        assert self.shown is not None
        shown = self.shown
        here, middle = display_set.frames.index(shown.ref), len(display_set.frames) // 2
        place = here if shown.chosen else middle
        self.shown = Shown(study, shown.case, display_set, place, shown.chosen)
        if display_set != shown.display_set:
            self.events.shown.emit(None)

    def show(self, study: Study, display_set: DisplaySet, position: int | None = None) -> None:
        """Put a display set on the screen, with its own study and case, all at once."""
        place = len(display_set.frames) // 2 if position is None else position
        other_study = self.shown is None or study_key(self.shown.study) != study_key(study)
        chosen = position is not None
        self.shown = Shown(study, self.case_of(study), display_set, place, chosen)
        if other_study:
            self.selected = None
            self.adding = None
            self.editing = None
            self.pointer_px = None
            self.selected_drawing = None
            self.overlay = replace(self.overlay, visible=False, below=False, pointing=False)
        self.events.shown.emit(None)
        if other_study:
            self.events.overlay.emit(None)
            self.events.case.emit(None)

    def go_to(self, position: int) -> None:
        """Show another frame of the stack, kept within it."""
        if self.shown is None:
            return
        last = len(self.shown.display_set.frames) - 1
        place = min(max(position, 0), last)
        if place != self.shown.position:
            self.shown = replace(self.shown, position=place, chosen=True)
            self.events.shown.emit(None)

    def present(self, **changes: object) -> None:
        """Change the view of the display set on the screen."""
        if self.shown is None:
            return
        changed = replace(self.presentation, **changes)  # type: ignore[arg-type]
        self.presentations[_view_key(self.shown.display_set, changed.state)] = changed
        self.events.presentation.emit(None)

    def set_overlay(self, **changes: object) -> None:
        """Change the AI overlay."""
        self.overlay = replace(self.overlay, **changes)  # type: ignore[arg-type]
        self.events.overlay.emit(None)

    def set_tool(self, tool: ActiveTool) -> None:
        """Choose what a left drag does: a tool of the view, or a measuring tool by key."""
        self.tool = tool
        self.events.presentation.emit(None)

    def point_at(self, point_px: PointPx | None) -> None:
        """Remember where on the image the pointer is; None outside."""
        self.pointer_px = point_px
        self.events.pointer.emit(None)

    def select(self, tracking_uid: str | None) -> None:
        """Select a finding of the case on the screen."""
        self.selected = tracking_uid
        self.events.selection.emit(None)

    def selected_finding(self) -> Finding | None:
        """The selected finding, if it is still part of the case."""
        if self.case is None or self.selected is None:
            return None
        matches = (found for found in self.case.findings if found.tracking_uid == self.selected)
        return next(matches, None)

    def runs_of(self, display_set: DisplaySet) -> tuple[ModelRun, ...]:
        """The recorded runs on a display set, in whichever study it lies."""
        study = self.study_of(display_set)
        if study is None:
            return ()
        runs = self.case_of(study).runs.values()
        return tuple(run for run in runs if run.display_set_uid == display_set.uid)

    def study_of(self, display_set: DisplaySet) -> Study | None:
        """The open study that holds a display set."""
        holders = (study for study in self.index.studies if display_set in study.display_sets)
        return next(holders, None)

    def is_running(self, study: Study) -> bool:
        """Whether any model runs on `study` now."""
        uids = {display_set.uid for display_set in study.display_sets}
        return any(display_set_uid in uids for display_set_uid, _model in self.running)

    def is_measuring(self, study: Study) -> bool:
        """Whether the stability of a result on `study` is being measured; nothing waits for it."""
        uids = {display_set.uid for display_set in study.display_sets}
        return any(display_set_uid in uids for display_set_uid, _model in self.measuring)

    def notify(self, sentence: str) -> None:
        """Say something in the quiet strip."""
        self.events.notice.emit(sentence)

    def fail(self, error: ViewerError) -> None:
        """Say what went wrong."""
        self.notify(str(error))


def display_title(display_set: DisplaySet) -> str:
    """How a display set is called in lists."""
    number = display_set.series_number
    series = _("Series") if number is None else _("Series {number}").format(number=number)
    return f"{series}  {display_set.description}".strip()
