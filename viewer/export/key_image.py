"""Key images as pictures: the display values as the viewport shows them, marks over them, heat maps under."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from viewer.base.paths import resource
from viewer.domain.display_set import FramePlace
from viewer.domain.finding import Finding, Mark, Source
from viewer.domain.geometry import Affine2D, EdgeLetters
from viewer.domain.image import Frame, Heatmap
from viewer.domain.presentation import Presentation
from viewer.imaging.heatmap import blend, resample
from viewer.imaging.laid_over import as_shown, turned
from viewer.imaging.state_picture import drawn_over
from viewer.imaging.state_shapes import state_shapes
from viewer.imaging.view_transform import pixel_aspect, shown_edges, view_transform
from viewer.measure.tool import known_tools
from viewer.review.drawing import Drawing
from viewer.review.report import SignedReport

LONGEST_SIDE_PX = 1200
"""Of a printed picture: 360 dpi at 85 mm, beyond what paper shows."""

SUPERSAMPLING = 2
"""Marks are drawn this much larger and reduced, so that lines are smooth."""

LINE_PX, DASH_PX, HALO_PX = 4, (26, 16), 3
POINT_RADIUS_PX = 16
LETTER_PX = 34
HEATMAP_OPACITY = 0.5

MARK_COLOURS = {Source.AI: (230, 159, 0), Source.READER: (86, 180, 233)}
"""Okabe-Ito orange and sky blue; the dash says it without colour."""

RGB = NDArray[np.uint8]

AS_IT_IS = Presentation()
"""The file's own window, nothing turned."""


@dataclass(frozen=True)
class NumberedMark:
    """A mark with the number its finding or measurement has in the report, and who drew it."""

    number: str
    mark: Mark
    source: Source


def marks_on(report: SignedReport, sop_instance_uid: str, frame: int) -> tuple[NumberedMark, ...]:
    """All marks of the report on one frame (0 is the first)."""
    stated = [
        (str(number), finding)
        for number, each in enumerate(report.findings, start=1)
        for finding in (each.finding, each.decision.corrected)
        if finding is not None
    ]
    found = [
        NumberedMark(number, mark, finding.source)
        for number, finding in stated
        for mark in _marks_of(finding, sop_instance_uid, frame)
    ]
    measured = [
        NumberedMark(number, mark, Source.READER)
        for number, drawing in report.numbered_measurements
        for mark in _outline_of(drawing, sop_instance_uid, frame)
    ]
    return (*found, *measured)


def marked_frames(report: SignedReport) -> tuple[FramePlace, ...]:
    """The frames that carry a mark, in order of the report."""
    stated = [
        finding
        for each in report.findings
        for finding in (each.finding, each.decision.corrected)
        if finding is not None and finding.localization and finding.localization.marks
    ]
    places = [finding.localization.place for finding in stated if finding.localization]
    drawn = [drawing.annotation.place for _number, drawing in report.numbered_measurements]
    return tuple(dict.fromkeys((*places, *drawn)))


def _outline_of(drawing: Drawing, sop_instance_uid: str, frame: int) -> tuple[Mark, ...]:
    annotation = drawing.annotation
    if (annotation.sop_instance_uid, annotation.frame) != (sop_instance_uid, frame):
        return ()
    handles = np.array(annotation.handles_px, np.float64).reshape(-1, 2)
    lines = known_tools()[annotation.tool].outline(handles)
    if not lines:
        return (Mark("", annotation.handles_px),)
    return tuple(
        Mark("", tuple((x, y) for x, y in line.points_px.tolist()), line.closed) for line in lines
    )


def _marks_of(finding: Finding, sop_instance_uid: str, frame: int) -> tuple[Mark, ...]:
    where = finding.localization
    if where is None or (where.sop_instance_uid, where.frame) != (sop_instance_uid, frame):
        return ()
    return where.marks


def plain_picture(
    frame: Frame, marks: Sequence[NumberedMark], presentation: Presentation = AS_IT_IS
) -> Image.Image:
    """The image with its marks, without any heat map."""
    return _finished(frame, _rgb(frame, presentation), marks, presentation)


def heat_picture(
    frame: Frame,
    heatmap: Heatmap,
    colours: RGB,
    marks: Sequence[NumberedMark],
    presentation: Presentation = AS_IT_IS,
) -> Image.Image:
    """The image under a heat map of the same frame, with its marks."""
    heat = resample(heatmap, frame.rows, frame.columns)
    under = _rgb(frame, presentation)
    return _finished(frame, blend(under, heat, HEATMAP_OPACITY, colours), marks, presentation)


def _rgb(frame: Frame, presentation: Presentation) -> RGB:
    shown = as_shown(frame, presentation)
    return shown if shown.ndim == 3 else np.repeat(shown[:, :, None], 3, axis=2)


def _finished(
    frame: Frame, shown: RGB, marks: Sequence[NumberedMark], presentation: Presentation
) -> Image.Image:
    """Turned as it was seen, scaled to print, with graphics of its state, marks and edge letters.

    shown : ndarray, shape (rows, columns, 3), uint8
    """
    size = printed_size(frame, presentation)
    turned_rgb = turned(shown, presentation)
    picture = Image.fromarray(turned_rgb).resize(size, Image.Resampling.LANCZOS)
    picture = _with_state(picture, frame, presentation)
    overlay = Image.new("RGBA", (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING))
    place = _onto(frame, presentation, overlay.size)
    for mark in marks:
        _draw_mark(ImageDraw.Draw(overlay), mark, place)
    edges = shown_edges(frame.edges, presentation)
    if edges is not None:
        _draw_letters(ImageDraw.Draw(overlay), edges, overlay.size)
    drawn = overlay.resize(size, Image.Resampling.LANCZOS)
    return Image.alpha_composite(picture.convert("RGBA"), drawn).convert("RGB")


def _onto(frame: Frame, presentation: Presentation, size: tuple[int, int]) -> Affine2D:
    """From image px to the px of a picture that holds the whole image, turned, and nothing else."""
    whole = replace(presentation, zoom=1.0, pan_view_px=(0.0, 0.0))
    across, down = printed_pixels(frame, presentation)
    to_native = view_transform(frame, whole, across, down, whole=True).view_from_image
    return Affine2D.scale_translate(size[0] / across, size[1] / down) @ to_native


def _with_state(picture: Image.Image, frame: Frame, presentation: Presentation) -> Image.Image:
    """Graphics and words of the presentation state under which it was seen, over the whole image."""
    shapes = state_shapes(frame, presentation)
    if shapes.empty or not presentation.file_overlays:
        return picture
    return drawn_over(picture, shapes, _onto(frame, presentation, picture.size))


def printed_pixels(frame: Frame, presentation: Presentation) -> tuple[int, int]:
    """(width, height) of the turned image, one px for the finer side of a pixel."""
    across, down = pixel_aspect(frame, presentation)
    width, height = frame.columns * across, frame.rows * down
    if presentation.quarter_turns % 2:
        width, height = height, width
    return max(1, round(width)), max(1, round(height))


def printed_size(frame: Frame, presentation: Presentation = AS_IT_IS) -> tuple[int, int]:
    """(width, height) of the picture, px; true to the pixel aspect where the file states a spacing."""
    width, height = printed_pixels(frame, presentation)
    scale = LONGEST_SIDE_PX / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _draw_mark(draw: ImageDraw.ImageDraw, each: NumberedMark, place: Affine2D) -> None:
    points = place.apply(np.array(each.mark.points_px, np.float64))
    if each.mark.closed:
        points = np.vstack([points, points[:1]])
    dashed = each.source is Source.AI
    for width, colour in ((LINE_PX + 2 * HALO_PX, (0, 0, 0)), (LINE_PX, MARK_COLOURS[each.source])):
        for line in _strokes(points, dashed):
            draw.line(line, fill=(*colour, 255), width=width * SUPERSAMPLING)
    words = " ".join(filter(None, (each.number, each.mark.label)))
    _draw_text(draw, words, _label_place(points), MARK_COLOURS[each.source], anchor="ls")


def _strokes(points: NDArray[np.float64], dashed: bool) -> list[list[tuple[float, float]]]:
    """The lines to draw: a cross for one point, else the polyline, cut into dashes where asked."""
    if len(points) == 1:
        arm = POINT_RADIUS_PX * SUPERSAMPLING
        (x, y) = points[0]
        return [[(x - arm, y), (x + arm, y)], [(x, y - arm), (x, y + arm)]]
    if not dashed:
        return [[(float(x), float(y)) for x, y in points]]
    return [dash for start, end in pairwise(points) for dash in _dashes(start, end)]


def _dashes(
    start: NDArray[np.float64], end: NDArray[np.float64]
) -> list[list[tuple[float, float]]]:
    length = float(np.hypot(*(end - start)))
    dash, gap = (value * SUPERSAMPLING for value in DASH_PX)
    begins = np.arange(0.0, length, dash + gap)
    return [
        [_along(start, end, begin / length), _along(start, end, min(1.0, (begin + dash) / length))]
        for begin in begins
    ]


def _along(
    start: NDArray[np.float64], end: NDArray[np.float64], share: float
) -> tuple[float, float]:
    x, y = start + share * (end - start)
    return float(x), float(y)


def _label_place(points: NDArray[np.float64]) -> tuple[float, float]:
    """Above the left end of the mark: where the words begin, on their base line."""
    x, y = points[np.argmin(points[:, 0])]
    lift = POINT_RADIUS_PX + HALO_PX if len(points) == 1 else LINE_PX + 2 * HALO_PX
    return float(x), float(y) - lift * SUPERSAMPLING


def _draw_letters(draw: ImageDraw.ImageDraw, edges: EdgeLetters, size: tuple[int, int]) -> None:
    """What lies at each edge, as the file states it."""
    width, height = size
    inset = LETTER_PX * SUPERSAMPLING
    places = {
        edges.left: (inset, height / 2),
        edges.right: (width - inset, height / 2),
        edges.top: (width / 2, inset),
        edges.bottom: (width / 2, height - inset),
    }
    for letters, place in places.items():
        _draw_text(draw, letters, place, (255, 255, 255))


def _draw_text(
    draw: ImageDraw.ImageDraw,
    text: str,
    place: tuple[float, float],
    colour: tuple[int, int, int],
    anchor: str = "mm",
) -> None:
    path = str(resource("fonts", "DejaVuSans-Bold.ttf"))
    font = ImageFont.truetype(path, LETTER_PX * SUPERSAMPLING)
    halo = HALO_PX * SUPERSAMPLING
    draw.text(
        _inside(draw, draw.textbbox(place, text, font, anchor, stroke_width=halo), place),
        text,
        fill=(*colour, 255),
        font=font,
        anchor=anchor,
        stroke_width=halo,
        stroke_fill=(0, 0, 0, 255),
    )


def _inside(
    draw: ImageDraw.ImageDraw,
    box: tuple[float, float, float, float],
    place: tuple[float, float],
) -> tuple[float, float]:
    """The place moved so that the box of the words lies within the picture, left and top first."""
    width, height = draw.im.size
    dx = max(min(0.0, width - box[2]), -box[0])
    dy = max(min(0.0, height - box[3]), -box[1])
    return place[0] + dx, place[1] + dy
