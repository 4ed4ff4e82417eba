"""View menu: how the image is shown; no pixel value is ever changed."""

from viewer.app.presentation_states import has_states, show_next_state
from viewer.app.segments import has_segments
from viewer.app.tools import Tool
from viewer.app.topic import Command, Topic, has_image
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.presentation_state import first_view
from viewer.imaging.presented import presented
from viewer.imaging.state_shapes import state_shapes

topic = Topic("view", "View", 1)


def _tool(tool: Tool, title: str, shortcut: str, icon: str) -> None:
    """A command that makes `tool` what a left drag does."""

    def choose(workbench: Workbench) -> None:
        workbench.session.set_tool(tool)

    topic.commands.append(
        Command(
            f"view.tool_{tool.value}",
            title,
            choose,
            (shortcut,),
            icon,
            has_image,
            lambda bench: bench.session.tool is tool,
            toolbar=True,
        )
    )


_tool(Tool.WINDOW, "Left drag: window", "W", "sun")
_tool(Tool.PAN, "Left drag: pan", "M", "move")
_tool(Tool.ZOOM, "Left drag: zoom", "D", "zoom-in")
_tool(Tool.SCROLL, "Left drag: scroll", "S", "chevrons-up-down")


topic.new_group()


@topic.command("Fit to window", "F", icon="maximize", enabled=has_image, toolbar=True)
def fit(workbench: Workbench) -> None:
    """The whole image, as large as it goes."""
    workbench.session.present(zoom=None, pan_view_px=(0.0, 0.0))


@topic.command("One to one", "Z", icon="one-to-one", enabled=has_image, toolbar=True)
def one_to_one(workbench: Workbench) -> None:
    """One image pixel for one screen pixel."""
    workbench.session.present(zoom=1.0, pan_view_px=(0.0, 0.0))


@topic.command(
    "Invert grey scale",
    "I",
    icon="contrast",
    enabled=has_image,
    checked=lambda bench: bench.session.presentation.inverted,
    toolbar=True,
)
def invert(workbench: Workbench) -> None:
    """Black for white."""
    workbench.session.present(inverted=not workbench.session.presentation.inverted)


@topic.command("Rotate clockwise", "R", icon="rotate-cw", enabled=has_image, toolbar=True)
def rotate(workbench: Workbench) -> None:
    """A quarter turn."""
    turns = (workbench.session.presentation.quarter_turns + 1) % 4
    workbench.session.present(quarter_turns=turns)


@topic.command("Flip horizontally", "H", icon="flip-horizontal-2", enabled=has_image, toolbar=True)
def flip_horizontally(workbench: Workbench) -> None:
    """Left for right, as seen on the screen."""
    _flip(workbench, 0)


@topic.command("Flip vertically", "V", icon="flip-vertical-2", enabled=has_image, toolbar=True)
def flip_vertically(workbench: Workbench) -> None:
    """Top for bottom, as seen on the screen: a horizontal flip and a half turn."""
    _flip(workbench, 2)


def _flip(workbench: Workbench, half_turn: int) -> None:
    """A flip on the screen comes after the turns; as one before them, the turns go the other way."""
    view = workbench.session.presentation
    workbench.session.present(
        flip_horizontal=not view.flip_horizontal,
        quarter_turns=(half_turn - view.quarter_turns) % 4,
    )


topic.new_group()


def _frame(workbench: Workbench) -> Frame | None:
    """The frame on the screen, once it is decoded, with what an applied state puts in place of its own."""
    shown = workbench.session.shown
    frame = workbench.frames.get(shown.ref) if shown else None
    return frame and presented(frame, workbench.session.presentation.state)


@topic.command(
    "Overlays of the file",
    "Shift+O",
    enabled=has_image,
    checked=lambda bench: bench.session.presentation.file_overlays,
)
def file_overlays(workbench: Workbench) -> None:
    """Graphics that the file (60xx), or a presentation state, lays over its image, on or off."""
    frame, presentation = _frame(workbench), workbench.session.presentation
    if frame is not None and not frame.overlays and state_shapes(frame, presentation).empty:
        workbench.session.notify(_("This image has no overlays of its own."))
        return
    workbench.session.present(file_overlays=not workbench.session.presentation.file_overlays)


@topic.command(
    "Shutter of the file",
    "Shift+S",
    enabled=has_image,
    checked=lambda bench: bench.session.presentation.shutter,
)
def shutter(workbench: Workbench) -> None:
    """Cover what the file wants unseen, or lift the cover."""
    frame = _frame(workbench)
    if frame is not None and frame.shutter is None:
        workbench.session.notify(_("This image has no shutter of its own."))
        return
    workbench.session.present(shutter=not workbench.session.presentation.shutter)


@topic.command(
    "Magnifier",
    "Shift+M",
    icon="search",
    enabled=has_image,
    checked=lambda bench: bench.session.magnifier,
    toolbar=True,
)
def magnifier(workbench: Workbench) -> None:
    """A round glass under the pointer, on or off."""
    workbench.session.set_magnifier(not workbench.session.magnifier)


@topic.command(
    "Segments",
    "Ctrl+G",
    icon="blend",
    enabled=has_segments,
    checked=lambda bench: bench.session.segments.visible,
)
def segments(workbench: Workbench) -> None:
    """Segments of opened segmentations over the image, or the image alone."""
    workbench.session.segments.show(not workbench.session.segments.visible)


@topic.command("Reset view", "Backspace", icon="undo-2", enabled=has_image, toolbar=True)
def reset(workbench: Workbench) -> None:
    """Window, zoom, turns and flips as the file, or the presentation state applied to it, has them."""
    shown = workbench.session.shown
    if shown is not None:
        fresh = first_view(workbench.session.presentation.state, shown.ref.place)
        workbench.session.present(**vars(fresh))


topic.new_group()


@topic.command("Next presentation state", "Shift+P", enabled=has_states)
def next_presentation_state(workbench: Workbench) -> None:
    """Through the states stored for this image, the newest first, then the image without any."""
    show_next_state(workbench)


@topic.command(
    "Without presentation state",
    enabled=lambda bench: bench.session.presentation.state is not None,
)
def without_presentation_state(workbench: Workbench) -> None:
    """The image as it is, with the reader's own window, turns and zoom of before."""
    workbench.session.apply_state(None)


PLUGIN = topic
