"""Fields that the forms of these windows are made of, each with the name that a screen reader says."""

from collections.abc import Callable

from PySide6.QtWidgets import (
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QWidget,
)

from viewer.base.i18n import _

HIGHEST_PORT = 65535


def text_field(name: str, hint: str = "") -> QLineEdit:
    """A line of text."""
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setPlaceholderText(hint)
    return field


def port_field(name: str) -> QSpinBox:
    """A port of TCP."""
    return number_field(name, 1, HIGHEST_PORT)


def number_field(name: str, least: int, most: int, unit: str = "") -> QSpinBox:
    """A whole number with its unit."""
    field = QSpinBox()
    field.setRange(least, most)
    field.setSuffix(f" {unit}" if unit else "")
    field.setAccessibleName(name)
    field.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
    return field


def choice_field(name: str, choices: dict[object, str]) -> QComboBox:
    """A list; the data of each entry is the key of `choices`."""
    field = QComboBox()
    field.setAccessibleName(name)
    for value, words in choices.items():
        field.addItem(words, value)
    return field


def choose(field: QComboBox, value: object) -> None:
    """Select the entry whose data is `value`."""
    field.setCurrentIndex(max(field.findData(value), 0))


def file_field(field: QLineEdit) -> QWidget:
    """`field` with a button that asks for a file."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(field, 1)
    layout.addWidget(plain_button(_("Browse…"), lambda: _ask_for_file(field)))
    return row


def plain_button(words: str, act: Callable[[], object]) -> QPushButton:
    """A button that Enter in a field does not press."""
    button = QPushButton(words)
    button.setAutoDefault(False)
    button.clicked.connect(lambda _checked=False: act())
    return button


def _ask_for_file(field: QLineEdit) -> None:
    file, _filter = QFileDialog.getOpenFileName(field, _("Choose a file"), field.text())
    if file:
        field.setText(file)
