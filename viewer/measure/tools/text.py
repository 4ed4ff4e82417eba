"""Text: words at a place of the image; measures nothing."""

from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.measurement import Measurement
from viewer.measure.tool import FreeHandles, HandleRule, PointsPx, Polyline


class TextTool(FreeHandles):
    """One handle: where the text begins; the words are `Annotation.text`."""

    key = "text"
    shortcut = "T"
    icon = "type"
    handles = HandleRule(1, 1, words=True)

    @property
    def title(self) -> str:
        """For the reader."""
        return _("Text")

    def measure(self, handles_px: PointsPx, image: Frame) -> tuple[Measurement, ...]:
        """Nothing."""
        return ()

    def outline(self, handles_px: PointsPx) -> tuple[Polyline, ...]:
        """Nothing: the text is the mark."""
        return ()


PLUGIN = TextTool()
