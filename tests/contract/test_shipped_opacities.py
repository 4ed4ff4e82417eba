"""The shipped reader of opacities says how weak its evidence is, and keeps silent until it is accepted.

What it refuses is tested in test_shipped_gate.
"""

from pathlib import Path

import pytest
from pydicom.data import get_testdata_file

from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.jobs import ignore
from viewer.dicom.indexer import index
from viewer.domain.finding import RunState
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.session import Device, SessionPool
from viewer.review.site_model import ModelState, state_of

PACKAGE = Path(__file__).parents[2] / "models" / "chest_xray_pneumonia"


@pytest.fixture(scope="module")
def shipped() -> ModelPackage:
    return load_package(PACKAGE)


def test_it_begins_in_shadow_and_says_so_in_name_and_card(shipped: ModelPackage) -> None:
    default = ModelState(shipped.manifest.default_state)
    assert state_of(shipped.algorithm, {}, False, default) is ModelState.SHADOW
    assert "weak evidence" in shipped.manifest.name
    assert "begins in shadow" in (PACKAGE / "MODEL_CARD.md").read_text(encoding="utf-8")


def test_its_numbers_are_scores_and_its_points_are_both_there(shipped: ModelPackage) -> None:
    manifest = shipped.manifest
    assert not manifest.calibrated
    assert {finding.score.name for finding in manifest.findings} == {"Score"}
    assert [point.name for point in manifest.operating_points] == ["second_read", "screening"]
    for second, screening in zip(
        *(sorted(point.thresholds.items()) for point in manifest.operating_points), strict=True
    ):
        assert second[0] == screening[0] and second[1] > screening[1]


def test_every_finding_it_states_was_above_chance_on_matched_films(shipped: ModelPackage) -> None:
    matched = [one for one in shipped.manifest.performance if one.metric.endswith("AUROC, matched")]
    assert len(matched) == len(shipped.manifest.findings)
    assert all(one.ci95[0] > 0.5 for one in matched)


def test_the_maps_note_tells_how_often_it_points_right_beside_a_dummy(
    shipped: ModelPackage,
) -> None:
    assert "without looking" in shipped.manifest.explanation.note


def test_a_chest_film_gets_a_score_and_a_map_for_every_finding(shipped: ModelPackage) -> None:
    path = get_testdata_file("RG1_UNCR.dcm", download=False)
    if path is None:
        pytest.skip("RG1_UNCR.dcm is not installed")
    (film,) = index((Path(path),), ignore, ignore).studies[0].display_sets
    found = analyze_display_set(shipped, film, SessionPool(), Device.CPU, "PA", ignore, ignore)
    assert found.run.state is RunState.DONE, found.run.reason
    told = {finding.key for finding in (*found.run.findings, *found.run.below)}
    assert told == {finding.key for finding in shipped.manifest.findings}
    assert len(found.heatmaps) == len(told)
