"""Measurements as plain text: each number with what entitles it to its unit; no patient data."""

from collections.abc import Iterator

from viewer.app.annotate import tool_of
from viewer.app.marks import place_of_frame
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.study import Study
from viewer.review.drawing import Drawing


def measurement_text(workbench: Workbench) -> str:
    """The selected drawing of the study on the screen, or all of them; a line each number."""
    session = workbench.session
    if session.shown is None:
        return ""
    study = session.shown.study
    drawings = session.drawings_of(study).all
    chosen = [drawing for drawing in drawings if drawing.uid == session.selected_drawing]
    return "\n".join(line for drawing in chosen or drawings for line in _lines(study, drawing))


def _lines(study: Study, drawing: Drawing) -> Iterator[str]:
    name = drawing.annotation.text or tool_of(drawing.annotation).title
    yield " · ".join(filter(None, (name, _place(study, drawing))))
    yield from (f"  {measurement.sentence}" for measurement in drawing.measurements)


def _place(study: Study, drawing: Drawing) -> str:
    """Series and image as the corners of the viewport count them."""
    found = place_of_frame(study, drawing.annotation.place)
    if found is None:
        return ""
    display_set, position = found
    number = display_set.series_number
    series = "" if number is None else _("Series {number}").format(number=number)
    count = len(display_set.frames)
    image = _("Image {place}/{count}").format(place=position + 1, count=count)
    return ", ".join(filter(None, (series, image)))
