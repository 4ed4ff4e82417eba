"""Playing the series on the screen: start, pause, speed, and the step that a timer asks for."""

from viewer.app import cine
from viewer.app.workbench import Workbench
from viewer.base.i18n import _


def play(workbench: Workbench, now_s: float) -> None:
    """Start from the image on the screen."""
    shown = workbench.session.shown
    if shown is not None:
        _set(workbench, cine.start(shown.display_set, shown.position, now_s))


def pause(workbench: Workbench) -> None:
    """Stop at the image on the screen."""
    workbench.session.set_cine(None)
    workbench.session.notify(_("Paused."))


def change_speed(workbench: Workbench, factor: float, now_s: float) -> None:
    """Faster or slower, from where the film is."""
    playing = workbench.session.cine
    if playing is not None:
        _set(workbench, cine.at_speed(playing, factor, now_s))


def _set(workbench: Workbench, playing: cine.Cine) -> None:
    workbench.session.set_cine(playing)
    workbench.session.notify(cine.rate_words(playing))


def step(workbench: Workbench, now_s: float) -> None:
    """Show the frame that is due; wait for one that is still being decoded, then catch up.

    Another series, or an image the reader went to by hand, ends the film.
    """
    session = workbench.session
    playing, shown = session.cine, session.shown
    if playing is None:
        return
    if shown is None or (shown.display_set.uid, shown.position) != _place(playing):
        session.set_cine(None)
        return
    waited = now_s - playing.shown_s
    if workbench.frames.get(shown.ref) is None and waited < cine.LONGEST_WAIT_S:
        return
    position = cine.due(playing, len(shown.display_set.frames), now_s)
    if position != playing.position:
        session.cine = cine.shown(playing, position, now_s)
        session.go_to(position)


def _place(playing: cine.Cine) -> tuple[str, int]:
    return (playing.display_set_uid, playing.position)
