"""An asymmetric phantom through each shipped model's own preparation and back, within one source pixel.

However the film or the slices are stored: turned, mirrored, inverted, oblong, in any order of files. Models
of single films and of slices; the nodule model searches places, see tests/inference/tasks/test_detection.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from phantom_films import film
from phantom_series import Stack, frames

from viewer.base.paths import shipped_models
from viewer.dicom.volume_builder import build_volume
from viewer.domain.geometry import PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Photometric
from viewer.inference.manifest import Manifest, load_manifest
from viewer.inference.task import FrameTask, Reading, SeriesInput, known_tasks
from viewer.inference.tasks.segmentation import Segmentation

MANIFESTS = {
    path.parent.name: load_manifest(path)
    for path in sorted(shipped_models().glob("*/manifest.json"))
}
FILMS = [n for n, m in MANIFESTS.items() if isinstance(known_tasks()[m.task.kind], FrameTask)]
SLICES = [n for n, m in MANIFESTS.items() if isinstance(known_tasks()[m.task.kind], Segmentation)]

SPOTS = ((40, 60), (190, 90), (120, 230))
"""(column, row) on 300 rows of 240: none comes to lie on another by a flip or turn."""

POSITIONS = list(product(range(4), (False, True)))
GREY = 3800.0


def positioned(spot: tuple[int, int], turn: int, mirrored: bool) -> np.ndarray:
    column, row = spot
    stored = np.full((300, 240), 100.0)
    stored[row - 4 : row + 5, column - 4 : column + 5] = GREY
    turned = np.rot90(stored, turn)
    return np.ascontiguousarray(turned[:, ::-1] if mirrored else turned)


def film_of(stored: np.ndarray, photometric: Photometric, mm: tuple[float, float]) -> Frame:
    low_is_white = photometric is Photometric.MONOCHROME1
    values = (4095 - stored if low_is_white else stored).astype(np.uint16)
    spacing = PixelSpacing(*mm, SpacingEvidence.PIXEL_SPACING)
    return replace(film(), stored=values, bits_stored=12, photometric=photometric, spacing=spacing)


@pytest.mark.parametrize("mm", [(0.14, 0.14), (0.2, 0.1)])
@pytest.mark.parametrize("photometric", [Photometric.MONOCHROME1, Photometric.MONOCHROME2])
@pytest.mark.parametrize(("turn", "mirrored"), POSITIONS)
@pytest.mark.parametrize("name", FILMS)
def test_a_spot_on_a_film_comes_back_to_itself(
    name: str, turn: int, mirrored: bool, photometric: Photometric, mm: tuple[float, float]
) -> None:
    manifest = MANIFESTS[name]
    task = known_tasks()[manifest.task.kind]
    assert isinstance(task, FrameTask)
    for spot in SPOTS:
        stored = positioned(spot, turn, mirrored)
        prepared = task.prepare(film_of(stored, photometric, mm), unclipped(manifest))
        bright = prepared.tensor - prepared.tensor.min()
        rows, columns = np.indices(bright.shape)
        centre = np.array([[(columns * bright).sum(), (rows * bright).sum()]]) / bright.sum()
        found = prepared.image_from_tensor_px.apply(centre)
        true_rows, true_columns = np.nonzero(stored == GREY)
        truth = np.array([[true_columns.mean(), true_rows.mean()]])
        assert np.abs(found - truth).max() < 1.0


def unclipped(manifest: Manifest) -> Manifest:
    """The spot is smaller than the tail that the model's own percentiles cut off."""
    operations = tuple(
        {**one, "low": 0.0, "high": 100.0} if one["op"] == "clip_percentiles" else one
        for one in manifest.input.operations
    )
    return replace(manifest, input=replace(manifest.input, operations=operations))


X, Y = (1.0, 0.0, 0.0), (0.0, 1.0, 0.0)
HANGINGS = {
    f"rows to {'-' if a < 0 else ''}{'xy'[t]}, columns to {'-' if b < 0 else ''}{'yx'[t]}": (
        t,
        a,
        b,
    )
    for t, a, b in product((0, 1), (1, -1), (1, -1))
}
SPOT_MM, SPOT_SLICE, RADIUS_MM = (112.0, 61.0), 3, 9.0
"""In the patient, off every axis of the head around (90, 100)."""


def head(hanging: str, row_mm: float, column_mm: float) -> tuple[list[Frame], np.ndarray]:
    """Slices of a head with one bright spot, and the spot's (column, row) px on its slice."""
    turned, along, down = HANGINGS[hanging]
    across = tuple(along * v for v in (Y if turned else X))
    downward = tuple(down * v for v in (X if turned else Y))
    width, height = (200.0, 180.0) if turned else (180.0, 200.0)
    corner = [0.0, 0.0, 0.0]
    corner[1 if turned else 0] = 0.0 if along > 0 else width
    corner[0 if turned else 1] = 0.0 if down > 0 else height
    shape = (round(height / row_mm), round(width / column_mm))
    stack = Stack(6, *shape, 5.0, row_mm, column_mm, tuple(corner), across, downward)
    slices = [drawn(stack, number) for number in range(stack.count)]
    rows, columns = np.nonzero(slices[SPOT_SLICE] == 1000)
    return frames(stack, slices, unit=""), np.array([columns.mean(), rows.mean()])


def drawn(stack: Stack, number: int) -> np.ndarray:
    place = stack.lps_mm(number)
    x, y = place[..., 0], place[..., 1]
    values = np.zeros(x.shape, np.int32)
    values[np.hypot((x - 90) / 70, (y - 100) / 85) < 1] = 400
    if number == SPOT_SLICE:
        values[np.hypot(x - SPOT_MM[0], y - SPOT_MM[1]) < RADIUS_MM] = 1000
    return values


@pytest.mark.parametrize("mm", [(1.0, 1.0), (0.8, 1.1)])
@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("hanging", HANGINGS)
@pytest.mark.parametrize("name", SLICES)
def test_a_spot_on_a_slice_comes_back_to_itself_whatever_the_order_of_the_files(
    name: str, hanging: str, backwards: bool, mm: tuple[float, float]
) -> None:
    manifest = unstripped(unclipped(MANIFESTS[name]))
    shown, truth = head(hanging, *mm)
    ref = shown[SPOT_SLICE].ref
    volume = build_volume(shown[::-1] if backwards else shown)
    asked = Segmentation().ask(volume, manifest, lambda share: None)
    assert isinstance(asked, SeriesInput)
    spot = np.stack([brightest(one[0])[None] for one in asked.batch])
    ones = {o.tensor: np.ones((len(spot), 1), np.float32) for o in manifest.outputs[1:]}
    reading = asked.conclude({manifest.outputs[0].tensor: spot, **ones}, lambda share: None)
    assert isinstance(reading, Reading)
    (statement,) = reading.statements
    assert statement.ref is not None and statement.ref.place == ref.place
    box = np.array(statement.marks[0].points_px)
    assert np.abs((box.min(axis=0) + box.max(axis=0)) / 2 - truth).max() < 1.0


def brightest(tensor: np.ndarray) -> np.ndarray:
    """The spot of a slice that has one: brighter than half way from the head to the maximum."""
    head_level = np.median(tensor[tensor > tensor.min() + 0.05 * np.ptp(tensor)])
    return (tensor > (tensor.max() + head_level) / 2 + 0.01).astype(np.float32)


def unstripped(manifest: Manifest) -> Manifest:
    """The phantom is drawn, and no brain: what is tested here is its way through the preparation."""
    kept = {k: v for k, v in manifest.task.parameters.items() if k != "brain_only"}
    return replace(manifest, task=replace(manifest.task, parameters=kept))
