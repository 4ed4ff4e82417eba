"""SiteModelsWindow: which models run here, in which state, at which threshold; accepting one on local data."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QInputDialog,
    QLabel,
    QProgressBar,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from viewer.app import acceptance, monitoring
from viewer.app.acceptance import Listeners, Measured
from viewer.app.operating_points import in_force
from viewer.app.site_settings import agreed
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.inference.manifest import Manifest, words
from viewer.inference.model_package import ModelPackage
from viewer.review.site_model import ModelState, SiteModel, state_text
from viewer.ui.dialogs.site_models.accept_dialog import AcceptDialog
from viewer.ui.panels.fields import muted

COLUMN_PX = (280, 85, 140, 290)


class SiteModelsWindow(QDialog):
    """Beside the main window; every change asks for an administrator once there are accounts."""

    def __init__(self, parent: QWidget | None, workbench: Workbench) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self.setWindowTitle(_("Models of this site"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.resize(1000, 520)
        self.table = _table()
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)
        self._cancel = QPushButton(_("Cancel"))
        self._cancel.clicked.connect(lambda: acceptance.give_up(workbench))
        self.table.currentItemChanged.connect(lambda _now, _before: self._show_why())
        layout = QVBoxLayout(self)
        layout.addWidget(muted(_about()))
        layout.addWidget(self.table, 1)
        layout.addWidget(self._words)
        layout.addLayout(self._progress())
        layout.addLayout(self._acts())
        self._show_progress(None)
        self.refresh()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Nobody waits for the figures any more."""
        acceptance.give_up(self._workbench)
        super().closeEvent(event)

    def refresh(self) -> None:
        """The models as they are decided now."""
        place = max(self.table.currentIndex().row(), 0)
        self.table.clear()
        for package in self._workbench.models.every:
            self.table.addTopLevelItem(self._item(package))
        for broken in self._workbench.models.quarantined:
            cells = [broken.folder.name, "", _("set aside"), "", broken.reason]
            self.table.addTopLevelItem(_row(cells))
        chosen = self.table.topLevelItem(place)
        if chosen is not None:
            self.table.setCurrentItem(chosen)
        self._show_why()

    @property
    def package(self) -> ModelPackage | None:
        """The chosen model."""
        place = self.table.currentIndex().row()
        packages = self._workbench.models.every
        return packages[place] if 0 <= place < len(packages) else None

    def _item(self, package: ModelPackage) -> QTreeWidgetItem:
        site = self._workbench.site_models
        found = site.decision(package)
        thresholds = _thresholds(in_force(self._workbench, package).manifest)
        where = _("site") if found is not None and found.thresholds else _("manifest")
        cells = [
            package.manifest.name,
            package.algorithm.version,
            self._state(package),
            f"{thresholds} ({where})",
            _decided(found),
        ]
        return _row(cells)

    def _show_why(self) -> None:
        """A model that is set aside says why; for the others, what the site must know."""
        for button in self._on_model:
            button.setEnabled(self.package is not None)
        place = self.table.currentIndex().row() - len(self._workbench.models.every)
        aside = self._workbench.models.quarantined
        if 0 <= place < len(aside):
            self._words.setText(aside[place].reason)
        else:
            notes = self._workbench.site_models.notes(self._workbench.models.packages)
            self._words.setText("\n".join(notes))

    def _state(self, package: ModelPackage) -> str:
        """With a word where the other precision of the model is the one in use here."""
        said = state_text(self._workbench.site_models.state(package))
        in_use = package in self._workbench.models.packages
        return said if in_use else _("{state}, not in use").format(state=said)

    def _progress(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.addWidget(self._bar, 1)
        row.addWidget(self._cancel)
        return row

    def _acts(self) -> QHBoxLayout:
        row = QHBoxLayout()
        acts = (
            (_("Accept on local data…"), self._choose_labels),
            (_("Switch on"), lambda: self.switch(ModelState.ON)),
            (_("Into shadow"), lambda: self.switch(ModelState.SHADOW)),
            (_("Switch off"), lambda: self.switch(ModelState.OFF)),
            (_("Shadow figures"), self.show_shadow),
            (_("Save acceptance report…"), self._choose_report),
        )
        self._on_model = [_button(title, act) for title, act in acts]
        for button in self._on_model:
            row.addWidget(button)
        row.addStretch(1)
        row.addWidget(_button(_("Close"), self.close))
        return row

    def switch(self, state: ModelState, reason: str | None = None) -> None:
        """Let the chosen model run, run in shadow, or not, after an administrator's word and a reason."""
        package = self.package
        if package is None:
            return
        if reason is None:
            reason = self._asked_reason(state)
        if not reason or not agreed(self._workbench, _("Models are switched by an administrator.")):
            return
        try:
            acceptance.switch(self._workbench, package, state, reason)
        except ViewerError as error:
            self._words.setText(str(error))
        else:
            self.refresh()

    def _asked_reason(self, state: ModelState) -> str:
        given, answered = QInputDialog.getText(
            self, state_text(state), _("Why? The reason is recorded.")
        )
        return given.strip() if answered else ""

    def _choose_labels(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, _("Table of labelled images"), "", "CSV (*.csv)"
        )
        if chosen:
            self.measure(Path(chosen))

    def measure(self, table: Path) -> None:
        """Run the chosen model over a table of labels; then the figures are shown, to be signed."""
        package = self.package
        if package is None:
            return
        self._words.setText(_("Measuring {name}…").format(name=package.manifest.name))
        self._show_progress(0.0)
        listeners = Listeners(
            self._offer, self._fail, self._show_progress, lambda: self._show_progress(None)
        )
        acceptance.measure(self._workbench, package, table, listeners)

    def _offer(self, measured: Measured) -> None:
        if not isValid(self):
            return
        self._show_progress(None)
        self._words.setText("")
        if AcceptDialog(self, self._workbench, measured).exec() == QDialog.DialogCode.Accepted:
            self.refresh()

    def _fail(self, error: ViewerError) -> None:
        if isValid(self):
            self._show_progress(None)
            self._words.setText(str(error))

    def _show_progress(self, share: float | None) -> None:
        if isValid(self):
            self._bar.setValue(round(100 * (share or 0.0)))
            for widget in (self._bar, self._cancel):
                widget.setVisible(share is not None)

    def show_shadow(self) -> None:
        """How the chosen model did in shadow, against reports signed without sight of it."""
        package = self.package
        if package is not None:
            title = _("Shadow figures: {name}").format(name=package.manifest.name)
            limits = monitoring.limits(self._workbench)
            show = self._workbench.dialogs.show_text
            acceptance.shadow_words(
                self._workbench, package, limits, lambda text: show(title, text), self._fail
            )

    def _choose_report(self) -> None:
        package = self.package
        if package is None:
            return
        path = self._workbench.dialogs.choose_target(
            _("Acceptance report"), "acceptance.pdf", _("PDF (*.pdf);;JSON (*.json)")
        )
        if path is None:
            return
        path = path if path.suffix in (".pdf", ".json") else path.with_suffix(".pdf")
        try:
            acceptance.save_report(self._workbench, package, path)
        except ViewerError as error:
            self._words.setText(str(error))
        else:
            self._words.setText(_("Written to {path}.").format(path=path))


def _row(cells: list[str]) -> QTreeWidgetItem:
    item = QTreeWidgetItem(cells)
    for column, cell in enumerate(cells):
        item.setToolTip(column, cell)
    return item


def _about() -> str:
    return _(
        "A model that is on runs and is shown. In shadow it runs only after a report is signed, on that "
        "study; what it says is kept for comparison and shown nowhere. A decision holds for one version "
        "with one hash. Where a model offers an INT8 network, it has a line of its own; which of the two is "
        "in use is chosen in the AI menu."
    )


def _thresholds(manifest: Manifest) -> str:
    limits = manifest.operating_point.thresholds
    return ", ".join(f"{words(one.display)} > {limits[one.key]:g}" for one in manifest.findings)


def _decided(found: SiteModel | None) -> str:
    if found is None:
        return _("no decision yet")
    accepted = _("accepted") if found.acceptance_sha256 else _("not accepted on local data")
    who = found.by or _("unnamed")
    return f"{found.at:%Y-%m-%d} {who}: {accepted}. {found.reason}"


def _table() -> QTreeWidget:
    table = QTreeWidget()
    table.setRootIsDecorated(False)
    table.setHeaderLabels(
        [_("Model"), _("Version"), _("State"), _("Proposes above"), _("Last decision")]
    )
    for column, width in enumerate(COLUMN_PX):
        table.setColumnWidth(column, width)
    return table


def _button(title: str, act: Callable[[], object]) -> QPushButton:
    button = QPushButton(title)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: act())
    return button
