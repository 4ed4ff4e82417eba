"""Drawing on the image: handles laid, moved and removed, measured on the frame they lie on."""

from dataclasses import replace

import numpy as np

from viewer.app.marks import place_of_frame
from viewer.app.workbench import Workbench
from viewer.domain.display_set import FrameRef
from viewer.domain.finding import PointPx
from viewer.domain.image import Frame
from viewer.domain.measurement import Annotation
from viewer.measure.calibration import spacing_of
from viewer.measure.tool import MeasuringTool, known_tools
from viewer.review.drawing import Drawing
from viewer.review.signature import new_uid

DECIMALS = 3
"""Of handle coordinates kept, px."""


def tool_of(annotation: Annotation) -> MeasuringTool:
    """The tool an annotation was drawn with."""
    return known_tools()[annotation.tool]


def begun(tool: str, frame: Frame, at: PointPx) -> Annotation:
    """A new annotation with one handle laid and one under the pointer."""
    ref = frame.ref
    fresh = Annotation(new_uid(), tool, ref.sop_instance_uid, ref.frame, ())
    return with_handle(with_handle(fresh, at, frame), at, frame)


def with_handle(annotation: Annotation, at: PointPx, frame: Frame) -> Annotation:
    """One handle more, as the tool lets it lie."""
    longer = replace(annotation, handles_px=(*annotation.handles_px, at))
    return with_moved(longer, len(longer.handles_px) - 1, at, frame)


def with_moved(annotation: Annotation, index: int, to: PointPx, frame: Frame) -> Annotation:
    """One handle moved; the tool may let others follow."""
    handles = np.array(annotation.handles_px, np.float64)
    moved = tool_of(annotation).moved(handles, index, to, spacing_of(handles, frame))
    rounded = np.round(moved, DECIMALS).tolist()
    return replace(annotation, handles_px=tuple((column, row) for column, row in rounded))


def with_completion(annotation: Annotation, frame: Frame) -> Annotation:
    """The annotation with the handles that its tool lays by itself after those the reader laid."""
    handles = np.array(annotation.handles_px, np.float64)
    completed = tool_of(annotation).completed(handles, spacing_of(handles, frame))
    whole = np.round(completed, DECIMALS).tolist()
    return replace(annotation, handles_px=tuple((column, row) for column, row in whole))


def without_last(annotation: Annotation) -> Annotation:
    """The annotation without the handle under the pointer."""
    return replace(annotation, handles_px=annotation.handles_px[:-1])


def with_corner(annotation: Annotation, before: int, at: PointPx) -> Annotation:
    """One corner more, between handles `before` - 1 and `before`."""
    handles = annotation.handles_px
    place = (round(at[0], DECIMALS), round(at[1], DECIMALS))
    return replace(annotation, handles_px=(*handles[:before], place, *handles[before:]))


def without_corner(annotation: Annotation, index: int) -> Annotation:
    """One corner less."""
    handles = annotation.handles_px
    return replace(annotation, handles_px=(*handles[:index], *handles[index + 1 :]))


def measured(annotation: Annotation, frame: Frame) -> Drawing:
    """The annotation with its numbers on `frame`, which must be the one it lies on."""
    handles = np.array(annotation.handles_px, np.float64).reshape(-1, 2)
    return Drawing(annotation, tool_of(annotation).measure(handles, frame))


def frame_of(workbench: Workbench, annotation: Annotation) -> FrameRef | None:
    """The frame of the study on the screen on which an annotation lies."""
    shown = workbench.session.shown
    place = None if shown is None else place_of_frame(shown.study, annotation.place)
    return None if place is None else place[0].frames[place[1]]


def keep(workbench: Workbench, drawing: Drawing) -> None:
    """Take a finished or changed drawing into the study on the screen."""
    session = workbench.session
    if session.shown is None:
        return
    session.drawings_of(session.shown.study).put(drawing)
    session.select_drawing(drawing.uid)


def keep_words(workbench: Workbench, annotation: Annotation, frame: Frame) -> None:
    """Take an annotation with its words; one that would neither be drawn nor say anything is taken away."""
    drawing = measured(annotation, frame)
    handles = np.array(annotation.handles_px, np.float64)
    if annotation.text or drawing.measurements or tool_of(annotation).outline(handles):
        keep(workbench, drawing)
    else:
        workbench.session.select_drawing(annotation.uid)
        remove_selected(workbench)


def remove_selected(workbench: Workbench) -> None:
    """Take the selected drawing away; undo brings it back."""
    session = workbench.session
    if session.shown is not None and session.selected_drawing is not None:
        session.drawings_of(session.shown.study).remove(session.selected_drawing)
        session.select_drawing(None)


def write_text(workbench: Workbench, drawing: Drawing, text: str) -> None:
    """Give a drawing its words."""
    keep(workbench, replace(drawing, annotation=replace(drawing.annotation, text=text)))
