"""A sheet shows what a model of series was asked about, up to twelve inputs, none of them twice."""

from pathlib import Path

import numpy as np
import pytest
from series_packages import SLICE, build_segmenter, of_films

from viewer.app.commands.ai import seen
from viewer.app.open_study import open_paths
from viewer.app.second_look import can_look, can_see
from viewer.app.seen_series import ACROSS, MOST_SHOWN, chosen, sheet
from viewer.app.workbench import ModelPicture, Workbench
from viewer.inference.model_store import ModelStore


def test_few_inputs_are_all_shown_and_many_evenly() -> None:
    assert chosen(3) == [0, 1, 2]
    many = chosen(111)
    assert len(many) == MOST_SHOWN and many[0] == 0 and many[-1] == 110


@pytest.mark.parametrize("count", [1, 3, 4, 5, 40])
def test_each_input_lies_at_its_own_place(count: int) -> None:
    batch = np.arange(count, dtype=np.float32)[:, None, None] * np.ones((1, 5, 7), np.float32)
    picture = sheet(batch)
    kept = chosen(count)
    for place, number in enumerate(kept):
        row, column = divmod(place, ACROSS)
        found = picture[row * 5 : row * 5 + 5, column * 7 : column * 7 + 7]
        assert found.shape == (5, 7, 3)
        assert (found == round(255 * number / max(count - 1, 1e-6))).all()


def test_the_input_of_a_series_is_shown_with_how_it_was_made(
    bench: Workbench, two_patients: Path, tmp_path: Path
) -> None:
    build_segmenter(tmp_path / "shelf" / "segmenter", of_films)
    bench.models.take(ModelStore([tmp_path / "shelf"]))
    open_paths(bench, [two_patients / "jane.dcm"])
    bench.jobs.let_go()  # type: ignore[attr-defined]
    assert can_see(bench) and not can_look(bench)
    seen(bench)
    bench.jobs.let_go()  # type: ignore[attr-defined]
    picture: ModelPicture = bench.dialogs.model_picture  # type: ignore[attr-defined]
    assert picture.picture.shape == (SLICE, SLICE, 3)
    assert picture.lines[0].startswith(f"The model read {SLICE} x {SLICE}, made from the file by:")
    assert picture.lines[-1].startswith("3. resize")
