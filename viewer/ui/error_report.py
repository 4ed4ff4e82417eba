"""Unexpected errors: logged without patient data, told to the reader; expected ones go to the strip."""

import logging
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from viewer.base.errors import ViewerError
from viewer.base.i18n import _

log = logging.getLogger(__name__)

Say = Callable[[str], None]


def install(say: Say, log_file: Path) -> Callable[[BaseException], None]:
    """Set the exception hook; returns the handler for exceptions that jobs bring."""

    def handle(error: BaseException) -> None:
        if isinstance(error, ViewerError):
            say(str(error))
            return
        log.error("unexpected %s\n%s", type(error).__name__, _places(error))
        say(
            _(
                "An unexpected error happened ({kind}). Your decisions are saved. "
                "Details without patient data are in {file}."
            ).format(kind=type(error).__name__, file=log_file)
        )

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        handle(error)

    sys.excepthook = hook
    return handle


def _places(error: BaseException) -> str:
    """Files, lines and functions, but no values: messages and variables may name a patient."""
    frames = traceback.extract_tb(error.__traceback__)
    return "\n".join(f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
