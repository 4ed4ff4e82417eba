"""The operating point chosen in the settings is the one that proposes, and is said with its figures."""

from pathlib import Path

import pytest
from held_runner import HeldRunner
from model_packages import build_package

from viewer.app.commands.ai import run, screening
from viewer.app.compose import compose
from viewer.app.open_study import open_paths
from viewer.app.operating_points import at_point, point_words
from viewer.app.workbench import Workbench
from viewer.base.paths import data_folder
from viewer.domain.finding import Finding
from viewer.inference.model_store import ModelStore, load_package

FINDING = "enlarged_cardiac_silhouette"


def with_screening(manifest: dict) -> None:
    """A second point under which Jane's large heart (0.67) is proposed, and not under the first."""
    points = manifest["operating_points"]
    points[0]["thresholds"] = {FINDING: 0.75}
    points.append(
        {
            "name": "screening",
            "default": False,
            "thresholds": {FINDING: 0.40},
            "performance": {
                "sensitivity": [0.97, 0.90, 1.0],
                "specificity": [0.61, 0.5, 0.72],
                "n": 12,
                "data": "tests",
            },
        }
    )


@pytest.fixture
def both(runner: HeldRunner, answers: type, two_patients: Path) -> Workbench:
    folder = data_folder() / "models"
    build_package(folder / "phantom_reader", with_screening)
    bench = compose(runner, answers, ModelStore([folder]))
    open_paths(bench, [two_patients / "jane.dcm"])
    runner.let_go()
    return bench


def stated(bench: Workbench) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    assert bench.session.case is not None
    (found,) = bench.session.case.runs.values()
    return found.findings, found.below


def test_the_second_read_is_the_default_and_screening_proposes_what_it_does_not(
    both: Workbench, runner: HeldRunner
) -> None:
    findings, (below,) = stated(both)
    assert findings == ()
    assert below.operating_point is not None and below.operating_point.name == "second_read"
    assert point_words(both, below) == "Second read: sensitivity and specificity not measured"
    screening(both)
    run(both)
    runner.let_go()
    (proposed,), nothing = stated(both)
    assert nothing == ()
    assert proposed.operating_point is not None
    assert (proposed.operating_point.name, proposed.operating_point.threshold) == ("screening", 0.4)
    assert proposed.score == below.score
    said = (
        "Screening: sensitivity 0.97 (0.90 to 1.00), specificity 0.61 (0.50 to 0.72), on 12 cases"
    )
    assert point_words(both, proposed) == said


def test_switching_twice_is_back_at_the_second_read(both: Workbench) -> None:
    screening(both)
    screening(both)
    assert both.settings.values.inference.operating_point == "second_read"


def test_a_model_without_the_point_asked_for_keeps_its_own(tmp_path: Path) -> None:
    package = load_package(build_package(tmp_path / "one"))
    assert at_point(package, "screening") is package
    assert at_point(package, "second_read").manifest.operating_point.name == "second_read"
