"""DrawingRows: the drawings of the study, to jump to, to name, to remove."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from viewer.app import annotate
from viewer.app.marks import place_of_frame
from viewer.app.open_study import show_display_set
from viewer.app.session import Shown
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.measurement import Annotation
from viewer.review.drawing import Drawing
from viewer.ui import theme
from viewer.ui.panels.fields import narrow
from viewer.ui.panels.histogram_plot import HistogramPlot
from viewer.ui.viewport.drawing_layer import drawing_words


class DrawingRows(QWidget):
    """One row a drawing."""

    def __init__(self, workbench: Workbench, shown: Shown) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for drawing in workbench.session.drawings_of(shown.study).all:
            layout.addWidget(DrawingRow(workbench, drawing))


class DrawingRow(QFrame):
    """The numbers and words of one drawing; a click brings its image to the screen."""

    def __init__(self, workbench: Workbench, drawing: Drawing) -> None:
        super().__init__()
        self._workbench = workbench
        self._drawing = drawing
        selected = workbench.session.selected_drawing == drawing.uid
        colour = theme.ACCENT if selected else theme.LINE
        self.setObjectName("drawing")
        self.setStyleSheet(f"#drawing {{ border: 1px solid {colour}; border-radius: 5px; }}")
        title = annotate.tool_of(drawing.annotation).title
        words = QLabel(drawing_words(drawing) or title)
        words.setWordWrap(True)
        words.setToolTip("\n".join(one.sentence for one in drawing.measurements) or title)
        remove = QToolButton()
        remove.setIcon(theme.icon("trash-2"))
        remove.setToolTip(_("Remove this drawing; Undo brings it back"))
        remove.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.addWidget(words, 1)
        row.addWidget(remove, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 4, 4, 4)
        layout.addLayout(row)
        if selected:
            layout.addWidget(HistogramPlot(workbench, drawing.annotation))
            layout.addWidget(self._text_field())

    def _text_field(self) -> QLineEdit:
        field = QLineEdit(self._drawing.annotation.text)
        field.setPlaceholderText(_("Words for this drawing"))
        field.setAccessibleName(_("Words for this drawing"))
        field.editingFinished.connect(
            lambda: annotate.write_text(self._workbench, self._drawing, field.text().strip())
        )
        narrow(field)
        return field

    def mousePressEvent(self, _event: QMouseEvent) -> None:
        """Select it and show the image it lies on."""
        _show(self._workbench, self._drawing.annotation)
        self._workbench.session.select_drawing(self._drawing.uid)

    def _remove(self) -> None:
        self._workbench.session.select_drawing(self._drawing.uid)
        annotate.remove_selected(self._workbench)


def _show(workbench: Workbench, annotation: Annotation) -> None:
    shown = workbench.session.shown
    if shown is None:
        return
    place = place_of_frame(shown.study, annotation.place)
    if place is not None and place[0].frames[place[1]] != shown.ref:
        show_display_set(workbench, shown.study, *place)
