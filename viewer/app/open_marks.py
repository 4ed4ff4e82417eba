"""OpenMarks: the reports whose shapes lie over the images of a study; part of the session."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from viewer.base.events import Event
from viewer.domain.sr_marks import SrMark
from viewer.domain.study import Study


@dataclass(frozen=True)
class MarksView:
    """The shapes of one report. by_program: it names an algorithm, or no person. undrawn: how many are of
    a kind that is not drawn."""

    uid: str
    title: str
    marks: tuple[SrMark, ...]
    by_program: bool
    undrawn: int = 0
    visible: bool = True


class OpenMarks:
    """changed: told of every change. withheld: whether a study shows none, as what may be an AI's."""

    def __init__(self, changed: Event[None], withheld: Callable[[Study], bool]) -> None:
        self._changed = changed
        self._withheld = withheld
        self._views: dict[tuple[object, ...], tuple[MarksView, ...]] = {}

    def of(self, study: Study) -> tuple[MarksView, ...]:
        """The reports of a study whose shapes are open."""
        if self._withheld(study):
            return ()
        return self._views.get((study.uid, study.patient.key), ())

    def put(self, study: Study, view: MarksView) -> None:
        """Open the shapes of a report, in place of what it had before."""
        others = (one for one in self.of(study) if one.uid != view.uid)
        self._set(study, (*others, view))

    def remove(self, study: Study, uid: str) -> None:
        """Take the shapes of a report off the images."""
        self._set(study, tuple(one for one in self.of(study) if one.uid != uid))

    def toggle(self, study: Study, uid: str) -> None:
        """Show or hide the shapes of a report."""
        self._set(
            study,
            tuple(
                replace(one, visible=not one.visible) if one.uid == uid else one
                for one in self.of(study)
            ),
        )

    def _set(self, study: Study, views: tuple[MarksView, ...]) -> None:
        self._views[study.uid, study.patient.key] = views
        self._changed.emit(None)
