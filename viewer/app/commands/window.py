"""Window menu: presets of the modality on the number keys, 0 is the file's own; colour maps."""

from functools import partial

from viewer.app.topic import Command, Topic, has_image
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.image import Suv
from viewer.imaging.colour_map import COLOUR_MAPS, may_be_coloured
from viewer.imaging.display import auto_window
from viewer.imaging.presented import presented
from viewer.imaging.presets import Preset, presets

topic = Topic("window", "Window", 2)
PRESET_KEYS = range(1, 10)


@topic.command("Window of the file", "0", icon="sun", enabled=has_image)
def file_window(workbench: Workbench) -> None:
    """The file's own first window; for a stack without windows the range of the slice on the screen."""
    session = workbench.session
    frame = workbench.frames.get(session.shown.ref) if session.shown else None
    if session.shown is not None and frame is not None:
        session.stack_windows.learn(session.shown.display_set, frame, anew=True)
    session.present(voi=None, preset="")


@topic.command("Auto window", "Ctrl+0", enabled=has_image)
def auto(workbench: Workbench) -> None:
    """A window over the values of the frame on the screen, without its darkest and brightest ends."""
    shown = workbench.session.shown
    frame = workbench.frames.get(shown.ref) if shown else None
    if frame is not None and not frame.is_colour:
        shown_frame = presented(frame, workbench.session.presentation.state)
        workbench.session.present(voi=auto_window(shown_frame), preset=_("Auto"))


def preset_of(workbench: Workbench, number: int) -> Preset | None:
    """The preset on a number key for the modality on the screen."""
    shown = workbench.session.shown
    if shown is None:
        return None
    found = (one for one in presets(shown.display_set.modality) if one.key == number)
    return next(found, None)


def apply_preset(number: int, workbench: Workbench) -> None:
    """Show the image through the preset on that key, if the modality has one."""
    preset = preset_of(workbench, number)
    if preset is None:
        return
    if not preset.of_suv:
        workbench.session.present(voi=preset.window, preset=preset.name)
        return
    suv = _suv_on_screen(workbench)
    if suv is not None and suv.factor is not None:
        workbench.session.present(voi=preset.on(suv.factor), preset=preset.name)
    elif suv is not None:
        workbench.session.notify(_("This window needs SUV; {reason}.").format(reason=suv.words))


def _suv_on_screen(workbench: Workbench) -> Suv | None:
    """Of the frame on the screen; None until it is decoded, and for images that are not PET."""
    shown = workbench.session.shown
    frame = workbench.frames.get(shown.ref) if shown else None
    return frame.suv if frame else None


def _has_preset(number: int, workbench: Workbench) -> bool:
    return preset_of(workbench, number) is not None


topic.new_group()


for _number in PRESET_KEYS:
    topic.commands.append(
        Command(
            f"window.preset_{_number}",
            f"Preset {_number}",
            partial(apply_preset, _number),
            (str(_number),),
            enabled=partial(_has_preset, _number),
        )
    )


def choose_colours(name: str, workbench: Workbench) -> None:
    """Show the grey values of the image in the colours of a map; "" is grey."""
    workbench.session.present(colour_map=name)


def _may_be_coloured(workbench: Workbench) -> bool:
    shown = workbench.session.shown
    return shown is not None and may_be_coloured(shown.display_set.acquisition)


def _has_colours(name: str, workbench: Workbench) -> bool:
    return workbench.session.presentation.colour_map == name


topic.new_group()


for _name, _title in {"": "Grey scale", **COLOUR_MAPS}.items():
    topic.commands.append(
        Command(
            f"window.colours_{_name or 'grey'}",
            f"Colours: {_title}" if _name else _title,
            partial(choose_colours, _name),
            enabled=_may_be_coloured,
            checked=partial(_has_colours, _name),
        )
    )

PLUGIN = topic
