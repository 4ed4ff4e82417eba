"""Two networks on one film: one that measures the heart, one that classifies the whole film."""

from collections.abc import Callable
from pathlib import Path

import pytest
from classifier_packages import build_classifier
from end_to_end_steps import Reader

from viewer.app.heatmaps import shown_heatmaps, study_heatmaps
from viewer.base.paths import data_folder
from viewer.domain.finding import RunState

ORGANS = {"Heart", "Lungs"}


def _brightness_alone(manifest: dict) -> None:
    """Of two labels, one is proposed on the phantom and one is not."""
    manifest["operating_points"][0]["thresholds"] = {"brightness": 0.2, "darkness": 0.9}


@pytest.fixture
def reader(make_program: Callable[[], Reader], phantom_model: Path, two_films: Path) -> Reader:
    build_classifier(data_folder() / "models" / "phantom_classifier", _brightness_alone)
    started = make_program()
    started.open(two_films / "film1.dcm")
    return started


def _maps(reader: Reader) -> set[str]:
    return {heatmap.label for heatmap in shown_heatmaps(reader.program.workbench)}


def test_the_findings_of_both_are_listed_with_their_scores(reader: Reader) -> None:
    assert [run.state for run in reader.case.runs.values()] == [RunState.DONE] * 2
    proposed = {finding.label for finding in reader.case.proposed}
    assert proposed == {"Enlarged cardiac silhouette", "Brightness"}
    assert all(label in reader.words() for label in proposed)


def test_a_finding_below_its_threshold_has_no_map_until_asked_for(reader: Reader) -> None:
    reader.session.set_overlay(visible=True)
    assert _maps(reader) == ORGANS | {"Brightness"}
    reader.session.set_overlay(visible=True, below=True)
    assert _maps(reader) == ORGANS | {"Brightness", "Darkness"}


def test_while_a_finding_is_selected_only_its_own_map_is_shown(reader: Reader) -> None:
    reader.session.set_overlay(visible=True, below=True)
    chosen = {finding.label: finding.tracking_uid for finding in reader.case.proposed}
    reader.session.select(chosen["Brightness"])
    assert _maps(reader) == {"Brightness"}
    reader.session.select(chosen["Enlarged cardiac silhouette"])
    assert _maps(reader) == ORGANS


def test_the_report_shows_maps_of_proposed_findings_alone(reader: Reader) -> None:
    reader.session.set_overlay(visible=True, below=True)
    (study,) = reader.session.index.studies
    labels = {heatmap.label for heatmap in study_heatmaps(reader.program.workbench, study)}
    assert labels == ORGANS | {"Brightness"}
