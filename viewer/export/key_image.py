"""Key images as pictures: the display values as the viewport shows them, marks over them, heat maps under."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from viewer.base.paths import resource
from viewer.domain.display_set import FramePlace
from viewer.domain.finding import Finding, Mark, Source
from viewer.domain.geometry import EdgeLetters, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Heatmap
from viewer.domain.presentation import Presentation
from viewer.imaging.heatmap import blend, resample
from viewer.imaging.laid_over import as_shown
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


def plain_picture(frame: Frame, marks: Sequence[NumberedMark]) -> Image.Image:
    """The image with its marks, without any heat map."""
    return _finished(frame, _rgb(frame), marks)


def heat_picture(
    frame: Frame, heatmap: Heatmap, colours: RGB, marks: Sequence[NumberedMark]
) -> Image.Image:
    """The image under a heat map of the same frame, with its marks."""
    heat = resample(heatmap, frame.rows, frame.columns)
    return _finished(frame, blend(_rgb(frame), heat, HEATMAP_OPACITY, colours), marks)


def _rgb(frame: Frame) -> RGB:
    shown = as_shown(frame, Presentation())
    return shown if shown.ndim == 3 else np.repeat(shown[:, :, None], 3, axis=2)


def _finished(frame: Frame, shown: RGB, marks: Sequence[NumberedMark]) -> Image.Image:
    """Scaled to print, with marks and edge letters.

    shown : ndarray, shape (rows, columns, 3), uint8
    """
    size = printed_size(frame)
    picture = Image.fromarray(shown).resize(size, Image.Resampling.LANCZOS)
    overlay = Image.new("RGBA", (size[0] * SUPERSAMPLING, size[1] * SUPERSAMPLING))
    scale = (overlay.width / frame.columns, overlay.height / frame.rows)
    for mark in marks:
        _draw_mark(ImageDraw.Draw(overlay), mark, scale)
    if frame.edges is not None:
        _draw_letters(ImageDraw.Draw(overlay), frame.edges, overlay.size)
    drawn = overlay.resize(size, Image.Resampling.LANCZOS)
    return Image.alpha_composite(picture.convert("RGBA"), drawn).convert("RGB")


def printed_size(frame: Frame) -> tuple[int, int]:
    """(width, height) of the picture, px; true to the pixel aspect where the file states a spacing."""
    across, down = _pixel_size(frame.spacing)
    width, height = frame.columns * across, frame.rows * down
    scale = LONGEST_SIDE_PX / max(width, height)
    return max(1, round(width * scale)), max(1, round(height * scale))


def _pixel_size(spacing: PixelSpacing) -> tuple[float, float]:
    if spacing.evidence is SpacingEvidence.NONE:
        return 1.0, 1.0
    return spacing.between_columns, spacing.between_rows


def _draw_mark(draw: ImageDraw.ImageDraw, each: NumberedMark, scale: tuple[float, float]) -> None:
    points = (np.array(each.mark.points_px, np.float64) + 0.5) * scale
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
