"""A head is brought to the MNI space and its findings back onto its own slices; in doubt it is refused."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from phantom_series import HEAD_FLAIR, Stack, frames
from scipy import ndimage
from series_packages import build_segmenter
from series_runs import analyzed

from viewer.base.errors import Cancelled
from viewer.base.paths import resource
from viewer.dicom.volume_builder import build_volume
from viewer.domain.finding import RunState
from viewer.domain.image import Frame
from viewer.domain.volume import Volume
from viewer.inference import alignment, brain_space
from viewer.inference.alignment import Alignment, matrix_of
from viewer.inference.brain_limits import BrainSpace, declared
from viewer.inference.brain_space import Brought
from viewer.inference.brain_template import ACROSS_LPS_MM, DOWN_LPS_MM, TEMPLATE, template_head
from viewer.inference.manifest import load_manifest
from viewer.inference.model_store import load_package
from viewer.inference.package_checks import manifest_problems
from viewer.inference.task import Refusal

LIMITS = {
    "template": "mni152_head_2mm",
    "levels_mm": [12, 22],
    "least_similarity": 1.1,
    "least_lead": 0.01,
    "most_spread_mm": 3.0,
    "scale": [0.8, 1.2],
    "most_turn_deg": 35,
    "brain_ml": [1000, 2400],
    "least_covered": 0.85,
    "most_white_to_grey": 1.17,
    "most_fluid_to_grey": 0.85,
}
WANTED = declared({"brain_space": LIMITS})
assert WANTED is not None

SIZE = {"width_mm": [115, 165], "length_mm": [150, 205]}

TRUE = matrix_of(
    np.array([12.0, -20.0, 9.0, 0.16, -0.07, 0.1, -0.05, 0.03, -0.02, 0.01, 0.0, 0.02]), np.eye(3)
)
"""Template to patient: moved, nodding by 9, turned by 6 degrees, of another size."""

OBLIQUE = Stack(
    30, 72, 60, 5.5, 3.2, 3.6, (-108.0, -125.0, -66.0), (0.998, 0.06, 0.0), (-0.0586, 0.976, 0.21)
)
"""Slices of 5.5 mm with oblong pixels, planned askew."""

BOX_MM = np.array([[20.0, 50.0], [10.0, 30.0], [6.0, 28.0]])
"""Of the template's space, LPS: the patient's left, behind the middle; across all levels read."""


def head(stack: Stack = OBLIQUE, bright: bool = False) -> list[Frame]:
    """The template as a scanner would have shown it in TRUE, with some noise; with a bright box or not."""
    template = template_head().head
    noise, slices = np.random.default_rng(7), []
    for index in range(stack.count):
        place = _template_mm(stack, index)
        to_voxel = np.linalg.inv(template.space_mm_from_ijk)
        ijk = to_voxel[:3, :3] @ place.T + to_voxel[:3, 3:]
        values = ndimage.map_coordinates(template.values, ijk, order=1) * 2
        if bright:
            values[_boxed(place)] = 1000
        noisy = np.maximum(values + noise.normal(0, 8, values.shape), 0)
        slices.append(np.rint(noisy).reshape(stack.rows, stack.columns).astype(np.int32))
    return frames(stack, slices, unit="")


def _template_mm(stack: Stack, index: int) -> np.ndarray:
    place = stack.lps_mm(index).reshape(-1, 3)
    back = np.linalg.inv(TRUE)
    return place @ back[:3, :3].T + back[:3, 3]


def _boxed(place: np.ndarray) -> np.ndarray:
    inside: np.ndarray = ((place >= BOX_MM[:, 0]) & (place <= BOX_MM[:, 1])).all(axis=1)
    return inside


@pytest.fixture(scope="module")
def volume() -> Volume:
    return build_volume(head())


@pytest.fixture(scope="module")
def told() -> list[float]:
    return []


@pytest.fixture(scope="module")
def found(volume: Volume, told: list[float]) -> Alignment:
    native, template = brain_space.native_grid(volume, lambda share: None), template_head()
    assert native is not None
    return alignment.align(native, template.head, template.compared, told.append)


@pytest.fixture
def aligned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The true place, so that what follows an alignment is tried without searching again."""
    known = Alignment(TRUE, similarity=1.2, rival=1.1, spread_mm=0.5)
    monkeypatch.setattr(brain_space, "align", lambda *asked: known)


def brought(volume: Volume, **limits: object) -> Brought | Refusal:
    assert WANTED is not None
    return brain_space.bring(volume, replace(WANTED, **limits), lambda share: None)


def test_a_turned_and_stretched_head_is_found_within_two_millimetres(found: Alignment) -> None:
    template = template_head()
    ijk = np.argwhere(template.brain)[::97]
    mm = template.head.space_mm_from_ijk @ np.c_[ijk, np.ones(len(ijk))].T
    apart = np.linalg.norm(((found.patient_from_template - TRUE) @ mm)[:3], axis=0)
    assert apart.mean() < 1.0
    assert apart.max() < 2.0
    assert found.spread_mm < 2.0


def test_a_head_fits_better_as_it_lies_than_turned_over(found: Alignment) -> None:
    assert found.similarity > found.rival + 0.05


def test_progress_rises_to_the_end(found: Alignment, told: list[float]) -> None:
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(told) > 100


def test_a_cancelled_search_stops_at_the_next_comparison(volume: Volume) -> None:
    calls: list[float] = []

    def tell(share: float) -> None:
        calls.append(share)
        raise Cancelled

    with pytest.raises(Cancelled):
        assert WANTED is not None
        brain_space.bring(volume, WANTED, tell)
    assert len(calls) == 1


@pytest.mark.usefixtures("aligned")
def test_planes_show_the_brain_alone_with_its_front_above_and_its_left_on_the_right(
    volume: Volume,
) -> None:
    bright = brought(build_volume(head(bright=True)))
    plain = brought(volume)
    assert isinstance(bright, Brought) and isinstance(plain, Brought)
    assert bright.planes.shape == (11, 189, 156)
    assert (plain.planes[5] > 0).mean() == pytest.approx(0.73, abs=0.05)
    rows, columns = np.nonzero(bright.planes[5] > 800)
    assert np.median(columns) == pytest.approx(35 - ACROSS_LPS_MM[0], abs=2)
    assert np.median(rows) == pytest.approx(20 - DOWN_LPS_MM[0], abs=2)


STACKS = {
    "askew": OBLIQUE,
    "turned by half": Stack(
        30, 72, 64, 5.5, 3.2, 3.6, (118.0, 95.0, -66.0), (-1.0, 0.0, 0.0), (0.0, -1.0, 0.0)
    ),
    "on its side": Stack(
        30, 64, 80, 5.5, 3.6, 3.2, (-104.0, -130.0, 96.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)
    ),
    "fine": Stack(40, 180, 160, 4.0, 1.3, 1.3, (-92.0, -140.0, -62.0)),
}


FEW_PX = 8
"""Fewer pixels of the box, where a slice grazes the planes, may be lost between two of them."""


@pytest.mark.usefixtures("aligned")
@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("reverse", [False, True])
def test_a_bright_place_comes_back_within_a_pixel(tmp_path: Path, name: str, reverse: bool) -> None:
    stack = STACKS[name]
    shown = head(stack, bright=True)
    analysis = _read(tmp_path, shown[::-1] if reverse else shown)
    assert analysis.run.state is RunState.DONE, analysis.run.reason
    maps = {heatmap.ref.place: heatmap for heatmap in analysis.heatmaps}
    asked = 0
    for index, frame in enumerate(shown):
        place = _template_mm(stack, index)
        read = _boxed(place) & (place[:, 2] >= 11.5) & (place[:, 2] <= 22.5)
        true = read.reshape(stack.rows, stack.columns)
        if true.sum() < FEW_PX:
            continue
        asked += 1
        outlined = maps[frame.ref.place].values > 0.5
        for axis in (0, 1):
            ends = np.flatnonzero(true.any(axis=axis))[[0, -1]]
            reached = np.flatnonzero(outlined.any(axis=axis))[[0, -1]]
            assert np.abs(ends - reached).max() <= 1, (index, axis)
    assert asked
    assert any("aligned the head" in words for words in analysis.run.warnings)
    assert "Never measured on such series." in analysis.run.warnings


@pytest.mark.usefixtures("aligned")
def test_the_volume_is_that_of_the_part_within_the_levels(tmp_path: Path) -> None:
    stack = STACKS["fine"]
    (finding,) = _read(tmp_path, head(stack, bright=True)).run.findings
    ml = float(finding.label.removeprefix("Brain tumour, ").removesuffix(" ml"))
    places = np.concatenate([_template_mm(stack, index) for index in range(stack.count)])
    read = _boxed(places) & (places[:, 2] >= 11.5) & (places[:, 2] <= 22.5)
    assert ml == pytest.approx(read.sum() * 4.0 * 1.3 * 1.3 / 1000, rel=0.15)


def _read(folder: Path, shown: list[Frame]):
    def change(manifest: dict) -> None:
        manifest["task"]["parameters"] |= {
            "brain_space": LIMITS | {"caution": "Never measured on such series."},
            "brain_only": SIZE,
        }
        manifest["input"]["operations"][0] = {"op": "window", "low": 0, "high": 1320}

    package = load_package(build_segmenter(folder / "segmenter", change))
    return analyzed(package, HEAD_FLAIR, shown)


SURE = Alignment(np.eye(4), similarity=1.2, rival=1.1, spread_mm=1.0)
NODDED = matrix_of(np.array([0, 0, 0, 0.8, 0, 0, 0, 0, 0, 0, 0, 0.0]), np.eye(3))
DOUBTS = {
    "too little of a head": replace(SURE, similarity=0.0, rival=0.0),
    "too unlike": replace(SURE, similarity=1.05, rival=1.0),
    "turned front for back": replace(SURE, rival=1.195),
    "up for down it fits": replace(SURE, similarity=1.09, rival=1.13),
    "apart": replace(SURE, spread_mm=4.0),
    "times the size": replace(SURE, patient_from_template=np.diag([1.3, 1.0, 1.0, 1.0])),
    "turned by 46°": replace(SURE, patient_from_template=NODDED),
}


@pytest.mark.parametrize("words", DOUBTS)
def test_every_doubt_is_refused_with_its_reason(
    monkeypatch: pytest.MonkeyPatch, volume: Volume, words: str
) -> None:
    monkeypatch.setattr(brain_space, "align", lambda *asked: DOUBTS[words])
    refusal = brought(volume)
    assert isinstance(refusal, Refusal)
    assert words in refusal.reason


@pytest.mark.usefixtures("aligned")
def test_a_brain_of_an_impossible_size_is_refused(volume: Volume) -> None:
    refusal = brought(volume, brain_ml=(100.0, 500.0))
    assert isinstance(refusal, Refusal)
    assert "ml are plausible" in refusal.reason


@pytest.mark.usefixtures("aligned")
def test_a_series_that_ends_within_the_level_read_is_refused() -> None:
    refusal = brought(build_volume(head()[:13]), least_covered=0.1)
    assert isinstance(refusal, Refusal)
    assert "does not lie whole" in refusal.reason


@pytest.mark.usefixtures("aligned")
@pytest.mark.parametrize(
    ("greys", "words"),
    [((20, 20, 300, 210, 210), "T1 sequence"), ((20, 600, 250, 300, 500), "T2 sequence")],
)
def test_another_sequence_is_told_by_its_tissues(greys: tuple[int, ...], words: str) -> None:
    def recoloured(frame: Frame) -> Frame:
        stored = np.interp(frame.stored.astype(float) - 1024, (0, 60, 305, 322, 510), greys)
        return replace(frame, stored=(stored + 1024).astype(np.uint16))

    refusal = brought(build_volume([recoloured(frame) for frame in head(STACKS["fine"])]))
    assert isinstance(refusal, Refusal)
    assert words in refusal.reason


@pytest.mark.usefixtures("aligned")
def test_half_a_head_is_refused() -> None:
    refusal = brought(build_volume(head()[16:]))
    assert isinstance(refusal, Refusal)
    assert "of the brain lie within the series" in refusal.reason


def test_slices_that_do_not_say_where_they_lie_are_refused(volume: Volume) -> None:
    refusal = brought(replace(volume, slice_mm=None))
    assert isinstance(refusal, Refusal)
    assert "do not state where" in refusal.reason


def test_the_template_is_small_and_its_licence_lies_beside_it() -> None:
    path = resource("templates", f"{TEMPLATE}.npz")
    assert path.stat().st_size < 2_000_000
    words = path.with_name("LICENSE-mni152_head_2mm.txt").read_text(encoding="utf-8")
    assert "McConnell Brain Imaging Centre" in words
    assert "pydeface" in words


def test_a_manifest_must_state_every_limit(tmp_path: Path) -> None:
    def change(manifest: dict) -> None:
        left = {key: value for key, value in LIMITS.items() if key != "least_lead"}
        manifest["task"]["parameters"]["brain_space"] = left

    path = build_segmenter(tmp_path / "segmenter", change) / "manifest.json"
    with pytest.raises(Exception, match="least_lead"):
        load_manifest(path)


def test_a_manifest_must_say_how_stripped_slices_are_told(tmp_path: Path) -> None:
    def change(manifest: dict) -> None:
        manifest["task"]["parameters"]["brain_space"] = LIMITS

    path = build_segmenter(tmp_path / "segmenter", change) / "manifest.json"
    assert any("needs brain_only" in words for words in manifest_problems(load_manifest(path)))


def test_limits_arrive_typed() -> None:
    assert isinstance(WANTED, BrainSpace)
    assert WANTED.levels_mm == (12.0, 22.0)
