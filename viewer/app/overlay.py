"""Overlay: how much of what the AI drew the reader wants to see."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Overlay:
    """The AI overlay as the reader set it. below: also what is not above its threshold.

    pointing: the marks of the selected finding are drawn though the rest is off: the reader went to it.
    """

    visible: bool = False
    below: bool = False
    pointing: bool = False
    opacity: float = 0.3
