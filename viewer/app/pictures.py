"""Plain pictures of frames: display values as the viewport shows them, turned as shown, words only if asked."""

from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.domain.display_set import DisplaySet
from viewer.domain.image import Frame
from viewer.domain.presentation import Presentation
from viewer.domain.readable import readable_date, readable_name
from viewer.domain.study import Study
from viewer.imaging.laid_over import as_shown, turned
from viewer.imaging.state_picture import drawn_over
from viewer.imaging.state_shapes import state_shapes
from viewer.imaging.view_transform import pixel_aspect, view_transform

SMALLEST_LETTER_PX = 13
PICTURE_PER_LETTER = 50
"""Letters of the words are this fraction of the picture's width, on large pictures."""

MARGIN_PX = 6
FIGURE_SPACE = "\u2007"
"""As wide as a digit: all images of a series then have a band of one width."""


class PictureFormat(Enum):
    """A file format, by its suffix."""

    PNG = "png"
    JPEG = "jpg"
    GIF = "gif"
    MP4 = "mp4"

    @property
    def is_moving(self) -> bool:
        """Whether a series becomes one picture that moves."""
        return self in (PictureFormat.GIF, PictureFormat.MP4)


@dataclass(frozen=True)
class PictureChoice:
    """Where to, what, and how. series: all frames (GIF, MP4: one moving picture), else the one on the screen.

    patient_text: name, ID and dates in a band above the image; never unless the reader asks.
    """

    folder: Path
    format: PictureFormat
    series: bool = False
    patient_text: bool = False


def picture(frame: Frame, presentation: Presentation, words: tuple[str, ...] = ()) -> Image.Image:
    """The frame with the reader's window, inversion, flip and turns; one pixel is the finer spacing.

    The file's shutter and overlays, and what an applied presentation state draws, are part of it where
    they are on the screen; AI overlay, marks and drawings never are. words: lines of the band above, if
    any.
    """
    values = turned(as_shown(frame, presentation), presentation)
    across, down = pixel_aspect(frame, presentation)
    if presentation.quarter_turns % 2:
        across, down = down, across
    shown = _with_state(_stretched(values, across, down), frame, presentation)
    return _with_words(shown, words) if words else shown


def _with_state(shown: Image.Image, frame: Frame, presentation: Presentation) -> Image.Image:
    """The picture with graphics and words of the applied presentation state, if it has any."""
    shapes = state_shapes(frame, presentation)
    if shapes.empty or not presentation.file_overlays:
        return shown
    native = replace(presentation, zoom=1.0, pan_view_px=(0.0, 0.0))
    transform = view_transform(frame, native, *shown.size, whole=True)
    return drawn_over(shown, shapes, transform.view_from_image)


def _stretched(values: NDArray[np.uint8], across: float, down: float) -> Image.Image:
    made = Image.fromarray(values)
    size = (max(round(made.width * across), 1), max(round(made.height * down), 1))
    return made if size == made.size else made.resize(size, Image.Resampling.BILINEAR)


def patient_words(study: Study, display_set: DisplaySet, position: int) -> tuple[str, ...]:
    """Who, what and which image, as the corners of the viewport say it."""
    patient = study.patient
    birth = readable_date(patient.birth_date)
    number = display_set.series_number
    series = "" if number is None else _("Series {number}").format(number=number)
    count = len(display_set.frames)
    own = str(position + 1).rjust(len(str(count)), FIGURE_SPACE)
    place = _("Image {place}/{count}").format(place=own, count=count)
    lines = (
        (readable_name(patient.name), patient.sex, birth),
        (_("ID {id}").format(id=patient.patient_id) if patient.patient_id else "",),
        (study.description, readable_date(study.date)),
        (series, display_set.description, place),
    )
    joined = ("  ".join(filter(None, parts)) for parts in lines)
    return tuple(filter(None, joined))


def _with_words(shown: Image.Image, words: tuple[str, ...]) -> Image.Image:
    """A black band above the image, so that no pixel is hidden."""
    letter = max(SMALLEST_LETTER_PX, shown.width // PICTURE_PER_LETTER)
    font = ImageFont.truetype(str(resource("fonts", "DejaVuSans.ttf")), letter)
    text = "\n".join(words)
    box = ImageDraw.Draw(shown).multiline_textbbox((MARGIN_PX, MARGIN_PX), text, font)
    width, band = max(shown.width, int(box[2]) + MARGIN_PX), int(box[3]) + MARGIN_PX
    page = Image.new(shown.mode, (width, band + shown.height))
    ImageDraw.Draw(page).multiline_text((MARGIN_PX, MARGIN_PX), text, "white", font)
    page.paste(shown, ((width - shown.width) // 2, band))
    return page
