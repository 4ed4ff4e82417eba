"""StackWindows: one window for a whole stack whose slices carry none, so that scrolling keeps the greys."""

from dataclasses import replace

from viewer.domain.display_set import DisplaySet
from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.imaging.display import full_range


class StackWindows:
    """By display set: the range of the first of its slices that came to the screen."""

    def __init__(self) -> None:
        self._windows: dict[str, VoiWindow] = {}

    def learn(self, display_set: DisplaySet, frame: Frame, *, anew: bool = False) -> None:
        """Take the range of a slice without window for its stack; a known one stays, unless `anew`."""
        if len(display_set.frames) < 2 or frame.is_colour or frame.voi:
            return
        if anew or display_set.uid not in self._windows:
            self._windows[display_set.uid] = full_range(frame)

    def on(self, display_set: DisplaySet, presentation: Presentation) -> Presentation:
        """The presentation with the window of the stack, which acts where a slice has none of its own."""
        window = self._windows.get(display_set.uid)
        if presentation.stack_window == window:
            return presentation
        return replace(presentation, stack_window=window)
