"""Graphics and words of a presentation state drawn into a picture with Pillow."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from viewer.base.paths import resource
from viewer.domain.geometry import Affine2D
from viewer.domain.presentation_state import Point, Rgb
from viewer.imaging.state_shapes import StateLine, StateShapes, StateWords, dashes, placed_words

VIEW_PX = 1000
"""Lines and letters are as large as on a view of this size: larger pictures have larger ones."""

SMOOTHED_UP_TO_PX = 2048
"""Pictures up to this side are drawn at twice their size and reduced; larger ones need too much memory."""

WIDTH_PX, HALO_PX = 1.6, 1.2
DOT_PX = 3.0
"""View px, for a thickness of 1."""

BLACK = (0, 0, 0, 200)
OPAQUE = 255
ALIGNMENTS = {"CENTER": "center", "RIGHT": "right"}


def drawn_over(
    shown: Image.Image, shapes: StateShapes, picture_from_image: Affine2D
) -> Image.Image:
    """An RGB picture with the shapes over it.

    picture_from_image: to picture px, in which (0, 0) is the corner of the first pixel.
    """
    unit = max(max(shown.size) / VIEW_PX, 1.0)
    smooth = 2 if max(shown.size) <= SMOOTHED_UP_TO_PX else 1
    layer = Image.new("RGBA", (shown.width * smooth, shown.height * smooth))
    view = Affine2D.scale_translate(1 / unit, 1 / unit) @ picture_from_image
    pencil = _Pencil(ImageDraw.Draw(layer), view, unit * smooth)
    for line in shapes.lines:
        pencil.line(line)
    for words in shapes.words:
        pencil.words(words)
    drawn = layer.resize(shown.size, Image.Resampling.BOX)
    return Image.alpha_composite(shown.convert("RGBA"), drawn).convert("RGB")


@dataclass(frozen=True)
class _Pencil:
    """Draws in view px. scale: pixels of the picture for one of the view."""

    draw: ImageDraw.ImageDraw
    view_from_image: Affine2D
    scale: float

    def line(self, line: StateLine) -> None:
        points = self.view_from_image.apply(line.points_px)
        if len(points) == 1:
            self._dot(points[0], line)
        elif line.filled:
            self.draw.polygon(
                [self._at((x, y)) for x, y in points.tolist()], (*line.colour, OPAQUE)
            )
        else:
            self._stroke(points, line)

    def _at(self, point: Point) -> Point:
        return point[0] * self.scale, point[1] * self.scale

    def _stroke(self, points: NDArray[np.float64], line: StateLine) -> None:
        width = WIDTH_PX * line.thickness
        for ink, wide in ((BLACK, width + 2 * HALO_PX), ((*line.colour, OPAQUE), width)):
            for start, end in dashes(points, dashed=line.dashed):
                self._straight(start, end, ink, wide)

    def _straight(
        self, start: Point, end: Point, ink: tuple[int, int, int, int], wide: float
    ) -> None:
        width = max(round(wide * self.scale), 1)
        self.draw.line([self._at(start), self._at(end)], fill=ink, width=width)

    def _dot(self, point: NDArray[np.float64], line: StateLine) -> None:
        x, y = self._at((float(point[0]), float(point[1])))
        radius = DOT_PX * line.thickness
        for ink, size in ((BLACK, radius + HALO_PX), ((*line.colour, OPAQUE), radius)):
            reach = size * self.scale
            self.draw.ellipse((x - reach, y - reach, x + reach, y + reach), fill=ink)

    def words(self, words: StateWords) -> None:
        placed = placed_words(words, self.view_from_image, lambda px: self._size(words.text, px))
        if placed.leader is not None:
            self._straight(*placed.leader, _opaque(words.colour), WIDTH_PX)
        self.draw.multiline_text(
            self._at((placed.left, placed.top)),
            words.text,
            _opaque(words.colour),
            self._font(placed.letter_px),
            stroke_width=max(round(HALO_PX * self.scale), 1),
            stroke_fill=BLACK,
            align=ALIGNMENTS.get(words.justification, "left"),
        )

    def _font(self, letter_px: int) -> ImageFont.FreeTypeFont:
        path = str(resource("fonts", "DejaVuSans.ttf"))
        return ImageFont.truetype(path, letter_px * self.scale)

    def _size(self, text: str, letter_px: int) -> Point:
        _left, _top, right, bottom = self.draw.multiline_textbbox(
            (0, 0), text, self._font(letter_px)
        )
        return right / self.scale, bottom / self.scale


def _opaque(colour: Rgb) -> tuple[int, int, int, int]:
    return (*colour, OPAQUE)
