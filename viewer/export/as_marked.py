"""Key frames as the reader saw them when marking them: the view, its presentation state, and words on both."""

from dataclasses import dataclass

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.presentation_state import read_presentation_state
from viewer.domain.display_set import FramePlace
from viewer.domain.key_view import KeyView, StateUsed, as_then
from viewer.domain.presentation import Presentation
from viewer.domain.presentation_state import PresentationState
from viewer.export.evidence import Evidence
from viewer.export.key_image import AS_IT_IS
from viewer.review.report import SignedReport

DEGREES_PER_TURN = 90


@dataclass(frozen=True)
class AsMarked:
    """How a frame is printed. words: what differs from the file's own picture, and what is missing of it."""

    presentation: Presentation = AS_IT_IS
    words: str = ""


def as_marked(report: SignedReport, evidence: Evidence, place: FramePlace) -> AsMarked:
    """The reader's view of a frame at the moment of marking; as the file has it where there is none."""
    view = next((one for one in report.key_views if one.place == place), None)
    if view is None:
        return AsMarked()
    state = None if view.state is None else _state(report, evidence, view.state, place)
    words = _("Shown as it was when it was marked: {parts}.").format(
        parts="; ".join(_parts(view, state))
    )
    return AsMarked(as_then(view, state), words)


def _state(
    report: SignedReport, evidence: Evidence, used: StateUsed, place: FramePlace
) -> PresentationState | None:
    """The state of this study and patient as it was then; None where it is gone, or another by now."""
    path = evidence.files.get(used.uid)
    if path is None:
        return None
    try:
        state = read_presentation_state(path)
    except FileProblem:
        return None
    owner = (report.study.uid, report.patient.key)
    same = (state.uid, state.file_sha256) == (used.uid, used.sha256)
    mine = (state.study_uid, state.patient_key) == owner and state.names(place)
    return state if same and mine else None


def _parts(view: KeyView, state: PresentationState | None) -> list[str]:
    parts = [
        "" if view.state is None else _state_words(view.state, state),
        view.preset,
        "" if view.window is None else f"W {view.window.width:g} L {view.window.center:g}",
        _("one window for the whole series")
        if view.stack_window is not None and view.window is None
        else "",
        _("inverted") if view.inverted else "",
        _("colours: {name}").format(name=view.colour_map) if view.colour_map else "",
        _("flipped") if view.flip_horizontal else "",
        _("turned by {degrees}°").format(degrees=DEGREES_PER_TURN * view.quarter_turns)
        if view.quarter_turns
        else "",
        "" if view.file_overlays else _("overlays of the file hidden"),
        "" if view.shutter else _("shutter of the file lifted"),
    ]
    return [part for part in parts if part]


def _state_words(used: StateUsed, state: PresentationState | None) -> str:
    if state is None:
        words = _(
            "NOT APPLIED: presentation state “{title}”, whose file is not open or has changed since"
        )
    elif state.omitted:
        words = _("presentation state “{title}”, in part")
    else:
        words = _("presentation state “{title}”")
    return words.format(title=used.title)
