"""The shipped network on real films: the demo film everywhere, films with known ratios where they are."""

import csv
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from end_to_end_steps import Reader
from PIL import Image
from PySide6.QtCore import Qt

from viewer.app.heatmaps import shown_heatmaps
from viewer.dicom.demo import demo_paths
from viewer.domain.finding import RunState
from viewer.review.decision import Verdict

RATIO_ERROR = 0.05
"""Above the limits of agreement of the model card (-0.040 to +0.053)."""


def test_the_demo_film_is_measured_inside_the_image_and_its_map_lies_on_it(
    make_program: Callable[[], Reader],
) -> None:
    reader = make_program()
    reader.open(*demo_paths())
    runs = [run for run in reader.case.runs.values() if run.state is RunState.DONE]
    stated = [finding for run in runs for finding in (*run.findings, *run.below)]
    (finding,) = stated
    assert finding.score is not None
    assert 0.4 < finding.score.value < 0.6
    assert finding.localization is not None
    for mark in finding.localization.marks:
        (left, top), (right, bottom) = mark.points_px
        assert 0 < left < right < 1841
        assert 0 < top == bottom < 1955
    reader.session.set_overlay(visible=True, below=True)
    assert {one.label for one in shown_heatmaps(reader.program.workbench)} == {"Heart", "Lungs"}


@pytest.fixture
def films_with_known_ratio(shared_data: Path, tmp_path: Path) -> dict[int, float]:
    """Two real films, a large and a normal heart, as DX files; number to published ratio."""
    folder = shared_data / "chest_xray_heart"
    with (folder / "ctr_ground_truth.csv").open() as table:
        rows = [row for row in csv.DictReader(table) if (folder / "png" / row["id"]).exists()]
    rows.sort(key=lambda row: float(row["ctr"]))
    chosen = {1: rows[len(rows) // 12], 2: rows[-5], 3: rows[-26]}
    for number, row in chosen.items():
        with Image.open(folder / "png" / row["id"]) as film:
            grey = np.asarray(film.convert("L")).astype(np.uint16) * 16
        write_film(tmp_path / f"film{number}.dcm", grey, number=number)
    return {number: float(row["ctr"]) for number, row in chosen.items()}


def test_real_films_get_their_published_ratio_one_is_confirmed_and_one_overridden(
    make_program: Callable[[], Reader], films_with_known_ratio: dict[int, float], tmp_path: Path
) -> None:
    reader = make_program()
    reader.open(tmp_path)
    runs = list(reader.case.runs.values())
    assert [run.state for run in runs] == [RunState.DONE] * 3
    for run, published in zip(runs, films_with_known_ratio.values(), strict=True):
        (finding,) = (*run.findings, *run.below)
        assert finding.score is not None
        assert finding.score.value == pytest.approx(published, abs=RATIO_ERROR)
    assert len(reader.case.proposed) == 2
    reader.press(Qt.Key.Key_N)
    reader.press(Qt.Key.Key_C)
    reader.press(Qt.Key.Key_O)
    assert [one.verdict for one in reader.case.decisions.values()] == [
        Verdict.CONFIRMED,
        Verdict.REJECTED,
    ]
