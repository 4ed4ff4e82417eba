"""AcceptDialog: what a model showed on local images, the thresholds to choose from, a reason, a signature."""

from collections.abc import Iterator
from functools import partial
from html import escape

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from viewer.app import acceptance
from viewer.app.acceptance import Measured
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.inference.manifest import words
from viewer.inference.model_package import ModelPackage
from viewer.review.acceptance import ThresholdRow
from viewer.store.users import User
from viewer.ui.dialogs.credentials import CredentialsForm, NewUserForm, Warn
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.panels.fields import muted


class AcceptDialog(QDialog):
    """Shows every figure once more; an administrator signs, then the model is on."""

    def __init__(self, parent: QWidget | None, workbench: Workbench, measured: Measured) -> None:
        super().__init__(parent)
        self._workbench, self._measured = workbench, measured
        self.setWindowTitle(_("Accept a model for this site"))
        self.setMinimumSize(760, 620)
        self.choices: dict[str, QComboBox] = {}
        self.reason = QLineEdit()
        self.reason.setAccessibleName(_("Reason"))
        self.reason.setPlaceholderText(_("Why this model, and why at this threshold"))
        self._warn = Warn()
        accounts = workbench.accounts
        self._form = (
            CredentialsForm(accounts.suggested_name, accounts.users.wait_s)
            if accounts.exist
            else NewUserForm(workbench.reader)
        )
        layout = QVBoxLayout(self)
        layout.addWidget(self._figures(), 1)
        layout.addLayout(self._thresholds())
        meaning = QLabel(_(acceptance.MEANING))
        meaning.setWordWrap(True)
        layout.addWidget(meaning)
        layout.addWidget(muted(_("An administrator signs with user name and password.")))
        for widget in (self._form, self._warn):
            layout.addWidget(widget)
        layout.addWidget(self._buttons())
        self.reason.textChanged.connect(lambda _text: self._check())
        self._form.changed.connect(self._check)
        self._check()

    @property
    def thresholds(self) -> dict[str, float]:
        """What was chosen, by finding key."""
        return {key: box.currentData() for key, box in self.choices.items()}

    def _figures(self) -> QScrollArea:
        lines = [f"<p>{escape(line)}</p>" for line in _lines(self._measured)]
        text = QLabel("".join(lines))
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignTop)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setWidget(text)
        return area

    def _thresholds(self) -> QFormLayout:
        form = QFormLayout()
        manifest = self._measured.package.manifest
        for key, rows in self._measured.rows.items():
            if not rows:
                continue
            own = manifest.operating_point.thresholds[key]
            box = QComboBox()
            box.setAccessibleName(words(manifest.finding(key).display))
            for row in rows:
                box.addItem(_row_text(row, row.threshold == own), row.threshold)
            box.setCurrentIndex([row.threshold for row in rows].index(own))
            self.choices[key] = box
            form.addRow(words(manifest.finding(key).display), box)
        form.addRow(_("Reason"), self.reason)
        return form

    def _buttons(self) -> DialogButtons:
        buttons = DialogButtons(_("Sign and switch on"), self._try, self.reject)
        self._sign = buttons.primary
        return buttons

    def _check(self) -> None:
        self._sign.setEnabled(self._form.ready and bool(self.reason.text().strip()))
        self._sign.setDefault(True)

    def _try(self) -> None:
        user = self._signer()
        if user is None:
            return
        try:
            acceptance.accept(
                self._workbench, self._measured, self.thresholds, self.reason.text(), user
            )
        except ViewerError as error:
            self._warn.say(str(error))
        else:
            self.accept()

    def _signer(self) -> User | None:
        accounts = self._workbench.accounts
        if isinstance(self._form, CredentialsForm):
            return self._form.attempt(partial(accounts.prove_administrator, act="accept a model"))
        return self._form.attempt(accounts.create_first)


def _row_text(row: ThresholdRow, own: bool) -> str:
    named = _("above {threshold:g} (manifest)") if own else _("above {threshold:g}")
    return f"{named.format(threshold=row.threshold)}: {row.rates}"


def _lines(measured: Measured) -> Iterator[str]:
    figures, package = measured.figures, measured.package
    yield f"{package.manifest.name} {package.algorithm.version}, SHA-256 {package.algorithm.sha256}"
    yield _("{measured} of {images} images measured, {patients} patients").format(**figures)
    for title, kind in ((_("refused"), "not_applicable"), (_("failed"), "failed")):
        group = figures[kind]
        assert isinstance(group, dict)
        for reason, n in group["reasons"].items():
            yield f"{title} {n}: {reason}"
    for kind in ("findings", "masks"):
        group = figures[kind]
        assert isinstance(group, dict)
        for key, found in group.items():
            yield f"{_named(package, key)}: " + "; ".join(
                _told(name, one) for name, one in found.items()
            )


def _named(package: ModelPackage, key: str) -> str:
    """The finding in words; a label of a mask has its key alone."""
    known = {one.key: words(one.display) for one in package.manifest.findings}
    return known.get(key, key)


def _told(name: str, figure: object) -> str:
    """A figure with its interval, a count, or that there is none."""
    title = name.replace("_", " ")
    if not isinstance(figure, dict):
        return f"{title} {'-' if figure is None else figure}"
    if figure["value"] is None:
        return f"{title} -"
    low, high = figure["ci95"]
    ends = "" if low is None else f" ({low} to {high}, n {figure['n']})"
    return f"{title} {figure['value']}{ends}"
