"""What the model saw, and what its score hangs on, shown on demand and never of another patient."""

from pathlib import Path

import numpy as np
import pytest
from model_packages import SIDE

from viewer.app.commands.ai import cancel, occlude, seen
from viewer.app.open_study import open_paths
from viewer.app.second_look import OUTLINES, can_look
from viewer.app.workbench import ModelPicture, Workbench


@pytest.fixture
def read(bench: Workbench, two_patients: Path) -> Workbench:
    open_paths(bench, [two_patients / "jane.dcm"])
    bench.jobs.let_go()  # type: ignore[attr-defined]
    return bench


def shown(bench: Workbench) -> ModelPicture:
    picture: ModelPicture = bench.dialogs.model_picture  # type: ignore[attr-defined]
    return picture


def test_the_input_is_shown_at_its_own_size_with_outlines_and_operations(read: Workbench) -> None:
    seen(read)
    picture = shown(read)
    assert picture.picture.shape == (SIDE, SIDE, 3) and picture.picture.dtype == np.uint8
    assert (picture.picture == np.array(OUTLINES[0], np.uint8)).all(axis=2).any()
    assert picture.lines[0].startswith(f"The model read {SIDE} x {SIDE}")
    assert picture.lines[1:4] == (
        "1. invert monochrome1",
        "2. scale to unit",
        f"3. resize (rows {SIDE}, columns {SIDE}, aspect stretch)",
    )
    assert "Heart" in picture.lines[-1]


def test_the_occlusion_map_names_scale_and_what_it_is_not(read: Workbench) -> None:
    occlude(read)
    said = " ".join(shown(read).lines)
    assert "Fixed scale: change of 0 to 0.1. Shows influence, not a lesion outline." in said
    assert "no class activation map" in said
    assert not read.session.looking


def test_there_is_nothing_to_look_at_before_a_model_has_run(
    bench: Workbench, two_patients: Path
) -> None:
    assert not can_look(bench)
    open_paths(bench, [two_patients / "jane.dcm"])
    assert not can_look(bench)


def test_cancelling_ends_the_look(read: Workbench) -> None:
    read.session.looking = True
    cancel(read)
    assert not read.session.looking
