"""ReadingMode: whether the network proposes first, or the physician commits to a read of their own before."""

from enum import Enum

from viewer.base.i18n import _


class ReadingMode(Enum):
    """Set by the site; a case keeps the one it was begun in."""

    AI_FIRST = "ai_first"
    READ_FIRST = "read_first"


def mode_text(mode: ReadingMode) -> str:
    """The mode's name, as the status bar has it."""
    return {ReadingMode.AI_FIRST: _("AI first"), ReadingMode.READ_FIRST: _("Read first")}[mode]


def mode_hint(mode: ReadingMode) -> str:
    """What the mode means."""
    return {
        ReadingMode.AI_FIRST: _("The network proposes, the physician decides as second reader."),
        ReadingMode.READ_FIRST: _(
            "The physician reads and locks findings before any AI runs; then the AI is revealed."
        ),
    }[mode]
