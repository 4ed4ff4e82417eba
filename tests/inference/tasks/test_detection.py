"""Balls in a phantom chest are found where they are, whatever way the slices are stored."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from phantom_series import CHEST, CHEST_CT, LUNGS, Ball, Stack, chest
from series_packages import build_detector
from series_runs import analyzed

from viewer.dicom.volume_builder import build_volume
from viewer.domain.finding import Finding
from viewer.domain.geometry import NO_SPACING
from viewer.domain.image import Frame
from viewer.imaging.heatmap import resample
from viewer.inference.analysis import Analysis
from viewer.inference.manifest import load_manifest
from viewer.inference.model_store import load_package
from viewer.inference.package_checks import manifest_problems
from viewer.inference.task import Refusal, SeriesInput
from viewer.inference.tasks.detection import Detection

RIGHT, LEFT = LUNGS
BALL = Ball((RIGHT[0] - 12.0, RIGHT[1] + 21.0, 66.0), 15.0)
"""Off every axis, so that a mirrored or turned result lies elsewhere."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_detector(tmp_path_factory.mktemp("models") / "detector")


def found(folder: Path, frames: list[Frame]) -> Analysis:
    return analyzed(load_package(folder), CHEST_CT, frames)


def _centre_px(finding: Finding) -> np.ndarray:
    assert finding.localization is not None
    return np.array(finding.localization.marks[0].points_px).mean(axis=0)


def _place_px(stack: Stack, centre_lps_mm: tuple[float, float, float]) -> np.ndarray:
    offset = np.array(centre_lps_mm) - np.array(stack.origin_lps_mm)
    return np.array(
        [
            offset @ np.array(stack.across) / stack.column_mm,
            offset @ np.array(stack.down) / stack.row_mm,
        ]
    )


STACKS = {
    "as it hangs": CHEST,
    "mirrored": replace(CHEST, origin_lps_mm=(298.5, 0.0, 117.0), across=(-1.0, 0.0, 0.0)),
    "upside down": replace(CHEST, origin_lps_mm=(0.0, 238.5, 117.0), down=(0.0, -1.0, 0.0)),
    "on its side": Stack(
        40, 200, 160, 3.0, 1.5, 1.5, across=(0.0, 1.0, 0.0), down=(1.0, 0.0, 0.0),
        origin_lps_mm=(0.0, 0.0, 117.0),
    ),
    "oblong pixels": Stack(40, 240, 150, 3.0, 1.0, 2.0),
    "thick slices": Stack(20, 160, 200, 6.0, 1.5, 1.5),
}  # fmt: skip


@pytest.mark.parametrize("name", STACKS)
def test_a_ball_is_boxed_where_it_lies(folder: Path, name: str) -> None:
    stack = STACKS[name]
    frames = chest(stack, [BALL])
    run = found(folder, frames).run
    assert len(run.findings) == 1, run.reason
    finding = run.findings[0]
    assert finding.localization is not None
    shown = next(f for f in frames if f.ref.place == finding.localization.place)
    assert shown.plane is not None
    depth = (np.array(BALL.centre_lps_mm) - shown.plane.position_lps_mm) @ shown.plane.normal
    assert abs(depth) <= stack.slice_mm
    departure = np.abs(_centre_px(finding) - _place_px(stack, BALL.centre_lps_mm))
    assert departure.max() <= 1.0
    assert finding.laterality == "R"


def test_the_order_of_the_slices_changes_nothing_but_their_numbers(folder: Path) -> None:
    frames = chest(CHEST, [BALL])
    forward, backward = found(folder, frames).run, found(folder, frames[::-1]).run
    (one,), (other,) = forward.findings, backward.findings
    assert one.localization == other.localization
    assert one.label == "Lung nodule 16 mm, slice 23"
    assert other.label == "Lung nodule 16 mm, slice 18"


def test_position_and_diameter_are_said_in_millimetres_of_the_patient(folder: Path) -> None:
    (finding,) = found(folder, chest(CHEST, [BALL])).run.findings
    assert finding.localization is not None
    box, axis = finding.localization.marks
    assert box.closed
    size, place = box.label.removesuffix(" mm").split(" mm at ")
    assert float(size) == pytest.approx(15.0, abs=3.0)
    letters, numbers = zip(*(part.split() for part in place.split(", ")), strict=True)
    assert letters == ("L", "P", "S")
    np.testing.assert_allclose([float(mm) for mm in numbers], BALL.centre_lps_mm, atol=1.6)
    (x0, y0), (x1, y1) = axis.points_px
    assert np.hypot(x1 - x0, y1 - y0) * 1.5 == pytest.approx(15.0, abs=3.0)


def test_the_region_is_shown_on_every_slice_it_reaches_and_on_no_other(folder: Path) -> None:
    frames = chest(CHEST, [BALL])
    analysis = found(folder, frames)
    reached = {heatmap.ref.place for heatmap in analysis.heatmaps}
    inside = {f.ref.place for f in frames if f.plane and abs(f.plane.position_lps_mm[2] - 66) <= 6}
    far = {f.ref.place for f in frames if f.plane and abs(f.plane.position_lps_mm[2] - 66) >= 12}
    assert inside <= reached
    assert not far & reached
    shown = analysis.heatmaps[len(analysis.heatmaps) // 2]
    rows, columns = np.nonzero(resample(shown, CHEST.rows, CHEST.columns) > 0.25)
    departure = np.array([columns.mean(), rows.mean()]) - _place_px(CHEST, BALL.centre_lps_mm)
    assert np.abs(departure).max() <= 1.0


def test_two_balls_are_two_findings_and_one_ball_is_one(folder: Path) -> None:
    second = Ball((LEFT[0] + 5, LEFT[1] - 20, 45.0), 10.0)
    run = found(folder, chest(CHEST, [BALL, second])).run
    assert sorted(finding.laterality for finding in run.findings) == ["L", "R"]
    assert len({finding.tracking_uid for finding in run.findings}) == 2
    assert len({finding.label for finding in run.findings}) == 2


def test_no_more_than_the_declared_number_is_listed_and_the_reader_is_told(folder: Path) -> None:
    balls = [Ball((x, y, z), 12.0) for x, y in LUNGS for z in (30.0, 60.0, 90.0)]
    run = found(folder, chest(CHEST, balls)).run
    assert len(run.findings) == 3
    assert any("More than 3 places" in words for words in run.warnings)


def test_a_ball_at_the_wall_is_found_too(folder: Path) -> None:
    wall = Ball((RIGHT[0] - 45.0, RIGHT[1], 60.0), 14.0)
    (finding,) = found(folder, chest(CHEST, [wall])).run.findings
    assert np.abs(_centre_px(finding) - _place_px(CHEST, wall.centre_lps_mm)).max() <= 4


def test_a_ball_in_the_chest_wall_is_not_looked_for(folder: Path) -> None:
    outside = Ball((150.0, 30.0, 60.0), 14.0)
    assert found(folder, chest(CHEST, [outside])).run.findings == ()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"unit": ""}, "Hounsfield"),
        ({"spacing": NO_SPACING}, "do not state where the slices lie"),
    ],
)
def test_what_the_files_do_not_state_is_refused_not_guessed(
    folder: Path, change: dict, words: str
) -> None:
    run = found(folder, [replace(frame, **change) for frame in chest(CHEST, [BALL])]).run
    assert run.state.value == "not applicable"
    assert words in run.reason


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m: m["outputs"][0].update(layout="NCHW"), "in the layout NC"),
        (lambda m: m["explanation"].update(method="none"), "native_map"),
    ],
)
def test_a_manifest_that_promises_something_else_is_named(tmp_path: Path, change, words) -> None:
    built = build_detector(tmp_path / "broken", change)
    problems = manifest_problems(load_manifest(built / "manifest.json"))
    assert any(words in problem for problem in problems)


LUNG_LIMITS = {"least_ml": 500.0, "mean_hu": [-940.0, -600.0], "least_spread_hu": 30.0}


def asked(folder: Path, frames: list[Frame], lung: object = LUNG_LIMITS) -> SeriesInput | Refusal:
    manifest = load_manifest(folder / "manifest.json")
    parameters = {**manifest.task.parameters, "lung": lung}
    limited = replace(manifest, task=replace(manifest.task, parameters=parameters))
    return Detection().ask(build_volume(frames), limited, lambda share: None)


def textured(frames: list[Frame], factor: float = 1.0, hu: float = 0.0) -> list[Frame]:
    """With vessels, that is, with values that vary; lung moved by `hu`."""
    random = np.random.default_rng(3)
    changed = []
    for frame in frames:
        lung = frame.stored < 1024 - 500
        noise = random.normal(hu, 200, frame.stored.shape) * lung
        stored = (frame.stored * factor + noise).clip(0, 65535).astype(np.uint16)
        changed.append(replace(frame, stored=stored))
    return changed


def test_lungs_with_vessels_are_searched(folder: Path) -> None:
    assert isinstance(asked(folder, textured(chest())), SeriesInput)


def test_a_hollow_phantom_is_told_by_its_evenness(folder: Path) -> None:
    refused = asked(folder, chest())
    assert isinstance(refused, Refusal)
    assert "as even as air (0 HU between its quartiles" in refused.reason
    assert "Read it without AI" in refused.reason


def test_gas_as_thin_as_air_is_no_lung(folder: Path) -> None:
    gas = [
        replace(f, stored=np.where(f.stored < 500, 24, f.stored).astype(np.uint16)) for f in chest()
    ]
    refused = asked(folder, gas)
    assert isinstance(refused, Refusal)
    assert "has -1000 HU on average" in refused.reason


def test_too_little_lung_is_told_in_millilitres(folder: Path) -> None:
    few = textured(chest(Stack(14, 160, 200, 3.0, 1.5, 1.5)))
    refused = asked(folder, few, {**LUNG_LIMITS, "least_ml": 1500})
    assert isinstance(refused, Refusal)
    assert "ml of lung were recognised" in refused.reason


def test_a_package_without_limits_asks_nothing_of_the_lungs(folder: Path) -> None:
    assert isinstance(asked(folder, chest(), lung=None), SeriesInput)


@pytest.mark.parametrize("lung", [3, {"least_ml": 5}, {**LUNG_LIMITS, "mean_hu": [1]}])
def test_limits_that_are_not_whole_are_a_problem_of_the_package(folder: Path, lung: object) -> None:
    manifest = load_manifest(folder / "manifest.json")
    parameters = {**manifest.task.parameters, "lung": lung}
    broken = replace(manifest, task=replace(manifest.task, parameters=parameters))
    assert any("task.parameters.lung" in one for one in Detection().problems(broken))
