"""The import form asks only what the network leaves open, and waits until that is answered."""

from pathlib import Path

import pytest
from bare_classifiers import keras_like, torch_like
from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from viewer.app.bare_model import BareModel
from viewer.inference.importing.answers import answered
from viewer.inference.importing.graph import examine
from viewer.ui.dialogs.import_dialog import ImportDialog


def _model(network: bytes, **known: object) -> BareModel:
    return BareModel(Path("lungs.onnx"), network, examine(network), {"name": "lungs", **known})


def _dialog(qtbot: QtBot, model: BareModel) -> ImportDialog:
    dialog = ImportDialog(None, model)
    qtbot.addWidget(dialog)
    return dialog


def _field(dialog: ImportDialog, name: str) -> QWidget:
    kinds = (QLineEdit, QPlainTextEdit, QComboBox)
    found = [field for kind in kinds for field in dialog.findChildren(kind)]
    return next(field for field in found if field.accessibleName() == name)


def _names(dialog: ImportDialog) -> set[str]:
    return {widget.accessibleName() for widget in dialog.findChildren(QWidget)} - {""}


def test_the_form_waits_for_every_answer(qtbot: QtBot) -> None:
    model = _model(torch_like().SerializeToString())
    dialog = _dialog(qtbot, model)
    assert not dialog.take.isEnabled() and "Still open: Scores" in dialog.problem.text()
    _field(dialog, "Scores, one a line").setPlainText("Normal\nPneumonia\nEffusion")
    _field(dialog, "Modality").setText("CR, DX")
    _field(dialog, "Proposed above").setText("0.4")
    for name, words in (("Grey values", "ImageNet"), ("Numbers become scores by", "Softmax")):
        box = _field(dialog, name)
        texts = [box.itemText(index) for index in range(box.count())]
        assert not dialog.take.isEnabled()
        box.setCurrentIndex(next(i for i, text in enumerate(texts) if text.startswith(words)))
    assert dialog.take.isEnabled() and dialog.problem.text() == ""
    found = answered(model.graph, dialog.given)
    assert found.modality == ("CR", "DX") and found.body_part == ()
    assert dict(found.thresholds) == {"pneumonia": 0.4, "effusion": 0.4}


def test_what_the_network_says_is_not_asked(qtbot: QtBot) -> None:
    names = _names(_dialog(qtbot, _model(keras_like().SerializeToString())))
    assert not names & {"Layout", "Channels", "Rows, columns", "Numbers become scores by"}
    free = torch_like(shape=("N", 3, "H", "W")).SerializeToString()
    assert "Rows, columns" in _names(_dialog(qtbot, _model(free)))


def test_a_wrong_number_of_labels_is_said_at_once(qtbot: QtBot) -> None:
    known = {
        "labels": ["Pneumonia"],
        "modality": ["CR"],
        "normalisation": "unit",
        "activation": "sigmoid",
        "threshold": 0.5,
    }
    dialog = _dialog(qtbot, _model(torch_like().SerializeToString(), **known))
    assert "3 scores, but 1 labels" in dialog.problem.text()
    assert not dialog.take.isEnabled()


@pytest.mark.parametrize("text", ["much", "", "1,5"])
def test_a_threshold_that_is_no_number_is_not_taken(qtbot: QtBot, text: str) -> None:
    dialog = _dialog(qtbot, _model(torch_like().SerializeToString()))
    _field(dialog, "Proposed above").setText(text)
    assert dialog.given.get("threshold") in (None, 1)
    assert not dialog.take.isEnabled()
