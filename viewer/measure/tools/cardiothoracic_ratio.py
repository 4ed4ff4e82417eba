"""Cardiothoracic ratio: width of the heart over width of the thorax, as two lines drawn by the reader."""

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import UNITLESS, Measurement
from viewer.measure.calibration import distance, is_calibrated, joined, length, spacing_of
from viewer.measure.lines import separate_lines
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline


def _ratio(heart: float, thorax: float, *, sized: bool) -> tuple[Measurement, ...]:
    """The ratio; none of lines without length, or where they are mixed up."""
    if not 0 < heart <= thorax:
        return ()
    words = joined(
        _("ratio of two lines drawn by the reader"),
        "" if sized else _("no spacing needed where pixels are square"),
    )
    return (Measurement(_("Cardiothoracic ratio"), heart / thorax, UNITLESS, words),)


class CardiothoracicRatioTool(FreeHandles):
    """Four handles: the ends of the heart's width, then of the thorax's."""

    key = "cardiothoracic_ratio"
    shortcut = "Shift+C"
    icon = "heart-pulse"
    handles = HandleRule(4, 4)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Cardiothoracic ratio")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """The ratio first, then both widths: of the lines as they are drawn, tilted or not."""
        if not self.handles.allows(len(handles_px)):
            return ()
        spacing = spacing_of(handles_px, image)
        heart, thorax = distance(handles_px[:2], spacing), distance(handles_px[2:], spacing)
        mixed_up = _("longer than the thorax line, so no ratio") if heart > thorax else ""
        return (
            *_ratio(heart, thorax, sized=is_calibrated(spacing)),
            length(_("Width of the heart line"), heart, spacing, "width", mixed_up),
            length(_("Width of the thorax line"), thorax, spacing, "width"),
        )

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """The two lines."""
        return separate_lines(handles_px)


PLUGIN = CardiothoracicRatioTool()
