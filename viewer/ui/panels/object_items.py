"""Rows of the study browser for what is no image: icon, word for the kind, title and date."""

from collections.abc import Mapping
from types import MappingProxyType

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QTreeWidgetItem

from viewer.app.open_object import kind_name
from viewer.base.i18n import _
from viewer.domain.readable import readable_date
from viewer.domain.study_object import ObjectKind, StudyObject
from viewer.ui import theme

ICONS: Mapping[ObjectKind, str] = MappingProxyType(
    {
        ObjectKind.REPORT: "file-text",
        ObjectKind.DOCUMENT: "file-type",
        ObjectKind.SEGMENTATION: "blend",
        ObjectKind.PRESENTATION_STATE: "sliders-horizontal",
        ObjectKind.KEY_OBJECTS: "star",
        ObjectKind.OTHER: "file",
    }
)


def object_item(found: StudyObject, width_px: int) -> QTreeWidgetItem:
    """A row. width_px: of the column of thumbnails, so that all texts begin alike."""
    lines = (kind_name(found), found.title, readable_date(found.date))
    words = "\n".join(line for line in lines if line)
    item = QTreeWidgetItem([words])
    item.setIcon(0, _centred(ICONS[found.kind], width_px))
    number = found.series_number
    series = "" if number is None else _("Series {number}").format(number=number)
    item.setToolTip(0, "\n".join(filter(None, (words, series))))
    return item


def _centred(name: str, width_px: int) -> QIcon:
    drawn = theme.icon(name).pixmap(QSize(theme.ICON_PX, theme.ICON_PX))
    pixmap = QPixmap(width_px, theme.ICON_PX + 8)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.drawPixmap((width_px - theme.ICON_PX) // 2, 4, theme.ICON_PX, theme.ICON_PX, drawn)
    painter.end()
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon
