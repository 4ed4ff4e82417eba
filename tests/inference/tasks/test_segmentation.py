"""A bright place in a phantom head is outlined where it is, on every slice, whatever way it is stored."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from phantom_series import HEAD_FLAIR, Stack, display_set, frames
from series_packages import SLICE, build_segmenter

from viewer.dicom.volume_builder import build_volume
from viewer.domain.geometry import NO_SPACING
from viewer.domain.image import Frame
from viewer.imaging.heatmap import resample
from viewer.inference.analysis import Analysis
from viewer.inference.manifest import load_manifest
from viewer.inference.model_store import load_package
from viewer.inference.package_checks import manifest_problems
from viewer.inference.series_analysis import analyze_series
from viewer.inference.session import Device, SessionPool

HEAD = Stack(12, 96, 80, 5.0, 2.0, 2.0)
"""160 mm wide, 192 mm deep."""

BOX_LPS_MM = np.array([[40.0, 70.0], [50.0, 86.0], [20.0, 36.0]])
"""Lowest and highest x, y, z of the bright box: asymmetric on every axis."""

STACKS = {
    "as it hangs": HEAD,
    "mirrored": replace(HEAD, origin_lps_mm=(158.0, 0.0, 55.0), across=(-1.0, 0.0, 0.0)),
    "upside down": replace(HEAD, origin_lps_mm=(0.0, 190.0, 55.0), down=(0.0, -1.0, 0.0)),
    "turned by half": replace(
        HEAD, origin_lps_mm=(158.0, 190.0, 0.0), across=(-1.0, 0.0, 0.0), down=(0.0, -1.0, 0.0)
    ),
    "on its side": Stack(
        12, 80, 96, 5.0, 2.0, 2.0, (0.0, 0.0, 55.0), (0.0, 1.0, 0.0), (1.0, 0.0, 0.0)
    ),
    "oblong pixels": Stack(12, 192, 80, 5.0, 1.0, 2.0),
}


def head(stack: Stack = HEAD, boxes: tuple[np.ndarray, ...] = (BOX_LPS_MM,)) -> list[Frame]:
    """Uneven tissue of 160 to 200 with bright boxes of 900."""
    slices = []
    for index in range(stack.count):
        place = stack.lps_mm(index)
        values = 160 + np.indices(place.shape[:2]).sum(axis=0) % 41
        for box in boxes:
            inside = ((place >= box[:, 0]) & (place <= box[:, 1])).all(axis=2)
            values[inside] = 900
        slices.append(values)
    return frames(stack, slices, unit="")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_segmenter(tmp_path_factory.mktemp("models") / "segmenter")


def read(folder: Path, shown: list[Frame], thickness_mm: float | None = None) -> Analysis:
    return analyze_series(
        package=load_package(folder),
        display_set=display_set(HEAD_FLAIR, shown),
        volume=build_volume(shown, thickness_mm),
        pool=SessionPool(),
        device=Device.CPU,
        stated_view="",
        evidence=(),
        report=lambda share: None,
        on_cancel=lambda stop: None,
    )


def _true(stack: Stack, index: int) -> np.ndarray:
    place = stack.lps_mm(index)
    inside: np.ndarray = ((place >= BOX_LPS_MM[:, 0]) & (place <= BOX_LPS_MM[:, 1])).all(axis=2)
    return inside


@pytest.mark.parametrize("name", STACKS)
@pytest.mark.parametrize("reverse", [False, True])
def test_maps_land_within_a_pixel_on_every_slice(folder: Path, name: str, reverse: bool) -> None:
    stack = STACKS[name]
    shown = head(stack)
    analysis = read(folder, shown[::-1] if reverse else shown)
    maps = {heatmap.ref.place: heatmap for heatmap in analysis.heatmaps}
    boxed = [index for index in range(stack.count) if _true(stack, index).any()]
    assert boxed
    for index in boxed:
        found = resample(maps[shown[index].ref.place], stack.rows, stack.columns) > 0.5
        for axis in (0, 1):
            expected = np.flatnonzero(_true(stack, index).any(axis=axis))[[0, -1]]
            reached = np.flatnonzero(found.any(axis=axis))[[0, -1]]
            assert np.abs(expected - reached).max() <= 1


def test_volume_and_box_are_those_of_the_lesion(folder: Path) -> None:
    (finding,) = read(folder, head()).run.findings
    volume = float(finding.label.removeprefix("Brain tumour, ").removesuffix(" ml"))
    true = sum(_true(HEAD, index).sum() for index in range(HEAD.count)) * 2 * 2 * 5 / 1000
    assert volume == pytest.approx(true, rel=0.12)
    assert finding.localization is not None
    box = np.array(finding.localization.marks[0].points_px)
    np.testing.assert_allclose(box.min(axis=0), (20 - 0.5, 25 - 0.5), atol=1)
    np.testing.assert_allclose(box.max(axis=0), (35 + 0.5, 43 + 0.5), atol=1)


def test_without_a_spacing_there_is_no_volume_and_the_reader_is_told(folder: Path) -> None:
    bare = [replace(frame, spacing=NO_SPACING) for frame in head()]
    run = read(folder, bare).run
    (finding,) = run.findings
    assert finding.label == "Brain tumour"
    assert any("no volume" in words for words in run.warnings)


def test_places_that_do_not_touch_are_findings_of_their_own(folder: Path) -> None:
    other = np.array([[100.0, 120.0], [120.0, 150.0], [0.0, 11.0]])
    run = read(folder, head(boxes=(BOX_LPS_MM, other))).run
    assert [finding.label[:14] for finding in run.findings] == ["Brain tumour 1", "Brain tumour 2"]
    assert len({finding.tracking_uid for finding in run.findings}) == 2


def test_no_bright_place_is_no_finding_with_the_highest_score(folder: Path) -> None:
    analysis = read(folder, head(boxes=()))
    assert analysis.run.findings == ()
    (below,) = analysis.run.below
    assert below.score is not None and below.score.value == pytest.approx(0.2, abs=0.01)


def test_specks_smaller_than_declared_are_dropped(folder: Path) -> None:
    speck = np.array([[40.0, 41.0], [50.0, 51.0], [20.0, 21.0]])
    run = read(folder, head(boxes=(speck,))).run
    assert not any(finding.localization.marks for finding in run.findings if finding.localization)


def test_a_single_slice_is_read_and_its_maps_can_be_measured(folder: Path) -> None:
    analysis = read(folder, head()[5:6], thickness_mm=5.0)
    assert analysis.run.findings[0].label.endswith(" ml")
    ((key, heatmap),) = analysis.label_maps
    assert key == "brain_tumour"
    assert heatmap.values.shape == (SLICE, SLICE)


def test_slices_that_do_not_say_how_they_lie_are_refused(folder: Path) -> None:
    run = read(folder, [replace(frame, edges=None) for frame in head()]).run
    assert run.findings == ()
    assert "does not say how its slices lie" in run.reason


def test_a_whole_head_is_refused_by_a_model_of_stripped_brains(tmp_path: Path) -> None:
    def change(manifest: dict) -> None:
        size = {"width_mm": [115, 165], "length_mm": [150, 205]}
        manifest["task"]["parameters"]["brain_only"] = size

    run = read(build_segmenter(tmp_path / "stripped", change), head()).run
    assert run.state.value == "not applicable"
    assert "without skull and scalp" in run.reason


def as_stored(manifest: dict) -> None:
    manifest["task"]["parameters"]["position"] = "as_stored"
    del manifest["applicability"]["orientation"]


@pytest.mark.parametrize("name", ["mirrored", "on its side"])
def test_what_is_read_as_it_is_stored_is_outlined_where_it_is(tmp_path: Path, name: str) -> None:
    stack = STACKS[name]
    shown = [replace(frame, edges=None) for frame in head(stack)]
    analysis = read(build_segmenter(tmp_path / "stored", as_stored), shown)
    for index, heatmap in ((h.ref.place, h) for h in analysis.heatmaps):
        number = next(i for i, frame in enumerate(shown) if frame.ref.place == index)
        found = resample(heatmap, stack.rows, stack.columns) > 0.5
        if _true(stack, number).any():
            assert (found & _true(stack, number)).sum() > 0.8 * _true(stack, number).sum()


def two_structures(manifest: dict) -> None:
    as_stored(manifest)
    (first,) = manifest["labels"]
    second = {**first, "index": 1, "key": "dark", "display": {"en": "Dark place"}}
    manifest["labels"].append(second)
    named = {key: value for key, value in second.items() if key != "index"}
    manifest["findings"].append({**named, "score": {"name": "Score", "unit": "1"}})
    manifest["operating_points"][0]["thresholds"]["dark"] = 0.5
    manifest["outputs"][0]["shape"] = [1, 2, SLICE, SLICE]
    manifest["outputs"][1]["shape"] = [1, 2]


def test_each_structure_has_its_own_map_score_and_findings(tmp_path: Path) -> None:
    """The second structure is what is not bright: one piece on all slices."""
    run = read(build_segmenter(tmp_path / "two", two_structures), head())
    titles = [finding.label.split(",")[0] for finding in run.run.findings]
    assert titles == ["Brain tumour", "Dark place"]
    assert {key for key, _map in run.label_maps} == {"brain_tumour", "dark"}
    dark, bright = (
        max(h.values.max() for key, h in run.label_maps if key == name)
        for name in ("dark", "brain_tumour")
    )
    assert dark == pytest.approx(0.84, abs=0.01) and bright == pytest.approx(0.9, abs=0.01)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m["outputs"].pop(), "maps of probabilities in NCHW, then as many scores"),
        (lambda m: m["outputs"][0].update(shape=[1, 1, 8, 8]), "the size of the input"),
        (lambda m: m["explanation"].update(method="none"), "native_map"),
        (lambda m: m["findings"][0].update(key="other"), "one finding per label"),
    ],
)
def test_a_manifest_that_promises_something_else_is_named(tmp_path: Path, change, words) -> None:
    built = build_segmenter(tmp_path / "broken", change)
    problems = manifest_problems(load_manifest(built / "manifest.json"))
    assert any(words in problem for problem in problems)
