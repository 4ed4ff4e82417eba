"""while_here: what was read for one patient is shown only while the same patient stays on the screen."""

from collections.abc import Callable
from typing import TypeVar

from viewer.app.session import Session
from viewer.base.i18n import _

T = TypeVar("T")


def while_here(session: Session, show: Callable[[T], None]) -> Callable[[T], None]:
    """`show`, unless another patient has come to the screen by the time the value is there."""
    before = _patient(session)

    def deliver(value: T) -> None:
        if _patient(session) == before:
            show(value)
            return
        session.notify(
            _("It was read, but another patient is on the screen now. Open it again to see it.")
        )

    return deliver


def _patient(session: Session) -> tuple[str, ...] | None:
    return session.shown.study.patient.key if session.shown else None
