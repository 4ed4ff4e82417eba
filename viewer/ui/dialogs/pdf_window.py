"""PdfWindow: the pages of a PDF one below the other; drawn when they come into view, zoomable, savable."""

from collections.abc import Callable
from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeySequence, QPixmap, QResizeEvent, QShortcut, QWheelEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from viewer.app.session import Session
from viewer.app.workbench import PdfActions, PdfPages
from viewer.base.i18n import _, plural
from viewer.domain.pdf_document import PdfDocument, PdfPage
from viewer.domain.study import Study
from viewer.ui.dialogs.document_window import DocumentWindow
from viewer.ui.dialogs.sr_html import origin_rows, table_html, verification_html
from viewer.ui.panels.fields import muted
from viewer.ui.viewport.image_painter import grey_or_rgb_image

ZOOM_STEP = 1.25
LEAST_SCALE, LARGEST_SCALE = 0.2, 6.0
"""Pixels per point; 1.33 is the size of the printed page on a 96 dpi screen."""

MARGIN_PX = 40
"""Kept free beside a page that is fitted to the width."""

GAP_PX = 8
"""Between two pages."""


class PdfWindow(DocumentWindow):
    """Head, pages, and a row of buttons; Ctrl + wheel and Ctrl + plus and minus zoom."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        study: Study,
        document: PdfDocument,
        pages: PdfPages,
        acts: PdfActions,
    ) -> None:
        super().__init__(parent, session, study, _("PDF document"))
        self._acts = acts
        self.scale: float | None = None
        self.column.addWidget(_head(document))
        self.area = QScrollArea()
        self.pages = [Page(page) for page in pages.pages]
        self._fill(pages)
        self.column.addWidget(self.area, 1)
        self.column.addLayout(self._buttons())
        self.area.verticalScrollBar().valueChanged.connect(lambda _value: self._draw_visible())
        self.area.viewport().installEventFilter(self)
        for keys, act in (
            ("Ctrl++", self.zoom_in),
            ("Ctrl+-", self.zoom_out),
            ("Ctrl+0", self.fit),
        ):
            QShortcut(QKeySequence(keys), self, act)

    def _fill(self, pages: PdfPages) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP_PX)
        for page in self.pages:
            layout.addWidget(page, 0, Qt.AlignmentFlag.AlignHCenter)
        if pages.fault:
            layout.addWidget(muted(pages.fault))
        self.area.setWidget(content)
        self.area.setWidgetResizable(True)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        count = plural("{n} page", "{n} pages", len(self.pages)) if self.pages else ""
        row.addWidget(muted(count), 1)
        for words, act in (
            (_("Smaller"), self.zoom_out),
            (_("Larger"), self.zoom_in),
            (_("Fit the width"), self.fit),
        ):
            row.addWidget(_button(words, act, enabled=bool(self.pages)))
        row.addWidget(_button(_("Save PDF as…"), self._acts.save, enabled=True))
        return row

    def zoom_in(self) -> None:
        """Larger by a quarter."""
        self._zoom(self._scale_now() * ZOOM_STEP)

    def zoom_out(self) -> None:
        """Smaller by a fifth."""
        self._zoom(self._scale_now() / ZOOM_STEP)

    def fit(self) -> None:
        """The widest page fills the width, and follows the window."""
        self.scale = None
        self._lay_out()

    def _zoom(self, scale: float) -> None:
        bar = self.area.verticalScrollBar()
        place = bar.value() / max(bar.maximum(), 1)
        self.scale = min(max(scale, LEAST_SCALE), LARGEST_SCALE)
        self._lay_out()
        QTimer.singleShot(0, self, lambda: bar.setValue(round(place * bar.maximum())))

    def _scale_now(self) -> float:
        if self.scale is not None or not self.pages:
            return self.scale or 1.0
        widest = max(page.size_pt.width_pt for page in self.pages)
        free = self.area.viewport().width() - MARGIN_PX
        return min(max(free / widest, LEAST_SCALE), LARGEST_SCALE)

    def _lay_out(self) -> None:
        scale = self._scale_now()
        for page in self.pages:
            page.lay_out(scale)
        QTimer.singleShot(0, self, self._draw_visible)

    def _draw_visible(self) -> None:
        """Draw what is seen and has not been drawn at this size; let go of what is far away."""
        height = self.area.viewport().height()
        seen = self.area.verticalScrollBar().value()
        ratio = self.devicePixelRatioF()
        top = 0
        for number, page in enumerate(self.pages):
            bottom = top + page.height() + GAP_PX
            if bottom > seen - height and top < seen + 2 * height:
                self._want(number, page, ratio)
            elif page.asked is not None:
                self._acts.forget(number)
                page.clear_drawn()
            top = bottom

    def _want(self, number: int, page: "Page", ratio: float) -> None:
        scale = self._scale_now() * ratio
        if page.asked == scale:
            return
        page.asked = scale
        self._acts.draw(
            number,
            scale,
            lambda pixels: page.take(pixels, scale, ratio),
            lambda error: page.setText(str(error)),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Pages that are fitted follow the width."""
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._lay_out)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Ctrl + wheel zooms."""
        held = isinstance(event, QWheelEvent) and (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier
        )
        if held and isinstance(event, QWheelEvent):
            (self.zoom_in if event.angleDelta().y() > 0 else self.zoom_out)()
            return True
        return super().eventFilter(watched, event)

    def done(self, result: int) -> None:
        """Pages that still wait are not drawn any more."""
        for number, _page in enumerate(self.pages):
            self._acts.forget(number)
        super().done(result)


class Page(QLabel):
    """One page; white until it is drawn. asked: the scale it was last asked at."""

    def __init__(self, size_pt: PdfPage) -> None:
        super().__init__()
        self.size_pt = size_pt
        self.asked: float | None = None
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setScaledContents(True)
        self.setStyleSheet("background: white; color: black;")

    def lay_out(self, scale: float) -> None:
        """Take the page's size on the screen."""
        self.setFixedSize(
            max(round(self.size_pt.width_pt * scale), 1),
            max(round(self.size_pt.height_pt * scale), 1),
        )

    def take(self, pixels: NDArray[np.uint8], scale: float, ratio: float) -> None:
        """Show the drawn page, unless another size was asked for since."""
        if self.asked == scale:
            pixmap = QPixmap.fromImage(grey_or_rgb_image(pixels))
            pixmap.setDevicePixelRatio(ratio)
            self.setPixmap(pixmap)

    def clear_drawn(self) -> None:
        """Give the memory back."""
        self.asked = None
        self.clear()


def _head(document: PdfDocument) -> QLabel:
    words = verification_html(document.verification)
    rows = table_html(origin_rows(document.patient, document.date, document.time))
    label = QLabel(f"{_title(document)}{words}{rows}")
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setWordWrap(True)
    label.setOpenExternalLinks(False)
    return label


def _title(document: PdfDocument) -> str:
    return f"<h3>{escape(document.title or _('PDF document'))}</h3>"


def _button(words: str, act: Callable[[], None], *, enabled: bool) -> QPushButton:
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.setEnabled(enabled)
    button.clicked.connect(lambda _checked=False: act())
    return button
