"""Drawings: what the reader drew on one study, with undo and redo; decisions are never among them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from viewer.review.drawing import Drawing

Save = Callable[[str, Drawing | None], None]


@dataclass(frozen=True)
class Change:
    """One act: a drawing before and after; None where there was or is none."""

    uid: str
    before: Drawing | None
    after: Drawing | None


class Drawings:
    """Holder of one study's drawings; every change is saved before it is taken."""

    def __init__(self, known: Iterable[Drawing], save: Save) -> None:
        self._by_uid = {drawing.uid: drawing for drawing in known}
        self._save = save
        self._done: list[Change] = []
        self._undone: list[Change] = []

    @property
    def all(self) -> tuple[Drawing, ...]:
        """In the order they were first made."""
        return tuple(self._by_uid.values())

    def put(self, drawing: Drawing) -> None:
        """Add a drawing, or replace it by a changed one."""
        self._act(Change(drawing.uid, self._by_uid.get(drawing.uid), drawing))

    def remove(self, uid: str) -> None:
        """Take a drawing away."""
        if uid in self._by_uid:
            self._act(Change(uid, self._by_uid[uid], None))

    @property
    def can_undo(self) -> bool:
        """Whether there is an act to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether an act was taken back and none followed."""
        return bool(self._undone)

    def undo(self) -> None:
        """Take the last act back."""
        change = self._done.pop()
        self._set(change.uid, change.before)
        self._undone.append(change)

    def redo(self) -> None:
        """Do again what was taken back last."""
        change = self._undone.pop()
        self._set(change.uid, change.after)
        self._done.append(change)

    def _act(self, change: Change) -> None:
        if change.before == change.after:
            return
        self._set(change.uid, change.after)
        self._done.append(change)
        self._undone.clear()

    def _set(self, uid: str, drawing: Drawing | None) -> None:
        self._save(uid, drawing)
        if drawing is None:
            self._by_uid.pop(uid, None)
        else:
            self._by_uid[uid] = drawing
