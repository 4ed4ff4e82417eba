"""Sentences on what the runtime did: where it ran, why not elsewhere, why it failed."""

from viewer.base.i18n import _

LONGEST_REASON = 200
"""Characters of the runtime's own message that are shown."""


def cuda_absent() -> str:
    """Asked for, and not in this build."""
    return _("CUDA was asked for, but this installation of onnxruntime has none; ran on the CPU.")


def cuda_dropped() -> str:
    """In this build, and refused by the computer."""
    return _("CUDA could not be started on this computer; ran on the CPU.")


def fell_back(provider: str, error: Exception) -> str:
    """A failure on the graphics card, made good on the CPU."""
    reason = _("out of memory") if is_out_of_memory(error) else short(error)
    return _("{provider} failed ({reason}); ran on the CPU instead.").format(
        provider=provider, reason=reason
    )


def failed(error: Exception) -> str:
    """A failure on the CPU."""
    return _("The network could not be run: {reason}.").format(reason=short(error))


def unreadable(error: Exception) -> str:
    """A file the runtime does not take for a network."""
    return _("onnxruntime cannot load the network: {reason}.").format(reason=short(error))


def is_out_of_memory(error: Exception) -> bool:
    """Whether the runtime says that memory ran out, in any of its wordings."""
    said = str(error).lower()
    return isinstance(error, MemoryError) or any(phrase in said for phrase in _OUT_OF_MEMORY)


def short(error: Exception) -> str:
    """The first line of the runtime's message, without its prefix."""
    first_line = (str(error).splitlines() or [type(error).__name__])[0]
    return first_line.removeprefix("[ONNXRuntimeError] : ").rstrip(". ")[:LONGEST_REASON]


_OUT_OF_MEMORY = ("out of memory", "failed to allocate memory", "bad allocation")
