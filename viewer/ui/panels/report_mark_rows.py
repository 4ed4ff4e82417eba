"""ReportMarkRows: the shapes of opened reports, to go to; each report shown, hidden, or taken off the images."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from viewer.app.open_marks import MarksView
from viewer.app.report_marks import go_to_mark, mark_place
from viewer.app.session import Shown
from viewer.app.workbench import Workbench
from viewer.base.i18n import _, plural
from viewer.domain.sr_marks import SrMark
from viewer.ui import theme
from viewer.ui.panels.fields import muted, narrow


class ReportMarkRows(QWidget):
    """A box a report, a row a shape."""

    def __init__(self, workbench: Workbench, shown: Shown) -> None:
        super().__init__()
        self._workbench = workbench
        self._study = shown.study
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2)
        for view in workbench.session.report_marks.of(shown.study):
            layout.addLayout(self._title(view))
            for mark in view.marks:
                layout.addWidget(self._row(mark))
            if view.undrawn:
                layout.addWidget(muted(_undrawn_words(view.undrawn)))

    def _title(self, view: MarksView) -> QHBoxLayout:
        words = _("AI  {title}").format(title=view.title) if view.by_program else view.title
        box = QCheckBox(words.replace("&", "&&"))
        box.setToolTip(_("Show or hide the marks of this report on the images"))
        box.setChecked(view.visible)
        marks, study, uid = self._workbench.session.report_marks, self._study, view.uid
        box.clicked.connect(lambda _on: marks.toggle(study, uid))
        narrow(box)
        remove = QToolButton()
        remove.setIcon(theme.icon("x"))
        remove.setToolTip(_("Take the marks of this report off the images"))
        remove.clicked.connect(lambda _on=False: marks.remove(study, uid))
        row = QHBoxLayout()
        row.addWidget(box, 1)
        row.addWidget(remove)
        return row

    def _row(self, mark: SrMark) -> QPushButton:
        place = mark_place(self._workbench.session, self._study, mark)
        missing = _("not open") if mark.links else _("place in the patient")
        words = mark.label if place else f"{mark.label}  ·  {missing}"
        row = QPushButton(words.replace("&", "&&"))
        row.setToolTip(f"{mark.label}\n{place or missing}")
        row.setFlat(True)
        row.setCursor(Qt.CursorShape.PointingHandCursor)
        row.setStyleSheet(f"text-align: left; color: {theme.REPORTED}; border: 0; padding: 2px 0;")
        row.clicked.connect(lambda _on=False: go_to_mark(self._workbench, self._study, mark))
        narrow(row)
        return row


def _undrawn_words(count: int) -> str:
    return plural(
        "{n} shape of it is of a kind that is not drawn.",
        "{n} shapes of it are of a kind that is not drawn.",
        count,
    )
