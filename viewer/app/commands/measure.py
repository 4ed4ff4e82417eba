"""Measure menu: the measuring tools, each as its plugin describes it, and undo."""

from functools import partial

from viewer.app import annotate
from viewer.app.copy_measurements import measurement_text
from viewer.app.drawings import Drawings
from viewer.app.topic import Command, Topic, has_image
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.measure.tool import known_tools

topic = Topic("measure", "Measure", 4)
ON_TOOLBAR = ("length", "angle", "ellipse", "probe")


def choose(key: str, workbench: Workbench) -> None:
    """Make a measuring tool what a left click does."""
    workbench.session.set_tool(key)


def _is_chosen(key: str, workbench: Workbench) -> bool:
    return workbench.session.tool == key


for _tool in known_tools().values():
    topic.commands.append(
        Command(
            f"measure.{_tool.key}",
            _tool.title,
            partial(choose, _tool.key),
            (_tool.shortcut,) if _tool.shortcut else (),
            _tool.icon,
            has_image,
            partial(_is_chosen, _tool.key),
            toolbar=_tool.key in ON_TOOLBAR,
        )
    )


def _drawings(workbench: Workbench) -> Drawings | None:
    shown = workbench.session.shown
    return None if shown is None else workbench.session.drawings_of(shown.study)


def _can_undo(workbench: Workbench) -> bool:
    drawings = _drawings(workbench)
    return drawings is not None and drawings.can_undo


def _can_redo(workbench: Workbench) -> bool:
    drawings = _drawings(workbench)
    return drawings is not None and drawings.can_redo


topic.new_group()


@topic.command("Undo drawing", "Ctrl+Z", icon="undo", enabled=_can_undo)
def undo(workbench: Workbench) -> None:
    """Take the last drawing act back; decisions are reopened, never undone."""
    drawings = _drawings(workbench)
    if drawings is not None:
        drawings.undo()
        workbench.session.events.drawings.emit(None)


@topic.command("Redo drawing", "Ctrl+Y", icon="redo", enabled=_can_redo)
def redo(workbench: Workbench) -> None:
    """Do again what was taken back."""
    drawings = _drawings(workbench)
    if drawings is not None:
        drawings.redo()
        workbench.session.events.drawings.emit(None)


def _has_selected(workbench: Workbench) -> bool:
    return workbench.session.selected_drawing is not None


@topic.command("Remove drawing", "Del", icon="trash-2", enabled=_has_selected)
def remove(workbench: Workbench) -> None:
    """Take the selected drawing away."""
    annotate.remove_selected(workbench)


def _has_drawings(workbench: Workbench) -> bool:
    drawings = _drawings(workbench)
    return drawings is not None and bool(drawings.all)


@topic.command("Copy measurements", "Ctrl+C", icon="copy", enabled=_has_drawings)
def copy(workbench: Workbench) -> None:
    """The selected drawing, or all of the study, as text with the evidence of each number."""
    workbench.dialogs.copy_text(measurement_text(workbench))
    workbench.session.notify(_("Measurements copied, each with what its unit rests on."))


PLUGIN = topic
