"""A heat map as a picture that explains itself anywhere: scale, score, model, verdict, research label."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.domain.finding import Algorithm
from viewer.domain.image import Frame, Heatmap
from viewer.export.key_image import heat_picture, marks_on
from viewer.export.objects.reported_maps import findings_of
from viewer.export.sr_content import verdict_sentence
from viewer.export.wording import readable_moment
from viewer.imaging.heatmap import colour_table
from viewer.review.report import SignedReport

COLOURS = "inferno"
TEXT_PX, LINE_PX, INSET_PX = 22, 30, 16
SCALE_WIDTH_PX, SCALE_HEIGHT_PX = 320, 18
RESEARCH = "FOR RESEARCH USE ONLY. NOT FOR CLINICAL USE."


def captioned_map(report: SignedReport, frame: Frame, heatmap: Heatmap) -> NDArray[np.uint8]:
    """The frame under the map, with a legend below it.

    Returns
    -------
    ndarray, shape (rows, columns, 3), uint8, RGB; no patient data are in it
    """
    colours = colour_table(COLOURS)
    marks = marks_on(report, *heatmap.ref.place)
    picture = heat_picture(frame, heatmap, colours, marks)
    lines = _wrapped(_lines(report, heatmap), picture.width - 2 * INSET_PX)
    height = (len(lines) + 1) * LINE_PX + 2 * INSET_PX
    whole = Image.new("RGB", (picture.width, picture.height + height))
    whole.paste(picture, (0, 0))
    _write(whole, picture.height + INSET_PX, lines, colours)
    return np.asarray(whole)


def _lines(report: SignedReport, heatmap: Heatmap) -> tuple[str, ...]:
    found = findings_of(report, heatmap)
    algorithms = {
        run.algorithm for run in report.runs if run.algorithm.model_id == heatmap.model_id
    }
    return (
        RESEARCH,
        f"{heatmap.label}: {heatmap.method}",
        _("Shows where the network looked, not where disease is; no outline of a lesion."),
        *(_model(algorithm) for algorithm in algorithms),
        *(f"{number}. {verdict_sentence(each)}" for number, each in found),
        _verified(report) if found else _("AI output, not verified: no finding here was proposed."),
    )


def _model(algorithm: Algorithm) -> str:
    return f"AI: {algorithm.name} {algorithm.version} ({algorithm.manufacturer})"


def _verified(report: SignedReport) -> str:
    said = _("Verdicts verified by {reader}, {moment}.")
    signature = report.signature
    return said.format(reader=signature.reader, moment=readable_moment(signature.at))


def _font() -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(resource("fonts", "DejaVuSans-Bold.ttf")), TEXT_PX)


def _wrapped(lines: Sequence[str], width: int) -> list[str]:
    """Broken between words so that each fits."""
    font, wrapped = _font(), []
    for line in lines:
        row = ""
        for word in line.split():
            longer = f"{row} {word}".strip()
            if row and font.getlength(longer) > width:
                wrapped.append(row)
                longer = word
            row = longer
        wrapped.append(row)
    return wrapped


def _write(whole: Image.Image, top: int, lines: Sequence[str], colours: NDArray[np.uint8]) -> None:
    draw, font = ImageDraw.Draw(whole), _font()
    for number, line in enumerate(lines):
        draw.text((INSET_PX, top + number * LINE_PX), line, fill="white", font=font)
    scale = np.repeat(colours[None], SCALE_HEIGHT_PX, axis=0)
    bar = Image.fromarray(scale).resize((SCALE_WIDTH_PX, SCALE_HEIGHT_PX))
    row = top + len(lines) * LINE_PX
    draw.text((INSET_PX, row), "0", fill="white", font=font)
    whole.paste(bar, (INSET_PX + LINE_PX, row + 4))
    draw.text((INSET_PX + 2 * LINE_PX + SCALE_WIDTH_PX, row), "1", fill="white", font=font)
