"""Cine: which frame is due when, by the clock, so that a slow machine skips frames and keeps the time."""

from dataclasses import dataclass, replace

from viewer.base.i18n import _
from viewer.domain.display_set import DisplaySet

DEFAULT_RATE = 15.0
"""Frames per second where the file states none."""

SLOWEST, FASTEST = 0.5, 120.0
"""Frames per second."""

SPEED_STEP = 1.25
LONGEST_WAIT_S = 1.0
"""How long a frame that is still being decoded holds the film; one that fails holds it no longer."""


@dataclass(frozen=True)
class Cine:
    """A film that runs. rate: frames/s now; stated: of the file, None where it states none.

    origin: position at `origin_s`; position: shown last, at `shown_s`. Seconds are of a monotonic clock.
    """

    display_set_uid: str
    rate: float
    stated: float | None
    origin: int
    origin_s: float
    position: int
    shown_s: float


def start(display_set: DisplaySet, position: int, now_s: float) -> Cine:
    """Begin at `position`, at the file's own rate or the default."""
    stated = display_set.frame_rate
    rate = within(DEFAULT_RATE if stated is None else stated)
    return Cine(display_set.uid, rate, stated, position, now_s, position, now_s)


def due(cine: Cine, count: int, now_s: float) -> int:
    """The position that the clock asks for; after the last comes the first."""
    return (cine.origin + int((now_s - cine.origin_s) * cine.rate)) % count


def shown(cine: Cine, position: int, now_s: float) -> Cine:
    """The film after a position has been put on the screen."""
    return replace(cine, position=position, shown_s=now_s)


def at_speed(cine: Cine, factor: float, now_s: float) -> Cine:
    """The same film, `factor` as fast, from where it is."""
    return replace(cine, rate=within(cine.rate * factor), origin=cine.position, origin_s=now_s)


def within(rate: float) -> float:
    """The rate, kept within what eyes and screens can use."""
    return min(max(rate, SLOWEST), FASTEST)


def rate_words(cine: Cine) -> str:
    """How fast, and who said so."""
    playing = _("Playing at {rate:.3g} images/s").format(rate=cine.rate)
    if cine.stated is None:
        default = _("{playing}; the file states no rate, {default:g} is the default.")
        return default.format(playing=playing, default=DEFAULT_RATE)
    return _("{playing}; the file states {stated:.3g}.").format(playing=playing, stated=cine.stated)
