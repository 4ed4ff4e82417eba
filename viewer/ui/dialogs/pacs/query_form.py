"""QueryForm: what to look for; Enter in any field searches."""

from collections.abc import Callable

from PySide6.QtCore import QDate
from PySide6.QtWidgets import QDateEdit, QGridLayout, QHBoxLayout, QLabel, QWidget

from viewer.base.i18n import _
from viewer.domain.pacs import StudyQuery
from viewer.ui.dialogs.pacs.form_fields import choice_field, text_field

MODALITIES = ("", "CT", "MR", "DX", "CR", "MG", "US", "PT", "NM", "XA", "RF", "SR")
DA = "yyyyMMdd"
"""A date as DICOM writes it (PS3.5 6.2)."""

FROM_TO = -1
"""Data of the entry that lets the reader state both dates."""


class QueryForm(QWidget):
    """Reads as a StudyQuery."""

    def __init__(self, search: Callable[[], None]) -> None:
        super().__init__()
        self.name = text_field(_("Patient name"), _("Any part of the name"))
        self.patient_id = text_field(_("Patient ID"))
        self.accession = text_field(_("Accession number"))
        self.description = text_field(_("Study description"), _("Any part of it"))
        self.modality = choice_field(
            _("Modality"), {code: code or _("Any modality") for code in MODALITIES}
        )
        self.modality.setEditable(True)
        self.when = choice_field(_("Study date"), _whens())
        self.first, self.last = _date_edit(_("From")), _date_edit(_("To"))
        self._between = QLabel(_("to"))
        self.when.currentIndexChanged.connect(lambda _place: self._show_dates())
        self._lay_out()
        self._show_dates()
        for field in (self.name, self.patient_id, self.accession, self.description):
            field.returnPressed.connect(search)

    def _lay_out(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        dates = QWidget()
        row = QHBoxLayout(dates)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.when, 1)
        for widget in (self.first, self._between, self.last):
            row.addWidget(widget)
        cells: tuple[tuple[str, QWidget], ...] = (
            (_("Patient name"), self.name),
            (_("Patient ID"), self.patient_id),
            (_("Accession number"), self.accession),
            (_("Description"), self.description),
            (_("Modality"), self.modality),
            (_("Study date"), dates),
        )
        for place, (words, field) in enumerate(cells):
            grid.addWidget(QLabel(words), place // 3, 2 * (place % 3))
            grid.addWidget(field, place // 3, 2 * (place % 3) + 1)
        for column in (1, 3, 5):
            grid.setColumnStretch(column, 1)

    @property
    def query(self) -> StudyQuery:
        """What is asked for."""
        first, last = self._dates()
        code = self.modality.currentText().strip()
        return StudyQuery(
            patient_name=self.name.text().strip(),
            patient_id=self.patient_id.text().strip(),
            accession_number=self.accession.text().strip(),
            description=self.description.text().strip(),
            modality="" if code == self.modality.itemText(0) else code.upper(),
            date_from=first,
            date_to=last,
        )

    def _dates(self) -> tuple[str, str]:
        days = self.when.currentData()
        if days is None:
            return "", ""
        if days == FROM_TO:
            return self.first.date().toString(DA), self.last.date().toString(DA)
        today = QDate.currentDate()
        return today.addDays(-days).toString(DA), today.toString(DA)

    def _show_dates(self) -> None:
        for widget in (self.first, self._between, self.last):
            widget.setVisible(self.when.currentData() == FROM_TO)


def _whens() -> dict[object, str]:
    return {
        None: _("Any date"),
        0: _("Today"),
        1: _("Since yesterday"),
        6: _("Last 7 days"),
        29: _("Last 30 days"),
        FROM_TO: _("From … to …"),
    }


def _date_edit(name: str) -> QDateEdit:
    field = QDateEdit(QDate.currentDate())
    field.setDisplayFormat("yyyy-MM-dd")
    field.setButtonSymbols(QDateEdit.ButtonSymbols.NoButtons)
    field.setAccessibleName(name)
    return field
