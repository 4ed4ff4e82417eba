"""Models of the site in the real window: nothing of a model in shadow shows; acceptance asks for a signature."""

import csv
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey, sign_as
from model_packages import phantom
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QDialog, QLabel, QPushButton
from readers import fill, sign_in
from visible_state import texts, visible_state

from viewer.app import acceptance
from viewer.base.paths import data_folder
from viewer.review.site_model import ModelState
from viewer.review.workflow import Stage
from viewer.ui.dialogs.exporting import ExportDialog
from viewer.ui.dialogs.signing import SignDialog
from viewer.ui.dialogs.site_models.accept_dialog import AcceptDialog
from viewer.ui.dialogs.site_models.window import SiteModelsWindow

KEY = "enlarged_cardiac_silhouette"
LARGE = (0.22, 0.70)
MODEL = "Heart size of a phantom"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    return write_film(tmp_path / "film.dcm", grey(LARGE))


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    path = tmp_path / "labels.csv"
    with path.open("w", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["file", "patient", KEY])
        for number, heart in enumerate(((0.38, 0.86), (0.42, 0.66))):
            values = np.round(phantom(160, 160, heart) * 255).astype(np.uint8)
            Image.fromarray(values).save(tmp_path / f"{number}.png")
            rows.writerow([f"{number}.png", f"p{number}", 1 - number])
    return path


@pytest.fixture
def reader(make_program: Callable[[], Reader], phantom_model: Path) -> Reader:
    return make_program()


def opened(reader: Reader) -> SiteModelsWindow:
    reader.program.window.actions_of.by_key["ai.site_models"].trigger()
    (window,) = reader.program.window.findChildren(SiteModelsWindow)
    return window


def said(window: QDialog) -> str:
    return "\n".join(label.text() for label in window.findChildren(QLabel))


def test_nothing_of_a_model_in_shadow_shows_before_or_after_the_signature(
    reader: Reader, film: Path
) -> None:
    bench = reader.program.workbench
    (package,) = bench.models.packages
    acceptance.switch(bench, package, ModelState.SHADOW, "being tried")
    reader.open(film)
    before = texts(visible_state(reader.program.window))
    reader.answer(sign_as("Dr Li"), SignDialog)
    reader.answer(lambda dialog: dialog.reject(), ExportDialog)
    reader.press(Qt.Key.Key_X)
    reader.press(Qt.Key.Key_F8)
    assert reader.case.stage is Stage.SIGNED
    reader.wait(lambda: bool(list(bench.shadow.compared())))
    ((run, report),) = bench.shadow.compared()
    assert run.findings
    after = texts(visible_state(reader.program.window))
    for state in (before, after):
        assert "switched no model on" in state
        for word in (MODEL, "cardiac silhouette", run.run_uid):
            assert word not in state
    assert report.runs == () and report.findings == ()
    heatmaps = bench.heatmaps.load(run.run_uid, {})
    assert heatmaps == ()


def test_acceptance_shows_the_figures_asks_for_a_reason_and_a_password_and_switches_on(
    reader: Reader, labels: Path
) -> None:
    window = opened(reader)
    shown: list[str] = []

    def accept(dialog: QDialog) -> None:
        assert isinstance(dialog, AcceptDialog)
        shown.append(said(dialog))
        box = dialog.choices[KEY]
        shown.extend(box.itemText(place) for place in range(box.count()))
        box.setCurrentIndex(0)
        fill(dialog, Reason="Measured on our own films.")
        sign_in(dialog, "Dr Li")

    reader.answer(accept, AcceptDialog)
    window.measure(labels)
    site = reader.program.workbench.site_models
    (package,) = reader.program.workbench.models.packages
    reader.wait(lambda: site.decision(package) is not None)
    decision = site.decision(package)
    assert decision is not None
    assert (decision.state, decision.by, decision.reason) == (
        ModelState.ON,
        "Dr Li",
        "Measured on our own films.",
    )
    assert site.store.acceptance(decision.acceptance_sha256) is not None
    assert "2 of 2 images measured" in shown[0]
    assert "auroc 1.0" in shown[0]
    assert any("(manifest): sensitivity 100%" in one for one in shown)
    item = window.table.topLevelItem(0)
    assert item is not None
    assert item.text(2) == "on"
    assert "Dr Li: accepted" in item.text(4)


def test_without_a_reason_nothing_can_be_signed(reader: Reader, labels: Path) -> None:
    window = opened(reader)
    enabled: list[bool] = []

    def look(dialog: QDialog) -> None:
        assert isinstance(dialog, AcceptDialog)
        fill(dialog, Name_of_the_reader="Dr Li", Password="correct horse")
        fill(dialog, Password_again="correct horse")
        enabled.append(dialog._sign.isEnabled())
        fill(dialog, Reason="Because.")
        enabled.append(dialog._sign.isEnabled())
        dialog.reject()

    reader.answer(look, AcceptDialog)
    window.measure(labels)
    reader.wait(lambda: len(enabled) == 2)
    assert enabled == [False, True]
    (package,) = reader.program.workbench.models.packages
    assert reader.program.workbench.site_models.decision(package) is None


def test_a_table_that_cannot_be_read_is_said_in_the_window(reader: Reader, tmp_path: Path) -> None:
    window = opened(reader)
    window.measure(tmp_path / "none.csv")
    reader.wait(lambda: "cannot be read" in said(window))


def test_a_new_version_is_asked_about_in_the_panel_and_the_status_bar(
    make_program: Callable[[], Reader], phantom_model: Path, film: Path
) -> None:
    first = make_program()
    bench = first.program.workbench
    (package,) = bench.models.packages
    acceptance.switch(bench, package, ModelState.ON, "first")
    decision = bench.site_models.decision(package)
    assert decision is not None
    bench.site_models.decide(replace(decision, thresholds={KEY: 0.3}))
    manifest = data_folder() / "models" / "phantom_reader" / "manifest.json"
    manifest.write_text(manifest.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    reader = make_program()
    reader.open(film)
    assert "was chosen for version 1.0.0" in reader.words()
    assert "waits for the site's decision" in texts(visible_state(reader.program.window))
    (finding,) = reader.case.proposed
    assert finding.operating_point is not None
    assert finding.operating_point.name != "site"


def test_the_choice_of_thresholds_is_named_for_those_who_do_not_see_it(
    reader: Reader, labels: Path
) -> None:
    names: list[str] = []

    def look(dialog: QDialog) -> None:
        names.extend(box.accessibleName() for box in dialog.findChildren(QComboBox))
        dialog.reject()

    reader.answer(look, AcceptDialog)
    opened(reader).measure(labels)
    reader.wait(lambda: bool(names))
    assert names == ["Enlarged cardiac silhouette"]


def test_a_model_that_is_set_aside_is_listed_with_its_reason_and_nothing_can_be_done_with_it(
    make_program: Callable[[], Reader], phantom_model: Path
) -> None:
    (phantom_model / "LICENSE").unlink()
    window = opened(make_program())
    row = window.table.topLevelItemCount() - 1
    window.table.setCurrentItem(window.table.topLevelItem(row))
    assert window.table.topLevelItem(row).text(2) == "set aside"
    assert "LICENSE: it is missing" in said(window)
    named = {button.text(): button.isEnabled() for button in window.findChildren(QPushButton)}
    assert not named["Switch on"] and not named["Accept on local data…"] and named["Close"]
