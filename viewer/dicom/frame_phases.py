"""Phases of a frame: time, diffusion, echo, trigger and the object's own dimensions (PS3.3 C.7.6.16.2, C.8.13)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from pydicom.dataset import Dataset

from viewer.base.i18n import _
from viewer.dicom.scope import Scope

PLACE_POINTERS = frozenset(
    {
        0x00200032,  # Image Position (Patient)
        0x00200037,  # Image Orientation (Patient)
        0x00209056,  # Stack ID
        0x00209057,  # In-Stack Position Number
        0x00209113,  # Plane Position Sequence
        0x00209116,  # Plane Orientation Sequence
    }
)
"""Dimensions that say where a frame lies, not what tells it from others at that place."""

DIRECTION_DIGITS = 3
"""Of a diffusion gradient's direction, unit vector."""


@dataclass(frozen=True)
class Phase:
    """One value that may tell frames at one place apart; words: for the reader."""

    values: tuple[float | str, ...]
    words: str = field(default="", compare=False)

    @property
    def rank(self) -> tuple[bool, tuple[str, ...], tuple[float, ...]]:
        """To sort by: numbers by size, what is not stated first."""
        texts = tuple(value for value in self.values if isinstance(value, str))
        numbers = tuple(value for value in self.values if isinstance(value, float))
        return (bool(self.values), texts, numbers)


def phases_of(
    groups: Scope, content: Scope, dimensions: Sequence[tuple[int, str]]
) -> tuple[Phase, ...]:
    """The phases of one frame, time first; groups: its functional groups, content: its Frame Content."""
    diffusion = Scope(groups.items("MRDiffusionSequence"))
    echo = Scope(groups.items("MREchoSequence"))
    heart = Scope(groups.items("CardiacSynchronizationSequence"))
    return (
        _phase(content.numbers("TemporalPositionIndex"), _("time {value:g}")),
        _phase(diffusion.numbers("DiffusionBValue"), _("b {value:g} s/mm²")),
        _gradient(diffusion),
        _phase(echo.numbers("EffectiveEchoTime"), _("echo {value:g} ms")),
        _phase(
            heart.numbers("NominalCardiacTriggerDelayTime"), _("{value:g} ms after the trigger")
        ),
        *_by_dimensions(content.numbers("DimensionIndexValues"), dimensions),
    )


def _phase(values: tuple[float, ...], words: str) -> Phase:
    return Phase(values, words.format(value=values[0])) if values else Phase(())


def _gradient(diffusion: Scope) -> Phase:
    """Directionality and, where there is one, the gradient's direction."""
    kind = diffusion.text("DiffusionDirectionality")
    nested = Scope(diffusion.items("DiffusionGradientDirectionSequence"))
    direction = nested.numbers("DiffusionGradientOrientation")
    rounded = tuple(round(value, DIRECTION_DIGITS) + 0.0 for value in direction)
    shown = " ".join(f"{value:g}" for value in rounded)
    words = _("direction {direction}").format(direction=shown) if rounded else kind.lower()
    return Phase((*((kind,) if kind else ()), *rounded), words)


def told_by_dimensions(dataset: Dataset) -> tuple[tuple[int, str], ...]:
    """(index in Dimension Index Values, label) of the object's dimensions that are no places."""
    return tuple(
        (number, Scope((item,)).text("DimensionDescriptionLabel") or _("dimension"))
        for number, item in enumerate(Scope((dataset,)).items("DimensionIndexSequence"))
        if int(Scope((item,)).number("DimensionIndexPointer") or 0) not in PLACE_POINTERS
    )


def _by_dimensions(
    values: tuple[float, ...], dimensions: Sequence[tuple[int, str]]
) -> tuple[Phase, ...]:
    return tuple(
        Phase(one, f"{label} {one[0]:g}" if one else "")
        for number, label in dimensions
        for one in (values[number : number + 1],)
    )
