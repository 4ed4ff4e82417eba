"""KeyView: how a frame was shown when the reader marked it as a key image, to print it as it was seen."""

from dataclasses import dataclass

from viewer.domain.display_set import FramePlace
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.domain.presentation_state import PresentationState


@dataclass(frozen=True)
class StateUsed:
    """The stored presentation state that was applied. title: its words; sha256: of its file then."""

    uid: str
    title: str
    sha256: str = ""


@dataclass(frozen=True)
class KeyView:
    """Window, polarity, turns, colours and state of one frame; zoom and place in the view are no part of it.

    sop_instance_uid, frame: the frame, 0 is the first. window: the reader's own, None for the file's.
    stack_window: for a stack whose slices carry none. The other fields are as `Presentation` has them.
    """

    sop_instance_uid: str
    frame: int
    window: VoiWindow | None = None
    stack_window: VoiWindow | None = None
    preset: str = ""
    inverted: bool = False
    quarter_turns: int = 0
    flip_horizontal: bool = False
    file_overlays: bool = True
    shutter: bool = True
    colour_map: str = ""
    state: StateUsed | None = None

    @property
    def place(self) -> FramePlace:
        """The frame, apart from how it was shown."""
        return (self.sop_instance_uid, self.frame)


def key_view(place: FramePlace, shown: Presentation, title: str) -> KeyView | None:
    """What to remember of a frame as it is shown; None where it is shown as it is. title: of the state."""
    state = shown.state
    view = KeyView(
        *place,
        window=shown.voi if isinstance(shown.voi, VoiWindow) else None,
        stack_window=shown.stack_window,
        preset=shown.preset,
        inverted=shown.inverted,
        quarter_turns=shown.quarter_turns % 4,
        flip_horizontal=shown.flip_horizontal,
        file_overlays=shown.file_overlays,
        shutter=shown.shutter,
        colour_map=shown.colour_map,
        state=None if state is None else StateUsed(state.uid, title, state.file_sha256),
    )
    return None if view == KeyView(*place) else view


def as_then(view: KeyView, state: PresentationState | None) -> Presentation:
    """The whole frame as it was seen; without a state its turns stay, its greys and graphics do not."""
    return Presentation(
        voi=view.window,
        preset=view.preset,
        inverted=view.inverted,
        quarter_turns=view.quarter_turns,
        flip_horizontal=view.flip_horizontal,
        file_overlays=view.file_overlays,
        shutter=view.shutter,
        colour_map=view.colour_map,
        stack_window=view.stack_window,
        state=state,
    )
