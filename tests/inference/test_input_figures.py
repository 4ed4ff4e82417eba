"""The input of a run in numbers: by hand, without what does not exist, and never in an old report."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import ai_finding, run
from phantom_films import EVIDENCE, display_set, film
from phantom_series import CHEST_CT, LUNGS, Ball, chest
from phantom_series import display_set as series_set
from series_packages import build_detector

from viewer.dicom.volume_builder import build_volume
from viewer.domain.finding import ModelRun
from viewer.domain.geometry import PixelSpacing, SpacingEvidence
from viewer.domain.input_figures import InputFigure, InputKey, input_title
from viewer.inference.analysis import analyze
from viewer.inference.input_figures import frame_facts, input_figures
from viewer.inference.manifest_parts import GateSpec
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.series_analysis import analyze_series
from viewer.inference.session import Device, SessionPool
from viewer.review.canonical import from_plain, to_plain


def told(figures: tuple[InputFigure, ...]) -> dict[str, float]:
    return {one.key: one.value for one in figures}


def quiet(*_anything: object) -> None: ...


def test_the_tensor_is_told_by_mean_spread_and_percentiles(package: ModelPackage) -> None:
    seen = np.arange(101, dtype=np.float32)
    found = told(input_figures(package.manifest, seen, {}, {}))
    assert found == {"mean": 50.0, "sd": 29.15, "p5": 5.0, "p50": 50.0, "p95": 95.0}


def test_what_does_not_exist_or_is_no_number_is_left_out(package: ModelPackage) -> None:
    empty = np.zeros((0, 1, 4, 4), np.float32)
    facts = {InputKey.ROWS: 7, InputKey.ROW_MM: None, InputKey.SLICE_MM: float("nan")}
    assert told(input_figures(package.manifest, empty, {}, facts)) == {"rows": 7.0}


def test_the_distance_of_the_gate_is_the_median_row(package: ModelPackage) -> None:
    gated = replace(package.manifest, gate=GateSpec("distance", 1.0, "test", ()))
    outputs = {"distance": np.array([[0.2], [0.9], [0.4]], np.float32)}
    found = told(input_figures(gated, np.zeros(4, np.float32), outputs, {}))
    assert found["distance"] == 0.4


def test_a_spacing_without_evidence_is_none() -> None:
    assert frame_facts(film())[InputKey.ROW_MM] is None
    stated = PixelSpacing(0.2, 0.1, SpacingEvidence.IMAGER_PIXEL_SPACING)
    facts = frame_facts(replace(film(), spacing=stated))
    assert (facts[InputKey.ROW_MM], facts[InputKey.COLUMN_MM]) == (0.2, 0.1)


def test_a_run_on_a_film_records_what_the_network_saw(package: ModelPackage) -> None:
    shown = display_set()
    analysis = analyze(
        package=package,
        acquisition=shown.acquisition,
        display_set=shown,
        frame=film(),
        pool=SessionPool(),
        device=Device.CPU,
        stated_view="",
        evidence=EVIDENCE,
        report=quiet,
        on_cancel=quiet,
    )
    found = told(analysis.run.input_figures)
    assert analysis.seen is not None
    assert found["mean"] == pytest.approx(float(analysis.seen.mean()), rel=1e-3, abs=1e-4)
    assert (found["rows"], found["columns"]) == (200, 160)


def test_a_run_on_a_series_records_slices_and_their_distance(tmp_path: Path) -> None:
    package = load_package(build_detector(tmp_path / "detector"))
    frames = chest(balls=[Ball((*LUNGS[0], 60.0), 15.0)])
    volume = build_volume(frames)
    run = analyze_series(
        package=package,
        display_set=series_set(CHEST_CT, frames),
        volume=volume,
        pool=SessionPool(),
        device=Device.CPU,
        stated_view="",
        evidence=(EVIDENCE,) * len(frames),
        report=quiet,
        on_cancel=quiet,
    ).run
    found = told(run.input_figures)
    assert found["slices"] == len(frames)
    assert found["slice_mm"] == volume.slice_mm
    assert "mean" in found


def test_a_run_without_figures_is_written_as_before_and_one_with_them_comes_back() -> None:
    before = run(ai_finding())
    assert "input_figures" not in to_plain(before)
    after = replace(before, input_figures=(InputFigure("mean", 0.25), InputFigure("later", 1.0)))
    assert from_plain(to_plain(after), ModelRun) == after


def test_every_number_has_a_name() -> None:
    assert len({input_title(key) for key in InputKey}) == len(InputKey)
