"""Segmentations of other programs: opened, shown over their images, hidden, removed; never another patient's."""

from dataclasses import dataclass, replace

import numpy as np

from viewer.app.instance_links import find_instance
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.open_segments import SegmentView
from viewer.app.open_study import show_display_set
from viewer.app.session import Session, Shown, study_key
from viewer.app.while_here import while_here
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.dicom.segmentation import read_segmentation
from viewer.domain.image import Frame
from viewer.domain.segment_place import PlacedFrame, Placement, place_on
from viewer.domain.segmentation import Segment, Segmentation, SegmentFrame
from viewer.domain.sr_document import InstanceLink
from viewer.domain.study import Study
from viewer.domain.study_object import StudyObject

SEGMENTATION_KEY = "open segmentation"
KEPT_PLACEMENTS = 64
"""Images whose placements are remembered; each holds its pixels."""


@dataclass(frozen=True)
class DrawnSegment:
    """One segment on the image on the screen."""

    segmentation: Segmentation
    segment: Segment
    placed: PlacedFrame


@dataclass(frozen=True)
class DrawnSegments:
    """All of them; misfits: titles of segmentations that name this image but do not fit it."""

    segments: tuple[DrawnSegment, ...] = ()
    misfits: tuple[str, ...] = ()


def open_segmentation(workbench: Workbench, study: Study, found: StudyObject) -> None:
    """Read a segmentation and show it; one that is open already comes to the screen again."""
    known = {view.segmentation.uid: view for view in workbench.session.segments.of(study)}
    if found.sop_instance_uid in known:
        _go_to(workbench, study, known[found.sop_instance_uid])
        return

    def work(context: JobContext) -> tuple[Segmentation, SegmentFrame | None]:
        segmentation = read_segmentation(found, context.report)
        return segmentation, _largest(segmentation)

    def done(read: tuple[Segmentation, SegmentFrame | None]) -> None:
        _take(workbench, study, *read)

    workbench.jobs.submit(
        Job(
            SEGMENTATION_KEY,
            Lane.OBJECTS,
            work,
            while_here(workbench.session, done),
            workbench.session.fail,
        )
    )


def _take(
    workbench: Workbench, study: Study, segmentation: Segmentation, largest: SegmentFrame | None
) -> None:
    session = workbench.session
    if _identity(segmentation) != study_key(study):
        return
    hidden = frozenset(each.number for each in segmentation.segments if each.is_background)
    others = tuple(
        view for view in session.segments.of(study) if view.segmentation.uid != segmentation.uid
    )
    view = SegmentView(segmentation, hidden, largest)
    session.segments.put(study, (*others, view))
    session.segments.show(True)
    _go_to(workbench, study, view)


def _identity(segmentation: Segmentation) -> tuple[str, tuple[str, str, str, str]]:
    return (segmentation.study_uid, segmentation.patient_key)


def _largest(segmentation: Segmentation) -> SegmentFrame | None:
    """The frame with most pixels inside a segment."""
    hidden = {each.number for each in segmentation.segments if each.is_background}

    def size(frame: SegmentFrame) -> int:
        numbers = set(segmentation.numbers_in(frame)) - hidden
        return sum(int(np.count_nonzero(segmentation.weights(frame, n))) for n in numbers)

    sized = [(size(frame), -place) for place, frame in enumerate(segmentation.frames)]
    return segmentation.frames[-max(sized)[1]] if sized else None


def _go_to(workbench: Workbench, study: Study, view: SegmentView) -> None:
    """Show the image that the largest frame was made of; say so where it is not open."""
    frame = view.largest
    for uid, number in frame.sources if frame is not None else ():
        link = InstanceLink(uid, frames=() if number is None else (number,))
        place = find_instance(workbench.session, study, link)
        if place is not None and study_key(place[0]) == study_key(study):
            show_display_set(workbench, *place)
            return
    workbench.session.notify(
        _(
            "The images that “{title}” was made of are not open. It is drawn only where an open "
            "image of this study lies in the same plane."
        ).format(title=view.segmentation.title or _("Segmentation"))
    )


def toggle_segment(workbench: Workbench, study: Study, uid: str, number: int) -> None:
    """Show or hide one segment of a segmentation."""
    views = (
        replace(view, hidden=view.hidden ^ {number}) if view.segmentation.uid == uid else view
        for view in workbench.session.segments.of(study)
    )
    workbench.session.segments.put(study, tuple(views))


def remove_segmentation(workbench: Workbench, study: Study, uid: str) -> None:
    """Take a segmentation off the images; a click in the list of studies brings it back."""
    views = workbench.session.segments.of(study)
    kept = tuple(view for view in views if view.segmentation.uid != uid)
    workbench.session.segments.put(study, kept)


def has_segments(workbench: Workbench) -> bool:
    """Whether a segmentation of the study on the screen is open."""
    shown = workbench.session.shown
    return shown is not None and bool(workbench.session.segments.of(shown.study))


class SegmentPlacements:
    """Where segmentations lie on images, kept for the images seen last; may be emptied at any time."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, int], tuple[Segmentation, Frame, Placement]] = {}

    def drawn(self, session: Session, image: Frame) -> DrawnSegments:
        """What to draw on `image`, which is on the screen: visible segments of its own study only."""
        shown = session.shown
        if shown is None or not session.segments.visible or image.ref != shown.ref:
            return DrawnSegments()
        segments: list[DrawnSegment] = []
        misfits: list[str] = []
        for view in session.segments.of(shown.study):
            if _identity(view.segmentation) != study_key(shown.study):
                continue
            placement = self._placement(view.segmentation, image, shown)
            segments += _visible(view, placement)
            misfits += [view.segmentation.title] if placement.misfits else []
        return DrawnSegments(tuple(segments), tuple(misfits))

    def _placement(self, segmentation: Segmentation, image: Frame, shown: Shown) -> Placement:
        key = (id(segmentation), id(image))
        if key not in self._known:
            if len(self._known) >= KEPT_PLACEMENTS:
                self._known.clear()
            uid = image.ref.sop_instance_uid
            alone = sum(ref.sop_instance_uid == uid for ref in shown.display_set.frames) == 1
            placement = place_on(segmentation, image, alone=alone)
            self._known[key] = (segmentation, image, placement)
        return self._known[key][2]


def _visible(view: SegmentView, placement: Placement) -> list[DrawnSegment]:
    segmentation = view.segmentation
    return [
        DrawnSegment(segmentation, segment, placed)
        for placed in placement.placed
        for number in segmentation.numbers_in(placed.frame)
        if number not in view.hidden and (segment := segmentation.segment(number)) is not None
    ]
