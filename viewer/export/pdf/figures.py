"""Key images in the printed report, without and with each heat map, and the legend that explains them."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image as Picture
from reportlab.lib.units import mm
from reportlab.platypus import CondPageBreak, Flowable, Image, Spacer, Table

from viewer.base.i18n import _
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Heatmap
from viewer.domain.presentation import Presentation
from viewer.export.as_marked import as_marked
from viewer.export.evidence import Evidence, in_words_of_export, verified_file
from viewer.export.key_image import NumberedMark, heat_picture, marks_on, plain_picture
from viewer.export.pdf.legend import legend
from viewer.export.pdf.style import CONTENT_WIDTH, GAP, heading, label, placed, small
from viewer.imaging.heatmap import colour_table
from viewer.review.report import SignedReport

COLUMN_GAP = 6 * mm
PANEL_WIDTH = (CONTENT_WIDTH - COLUMN_GAP) / 2
PANEL_HEIGHT = 90 * mm
ROW_HEIGHT = PANEL_HEIGHT + 9 * mm
AROUND_HEIGHT = 40 * mm
"""Heading, caption and legend."""

LARGEST_BLOCK = 236 * mm
"""What is left of A4 between header and footer."""

JPEG_QUALITY = 92
COLOURS = "inferno"


def key_images(report: SignedReport, evidence: Evidence) -> list[Flowable]:
    """A block for each key frame of the report."""
    blocks: list[Flowable] = []
    for number, (uid, frame) in enumerate(report.key_frames, start=1):
        path = verified_file(report, evidence, uid)
        with in_words_of_export():
            decoded = decode(FrameRef(uid, frame, path))
        blocks += _key_image(report, evidence, number, decoded)
    return blocks


def _key_image(
    report: SignedReport, evidence: Evidence, number: int, frame: Frame
) -> list[Flowable]:
    uid, index = frame.ref.sop_instance_uid, frame.ref.frame
    marks = marks_on(report, uid, index)
    heatmaps = [each for each in evidence.heatmaps if _lies_on(each, frame)]
    marked = as_marked(report, evidence, frame.ref.place)
    return [
        CondPageBreak(_height_needed(1 + len(heatmaps))),
        heading(_("Key image {number}").format(number=number)),
        label(_caption(frame)),
        *([label(marked.words)] if marked.words else []),
        Spacer(0, GAP),
        _grid(_panels(frame, marks, heatmaps, marked.presentation)),
        Spacer(0, GAP),
        legend(marks, heatmaps, colour_table(COLOURS)),
        Spacer(0, 2 * GAP),
    ]


def _height_needed(panels: int) -> float:
    """Of the block, so that its panels and legend stand on one page where they can."""
    rows = (panels + 1) // 2
    return min(rows * ROW_HEIGHT + AROUND_HEIGHT, LARGEST_BLOCK)


def _caption(frame: Frame) -> str:
    words = _("Frame {frame} of image {uid}").format(
        frame=frame.ref.frame + 1, uid=frame.ref.sop_instance_uid
    )
    ratio = frame.fidelity.lossy_ratio
    if ratio is None:
        return words
    stated = f"{ratio:g}:1" if ratio else _("ratio not stated")
    return _("{frame}. The file is lossy compressed ({ratio}).").format(frame=words, ratio=stated)


def _lies_on(heatmap: Heatmap, frame: Frame) -> bool:
    return (heatmap.ref.sop_instance_uid, heatmap.ref.frame) == (
        frame.ref.sop_instance_uid,
        frame.ref.frame,
    )


def _panels(
    frame: Frame,
    marks: Sequence[NumberedMark],
    heatmaps: Sequence[Heatmap],
    shown: Presentation,
) -> list[list[Flowable]]:
    plain = _printed(plain_picture(frame, marks, shown))
    panels = [[small(_("Without heat map")), Spacer(0, GAP / 2), plain]]
    for each in heatmaps:
        words = _("With heat map: {label}").format(label=each.label)
        picture = heat_picture(frame, each, colour_table(COLOURS), marks, shown)
        panels.append([small(words), Spacer(0, GAP / 2), _printed(picture), Spacer(0, GAP)])
    return panels


def _grid(panels: Sequence[list[Flowable]]) -> Table:
    """Two panels a row."""
    blank: list[Flowable] = [Spacer(0, 0)]
    filled = [*panels, blank] if len(panels) % 2 else [*panels]
    rows = [[left, [], right] for left, right in zip(filled[::2], filled[1::2], strict=True)]
    return Table(rows, colWidths=[PANEL_WIDTH, COLUMN_GAP, PANEL_WIDTH], style=placed())


def _printed(picture: Picture.Image) -> Image:
    stream = BytesIO()
    picture.save(stream, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    scale = min(PANEL_WIDTH / picture.width, PANEL_HEIGHT / picture.height)
    return Image(stream, picture.width * scale, picture.height * scale, hAlign="LEFT")
