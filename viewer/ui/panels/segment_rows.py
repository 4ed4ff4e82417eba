"""SegmentRows: the open segmentations of the study; each segment shown or hidden, each object removable."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.app.open_segments import SegmentView
from viewer.app.segments import remove_segmentation, toggle_segment
from viewer.app.session import Shown
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.segmentation import Segment
from viewer.ui import theme
from viewer.ui.panels.fields import narrow
from viewer.ui.viewport.segment_layer import segment_words

SWATCH_PX = 12


class SegmentRows(QWidget):
    """A box a segment, a slider for how strongly all are filled."""

    def __init__(self, workbench: Workbench, shown: Shown) -> None:
        super().__init__()
        self._workbench = workbench
        self._shown = shown
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for view in workbench.session.segments.of(shown.study):
            layout.addLayout(self._title(view))
            for segment in view.segmentation.segments:
                layout.addWidget(self._box(view, segment))
        layout.addWidget(self._opacity())

    def _title(self, view: SegmentView) -> QHBoxLayout:
        title = QLabel(view.segmentation.title or _("Segmentation"))
        title.setTextFormat(Qt.TextFormat.PlainText)
        title.setToolTip(title.text())
        narrow(title)
        remove = QToolButton()
        remove.setIcon(theme.icon("x"))
        remove.setToolTip(_("Take this segmentation off the images"))
        uid = view.segmentation.uid
        remove.clicked.connect(
            lambda _on=False: remove_segmentation(self._workbench, self._shown.study, uid)
        )
        row = QHBoxLayout()
        row.addWidget(title, 1)
        row.addWidget(remove)
        return row

    def _box(self, view: SegmentView, segment: Segment) -> QCheckBox:
        box = QCheckBox(segment_words(segment).replace("&", "&&"))
        box.setIcon(_swatch(segment))
        box.setIconSize(QSize(SWATCH_PX, SWATCH_PX))
        box.setToolTip("\n".join(filter(None, (segment.label, segment.meaning, segment.algorithm))))
        box.setChecked(segment.number not in view.hidden)
        uid = view.segmentation.uid
        box.clicked.connect(
            lambda _on: toggle_segment(self._workbench, self._shown.study, uid, segment.number)
        )
        narrow(box)
        return box

    def _opacity(self) -> QSlider:
        session = self._workbench.session
        slider = QSlider(Qt.Orientation.Horizontal)
        slider.setRange(0, 100)
        slider.setValue(round(session.segments.opacity * 100))
        slider.setAccessibleName(_("Opacity of the segments"))
        slider.setToolTip(_("Opacity of the segments; the outlines stay"))
        slider.valueChanged.connect(
            lambda value: session.segments.show(session.segments.visible, value / 100)
        )
        return slider


def _swatch(segment: Segment) -> QIcon:
    pixmap = QPixmap(SWATCH_PX, SWATCH_PX)
    pixmap.fill(QColor(*segment.colour))
    return QIcon(pixmap)
