"""TruthDialog: what turned out later, a row for each finding of the signed report."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QGridLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from viewer.app.later_truth import Answer, asked_of, record_truth, signed_words
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.domain.readable import readable_date, readable_name
from viewer.domain.study import Study
from viewer.review.later_truth import (
    Asked,
    LaterTruth,
    TruthSource,
    TruthState,
    source_text,
    state_text,
)
from viewer.ui import theme
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.panels.fields import heading, muted


class TruthDialog(QDialog):
    """Every change is appended; the signed report stays as it is."""

    def __init__(self, parent: QWidget | None, workbench: Workbench, study: Study) -> None:
        super().__init__(parent)
        self._workbench, self._study = workbench, study
        self.setWindowTitle(_("Later truth"))
        self.setMinimumWidth(980)
        case = workbench.session.case_of(study)
        self.rows = [
            TruthRow(asked, answer, case.truths.get(asked.word)) for asked, answer in asked_of(case)
        ]
        self.fault = QLabel("")
        self.fault.setWordWrap(True)
        self.fault.setStyleSheet(f"color: {theme.WARNING};")
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        whose = QLabel(_of(study))
        whose.setTextFormat(Qt.TextFormat.PlainText)
        layout.addWidget(whose)
        layout.addWidget(muted(_about()))
        layout.addLayout(self._grid())
        layout.addWidget(self.fault)
        buttons = DialogButtons(_("Record"), self._record, self.reject)
        self.save = buttons.primary
        self.save.setDefault(True)
        layout.addWidget(buttons)

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        titles = (_("FINDING"), _("IT WAS"), _("KNOWN FROM"), _("DATE"), _("NOTE"))
        for column, title in enumerate(titles):
            grid.addWidget(heading(title), 0, column)
        for place, row in enumerate(self.rows):
            for column, widget in enumerate(row.widgets):
                grid.addWidget(widget, 2 * place + 1, column)
            grid.addWidget(row.words, 2 * place + 2, 0, 1, len(titles))
        grid.setColumnStretch(0, 2)
        grid.setColumnStretch(4, 2)
        return grid

    def _record(self) -> None:
        try:
            for row in self.rows:
                record_truth(self._workbench, self._study, row.asked, row.answer)
        except ViewerError as error:
            self.fault.setText(str(error))
        else:
            self.accept()


class TruthRow:
    """The fields of one finding."""

    def __init__(self, asked: Asked, answer: Answer, stated: LaterTruth | None) -> None:
        self.asked = asked
        self.name = QLabel(asked.label)
        self.state, self.source = QComboBox(), QComboBox()
        for state in (TruthState.UNKNOWN, TruthState.PRESENT, TruthState.ABSENT):
            self.state.addItem(state_text(state), state.value)
        self.source.addItem(_("choose…"), "")
        for source in TruthSource:
            self.source.addItem(source_text(source), source.value)
        self.date, self.note = QLineEdit(answer.known_on), QLineEdit(answer.note)
        self.date.setPlaceholderText("2026-11-22")
        self.date.setMaximumWidth(110)
        self.state.setCurrentIndex(self.state.findData(answer.state.value))
        self.source.setCurrentIndex(
            self.source.findData("" if answer.source is None else answer.source.value)
        )
        self.words = muted(" · ".join(part for part in (signed_words(asked), _by(stated)) if part))
        self.state.currentIndexChanged.connect(lambda _place: self._open())
        self._name()
        self._open()

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """In the order of the keyboard."""
        return (self.name, self.state, self.source, self.date, self.note)

    @property
    def answer(self) -> Answer:
        """As the fields stand; of what is not known, nothing else is kept."""
        state = TruthState(self.state.currentData())
        if state is TruthState.UNKNOWN:
            return Answer()
        source = self.source.currentData()
        kept = TruthSource(source) if source else None
        return Answer(state, kept, self.date.text().strip(), self.note.text().strip())

    def _open(self) -> None:
        stated = self.state.currentData() != TruthState.UNKNOWN.value
        for field in (self.source, self.date, self.note):
            field.setEnabled(stated)

    def _name(self) -> None:
        named = (
            (self.state, _("{finding}: it was")),
            (self.source, _("{finding}: known from")),
            (self.date, _("{finding}: date of the evidence, as 2026-11-22")),
            (self.note, _("{finding}: note")),
        )
        for field, words in named:
            field.setAccessibleName(words.format(finding=self.asked.label))


def _of(study: Study) -> str:
    """Whose study it is."""
    told = (readable_name(study.patient.name), study.patient.patient_id, readable_date(study.date))
    return "  ".join(part for part in (*told, study.description) if part)


def _about() -> str:
    return _(
        "What turned out later: was the finding there when these images were made? It is recorded beside the "
        "signed report, which stays as it is; monitoring counts it. A later statement takes the place of an "
        "earlier one, which stays in the record."
    )


def _by(stated: LaterTruth | None) -> str:
    if stated is None:
        return ""
    return _("recorded by {reader}, {time}").format(
        reader=stated.reader or "?", time=f"{stated.at:%Y-%m-%d %H:%M}"
    )
