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
    assert (
        not dialog.take.isEnabled() and "Still open: Labels of the scores" in dialog.problem.text()
    )
    _field(dialog, "Labels of the scores, one a line").setPlainText("Normal\nPneumonia\nEffusion")
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


KNOWN = {
    "labels": ["Normal", "Pneumonia", "Effusion"],
    "modality": ["CR"],
    "normalisation": "unit",
    "activation": "sigmoid",
}
"""All but the threshold."""


@pytest.mark.parametrize("text", ["much", "1,5", "0.5, 0.7", "0"])
def test_a_threshold_that_is_none_is_named_as_wrong(qtbot: QtBot, text: str) -> None:
    dialog = _dialog(qtbot, _model(torch_like().SerializeToString(), **KNOWN))
    _field(dialog, "Proposed above").setText(text)
    assert "threshold" in dialog.problem.text() and not dialog.take.isEnabled()


def test_a_threshold_may_have_a_decimal_comma(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, _model(torch_like().SerializeToString(), **KNOWN))
    _field(dialog, "Proposed above").setText("0,5")
    assert dialog.given["threshold"] == 0.5 and dialog.take.isEnabled()


def test_a_modality_that_dicom_does_not_know_is_named(qtbot: QtBot) -> None:
    known = {**KNOWN, "threshold": 0.5, "modality": ["X-ray"]}
    dialog = _dialog(qtbot, _model(torch_like().SerializeToString(), **known))
    assert "X-RAY" in dialog.problem.text() and not dialog.take.isEnabled()


def test_contrast_and_shape_are_shown_with_what_is_taken_unasked(qtbot: QtBot) -> None:
    dialog = _dialog(qtbot, _model(torch_like().SerializeToString(), **KNOWN))
    assert (dialog.given["contrast"], dialog.given["aspect"]) == ("full", "stretch")
    box = _field(dialog, "Shape of the image")
    box.setCurrentIndex(1)
    assert dialog.given["aspect"] == "pad"


@pytest.mark.parametrize("text", ["224, 256", "224 x 256", "224 256"])
def test_a_size_is_read_as_it_is_written(qtbot: QtBot, text: str) -> None:
    free = torch_like(shape=("N", 3, "H", "W")).SerializeToString()
    dialog = _dialog(qtbot, _model(free, **KNOWN))
    _field(dialog, "Rows, columns").setText(text)
    assert dialog.given["size"] == [224, 256]
