"""From a document's link to the image or object it means: only among those of the same patient."""

from collections.abc import Callable

from viewer.app.open_study import show_display_set
from viewer.app.session import Session, study_key
from viewer.app.workbench import LinkActions, Workbench
from viewer.base.i18n import _
from viewer.domain.display_set import DisplaySet
from viewer.domain.sr_document import InstanceLink
from viewer.domain.study import Study
from viewer.domain.study_object import StudyObject

Place = tuple[Study, DisplaySet, int]
"""Where a link leads: display set of a study, position in it."""


OpenListed = Callable[[Study, StudyObject], None]
"""Opens an object that the study lists."""


def link_actions(workbench: Workbench, study: Study, open_listed: OpenListed) -> LinkActions:
    """What the links of a document of `study` do."""
    return LinkActions(
        lambda link: place_words(workbench.session, study, link),
        lambda link: go_to_instance(workbench, study, link, open_listed),
    )


def find_object(session: Session, study: Study, link: InstanceLink) -> StudyObject | None:
    """The object a link means, as the document's own study lists it now."""
    mine = (each for each in session.index.studies if study_key(each) == study_key(study))
    listed = (found for each in mine for found in each.objects)
    return next((one for one in listed if one.sop_instance_uid == link.sop_instance_uid), None)


def find_instance(session: Session, study: Study, link: InstanceLink) -> Place | None:
    """The image a link means, of the document's own study first, then of the patient's other ones."""
    mine = [each for each in session.index.studies if each.patient.key == study.patient.key]
    mine.sort(key=lambda each: study_key(each) != study_key(study))
    frame = link.frames[0] if link.frames else None
    for each in mine:
        for display_set in each.display_sets:
            for position, ref in enumerate(display_set.frames):
                if ref.sop_instance_uid == link.sop_instance_uid and frame in (None, ref.frame):
                    return each, display_set, position
    return None


def place_words(session: Session, study: Study, link: InstanceLink) -> str:
    """Series and position of the image or object that a link means, "" where it is not open."""
    place = find_instance(session, study, link)
    if place is None:
        listed = find_object(session, study, link)
        return "" if listed is None else listed.title or _("in this study")
    _study, display_set, position = place
    number, count = display_set.series_number, len(display_set.frames)
    series = "?" if number is None else number
    words = _("Series {series}, image {n}/{count}")
    return words.format(series=series, n=position + 1, count=count)


def go_to_instance(
    workbench: Workbench, study: Study, link: InstanceLink, open_listed: OpenListed
) -> str:
    """Bring the image or object to the screen; the sentence that says why not, or ""."""
    place = find_instance(workbench.session, study, link)
    listed = find_object(workbench.session, study, link)
    if place is None and listed is not None:
        open_listed(study, listed)
        return ""
    if place is None:
        words = _("{kind} {uid} is not among what is open of this patient. Open its study too.")
        return words.format(
            kind=link.class_name or _("The instance"), uid=link.sop_instance_uid or "?"
        )
    show_display_set(workbench, *place)
    return ""
