"""ImportDialog: asks what the graph of a bare classifier cannot say; what it says is only shown."""

import re
from collections.abc import Callable, Mapping

from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QFormLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from viewer.app.bare_model import BareModel
from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.importing.answers import DEFAULTS, Given, answered, known_from, open_questions
from viewer.ui.dialogs.dialog_buttons import DialogButtons
from viewer.ui.panels.fields import muted

CHOICES: Mapping[str, tuple[tuple[str, object], ...]] = {
    "normalisation": (
        ("0 to 1", "unit"),
        ("-1 to 1", "minus_one_to_one"),
        ("0 to 255", "eight_bit"),
        ("ImageNet's mean and standard deviation", "imagenet"),
    ),
    "activation": (
        ("Sigmoid: each label by itself", "sigmoid"),
        ("Softmax: one label excludes the others", "softmax"),
        ("None: they are scores already", "none"),
    ),
    "layout": (("NCHW (torch)", "NCHW"), ("NHWC (Keras)", "NHWC")),
    "channels": (("Grey", 1), ("Colour: gets the grey image three times", 3)),
    "contrast": (
        ("From the darkest to the brightest pixel", "full"),
        ("Without the darkest and the brightest 1 %", "percentiles"),
    ),
    "aspect": (
        ("Stretched to the network's shape", "stretch"),
        ("Kept, with black borders", "pad"),
    ),
}
"""Questions with few answers: words, and the answer."""

LISTS = ("modality", "body_part", "view")
"""Questions answered by words with commas between."""

WORDS: Mapping[str, tuple[str, str]] = {
    "name": ("Name", ""),
    "labels": ("Labels of the scores, one a line", "Normal\nPneumonia"),
    "modality": ("Modality", "CR, DX"),
    "body_part": ("Body part", "CHEST; empty: any"),
    "view": ("View", "PA, AP; empty: any"),
    "normalisation": ("Grey values", ""),
    "activation": ("Numbers become scores by", ""),
    "contrast": ("Contrast", ""),
    "aspect": ("Shape of the image", ""),
    "threshold": ("Proposed above", "0.5"),
    "size": ("Rows, columns", "224, 224"),
    "layout": ("Layout", ""),
    "channels": ("Channels", ""),
    "output": ("Output with the scores", ""),
}
"""How a question is written, and an example."""


class ImportDialog(QDialog):
    """The Import button waits until everything is answered and nothing contradicts the network."""

    def __init__(self, parent: QWidget | None, model: BareModel) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Import a model"))
        self.setMinimumWidth(560)
        self._model = model
        self._said = known_from(model.graph, {})
        self._fields = {name: self._field(name) for name in WORDS if name not in self._said}
        form = QFormLayout()
        for name, field in self._fields.items():
            title = _(WORDS[name][0])
            field.setAccessibleName(title)
            form.addRow(title, field)
        self.problem = muted("")
        buttons = self._buttons()
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(muted(_summary(model, self._said)))
        layout.addLayout(form)
        layout.addWidget(self.problem)
        layout.addWidget(
            muted(
                _(
                    "It is marked as imported and not measured; its scores are no probabilities and it "
                    "shows no map. Measure it with `secondread models evaluate` before you trust it."
                )
            )
        )
        layout.addWidget(buttons)
        self._check()

    @property
    def given(self) -> Given:
        """The answers as JSON has them; a field left empty is not among them, unless that means any."""
        found = {name: _answer(name, field) for name, field in self._fields.items()}
        return {
            **{name: kept for name, kept in self._model.known.items() if name not in found},
            **{name: answer for name, answer in found.items() if answer is not None},
        }

    def _field(self, name: str) -> QWidget:
        known, example = self._model.known.get(name), WORDS[name][1]
        choices = _choices(name, self._model)
        if choices:
            box = QComboBox()
            if name not in DEFAULTS:
                box.addItem(_("Choose…"), None)
            for words, value in choices:
                box.addItem(_(words), value)
            box.setCurrentIndex(max(box.findData(known), 0))
            box.currentIndexChanged.connect(lambda _index: self._check())
            return box
        if name == "labels":
            lines = QPlainTextEdit(_as_lines(known))
            lines.setPlaceholderText(example)
            lines.setFixedHeight(92)
            lines.setTabChangesFocus(True)
            lines.textChanged.connect(self._check)
            return lines
        line = QLineEdit(_as_text(known))
        line.setPlaceholderText(_(example))
        line.textChanged.connect(lambda _text: self._check())
        return line

    def _buttons(self) -> DialogButtons:
        buttons = DialogButtons(_("Import"), self.accept, self.reject)
        self.take = buttons.primary
        return buttons

    def _check(self) -> None:
        open_ones = open_questions(self._model.graph, self.given)
        if open_ones:
            titles = ", ".join(_(WORDS[name][0]) for name in open_ones)
            self.problem.setText(_("Still open: {titles}.").format(titles=titles))
            self.take.setEnabled(False)
            return
        try:
            answered(self._model.graph, self.given)
        except ModelError as error:
            self.problem.setText(str(error))
            self.take.setEnabled(False)
        else:
            self.problem.setText("")
            self.take.setEnabled(True)
            self.take.setDefault(True)


def _choices(name: str, model: BareModel) -> tuple[tuple[str, object], ...]:
    if name == "output":
        return tuple((output.name, output.name) for output in model.graph.outputs)
    return CHOICES.get(name, ())


def _summary(model: BareModel, said: Given) -> str:
    facts = {
        "layout": _("layout {value}"),
        "channels": _("{value} channels"),
        "size": _("rows and columns {value}"),
        "output": _("scores in {value}"),
        "scores": _("{value} scores"),
        "activation": _("they are scores already"),
    }
    known = {**said, **_width(model)}
    told = [
        words.format(value=_as_text(known[name])) for name, words in facts.items() if name in known
    ]
    return _("{file} says: {facts}. Only what it does not say is asked.").format(
        file=model.file.name, facts=", ".join(told)
    )


def _width(model: BareModel) -> Given:
    """How many scores there are, where every output has as many."""
    widths = {output.shape[1] for output in model.graph.outputs}
    return {"scores": widths.pop()} if len(widths) == 1 and None not in widths else {}


def _answer(name: str, field: QWidget) -> object:
    """None where nothing is answered."""
    if isinstance(field, QComboBox):
        return field.currentData()
    if isinstance(field, QPlainTextEdit):
        return [line.strip() for line in field.toPlainText().splitlines() if line.strip()] or None
    text = field.text().strip() if isinstance(field, QLineEdit) else ""
    if name in LISTS:
        words = [word.strip() for word in text.split(",") if word.strip()]
        return None if name == "modality" and not words else words
    if name in NUMBERS and text:
        return NUMBERS[name](text)
    return text or None


def _threshold(text: str) -> object:
    """With a decimal point or comma; what is no number is kept, so that it is named as wrong."""
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text


def _size(text: str) -> object:
    """Rows and columns, with a comma, a cross or a blank between."""
    parts = re.split(r"[\s,x×]+", text)
    return [int(part) for part in parts] if all(part.isdecimal() for part in parts) else text


NUMBERS: Mapping[str, Callable[[str], object]] = {"threshold": _threshold, "size": _size}
"""Questions answered by numbers, and how these are read."""


def _as_lines(known: object) -> str:
    labels = known if isinstance(known, list) else []
    return "\n".join(str(one["display"] if isinstance(one, dict) else one) for one in labels)


def _as_text(known: object) -> str:
    if isinstance(known, list | tuple):
        return ", ".join(str(one) for one in known)
    return "" if known is None else str(known)
