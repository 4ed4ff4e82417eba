"""One model on one film: each outcome is a run that says so, and what is drawn lands where it is."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest
from model_packages import Change, band_network, build_package, declared, model
from phantom_films import (
    EVIDENCE,
    LARGE_HEART,
    REF,
    SERIES_UID,
    SMALL_HEART,
    STUDY_UID,
    display_set,
    film,
)

from viewer.base.errors import Cancelled
from viewer.domain.display_set import Acquisition
from viewer.domain.finding import ModelRun, RunState, Source
from viewer.domain.geometry import EdgeLetters
from viewer.domain.image import Frame, Photometric
from viewer.inference.analysis import Analysis, analyze
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.session import Device, SessionPool

FINDING = "enlarged_cardiac_silhouette"


def read(
    package: ModelPackage,
    frame: Frame | None = None,
    *,
    acquisition: Acquisition | None = None,
    stated_view: str = "",
    report: Callable[[float], None] = lambda share: None,
    on_cancel: Callable[[Callable[[], None]], None] = lambda stop: None,
    device: Device = Device.CPU,
) -> Analysis:
    shown = display_set(acquisition)
    return analyze(
        package=package,
        acquisition=shown.acquisition,
        display_set=shown,
        frame=frame or film(),
        pool=SessionPool(),
        device=device,
        stated_view=stated_view,
        evidence=EVIDENCE,
        report=report,
        on_cancel=on_cancel,
    )


def _package(folder: Path, change: Change) -> ModelPackage:
    return load_package(build_package(folder, change))


def _threshold(value: float) -> Change:
    def change(manifest: dict) -> None:
        manifest["operating_points"][0]["thresholds"][FINDING] = value

    return change


def test_a_large_heart_is_proposed_with_all_that_says_who_and_why(package: ModelPackage) -> None:
    analysis = read(package)
    run = analysis.run
    assert run.state is RunState.DONE
    assert run.below == ()
    (finding,) = run.findings
    assert finding.source is Source.AI
    assert finding.label == "Enlarged cardiac silhouette"
    assert finding.code is not None and finding.code.value == "8186001"
    assert finding.site is not None and finding.site.value == "80891009"
    assert finding.score is not None
    assert finding.score.name == "Cardiothoracic ratio"
    assert finding.score.value == pytest.approx(0.48 / 0.82, abs=0.01)
    assert not finding.score.calibrated
    assert finding.operating_point is not None and finding.operating_point.threshold == 0.5
    assert finding.algorithm == run.algorithm == package.algorithm
    assert run.operating_point == finding.operating_point
    assert (run.study_uid, run.series_uid, run.display_set_uid) == (STUDY_UID, SERIES_UID, "set-1")
    assert run.inputs == (EVIDENCE,)
    assert run.asked_for == ("Enlarged cardiac silhouette",)
    assert run.provider == "CPU"
    assert "onnxruntime" in run.runtime and "SecondRead" in run.runtime
    assert run.seconds > 0
    assert run.warnings == ()


def test_a_normal_heart_is_stated_below_and_proposes_nothing(package: ModelPackage) -> None:
    run = read(package, film(heart=SMALL_HEART)).run
    assert run.state is RunState.DONE
    assert run.findings == ()
    (below,) = run.below
    assert below.score is not None
    assert below.score.value == pytest.approx(0.24 / 0.82, abs=0.01)


def test_a_score_equal_to_the_threshold_is_not_above_it(
    tmp_path: Path, package: ModelPackage
) -> None:
    (finding,) = read(package).run.findings
    assert finding.score is not None
    at = _package(tmp_path / "at", _threshold(finding.score.value))
    under = _package(tmp_path / "under", _threshold(np.nextafter(finding.score.value, 0.0)))
    assert read(at).run.findings == ()
    assert len(read(at).run.below) == 1
    assert len(read(under).run.findings) == 1


@pytest.mark.parametrize("photometric", [Photometric.MONOCHROME1, Photometric.MONOCHROME2])
@pytest.mark.parametrize(("rows", "columns"), [(200, 160), (131, 257), (400, 90), (128, 128)])
@pytest.mark.parametrize("aspect", ["stretch", "pad"])
def test_the_diameters_land_on_the_organs_of_an_asymmetric_film(
    tmp_path: Path, photometric: Photometric, rows: int, columns: int, aspect: str
) -> None:
    def fit(manifest: dict) -> None:
        manifest["input"]["operations"][2]["aspect"] = aspect
        for area in ("heart_area", "lung_area"):
            manifest["task"]["parameters"][area] = [0.005, 0.40]

    package = _package(tmp_path / "fitted", fit)
    run = read(package, film(rows, columns, photometric=photometric)).run
    assert run.state is RunState.DONE, run.reason
    place = run.findings[0].localization
    assert place is not None
    assert (place.sop_instance_uid, place.frame) == (REF.sop_instance_uid, 0)
    heart, thorax = place.marks
    assert (heart.label, thorax.label) == ("Heart diameter", "Thoracic diameter")
    tolerance = max(1.0, columns / 128, rows / 128 if aspect == "pad" else 0.0)
    _assert_spans(heart.points_px, LARGE_HEART, columns, tolerance)
    _assert_spans(thorax.points_px, (0.10, 0.92), columns, tolerance)
    assert 0.5 * rows - 1 <= heart.points_px[0][1] <= 0.85 * rows
    assert heart.points_px[0][1] == pytest.approx(heart.points_px[1][1])


def _assert_spans(
    points: tuple[tuple[float, float], ...],
    shares: tuple[float, float],
    columns: int,
    tolerance: float,
) -> None:
    """The outer edges of the filled columns, which lie half a pixel outside of the centres."""
    left, right = (round(share * columns) - 0.5 for share in shares)
    assert points[0][0] == pytest.approx(left, abs=tolerance)
    assert points[1][0] == pytest.approx(right, abs=tolerance)


@pytest.mark.parametrize("photometric", [Photometric.MONOCHROME1, Photometric.MONOCHROME2])
def test_the_heatmaps_lie_over_the_organs(package: ModelPackage, photometric: Photometric) -> None:
    frame = film(300, 140, photometric=photometric)
    heart, lungs = read(package, frame).heatmaps
    assert (heart.label, lungs.label) == ("Heart", "Lungs")
    assert heart.method == "Segmentation probability (heart and lungs)"
    assert heart.ref == REF and heart.model_key == package.key
    assert heart.values.dtype == np.float32
    inside = {"heart": (0.5 * 140, 0.7 * 300), "right": (0.2 * 140, 0.3 * 300)}
    assert _value_at(heart, inside["heart"]) > 0.9
    assert _value_at(heart, inside["right"]) < 0.1
    assert _value_at(lungs, inside["right"]) > 0.9
    assert _value_at(lungs, (0.9 * 140, 0.3 * 300)) > 0.9
    assert _value_at(lungs, inside["heart"]) < 0.1


def _value_at(heatmap, point_px: tuple[float, float]) -> float:
    map_from_image = heatmap.image_from_map_px.inverse()
    ((column, row),) = map_from_image.apply(np.array([point_px])).tolist()
    return float(heatmap.values[round(row), round(column)])


def test_no_explanation_no_heatmap(tmp_path: Path) -> None:
    def silent(manifest: dict) -> None:
        manifest["explanation"] = {"method": "none"}

    analysis = read(_package(tmp_path / "silent", silent))
    assert analysis.run.state is RunState.DONE
    assert analysis.heatmaps == ()


def test_what_the_network_saw_is_kept(package: ModelPackage) -> None:
    seen = read(package).seen
    assert seen is not None
    assert seen.shape == (1, 1, 128, 128)
    assert seen.max() == pytest.approx(1.0)


def test_the_same_film_gives_the_same_finding_in_a_new_run(package: ModelPackage) -> None:
    first, second = read(package).run, read(package).run
    assert first.run_uid != second.run_uid
    assert first.findings == second.findings
    uid = first.findings[0].tracking_uid
    assert uid.startswith("2.25.") and len(uid) <= 64 and uid[5:].isdigit()


def test_another_network_or_film_gives_another_finding(
    tmp_path: Path, package: ModelPackage
) -> None:
    other_film = replace(film(), ref=replace(REF, sop_instance_uid="2.25.301"))
    other = load_package(build_package(tmp_path / "other", network=_same_in_other_bytes()))
    uids = {
        read(package).run.findings[0].tracking_uid,
        read(package, other_film).run.findings[0].tracking_uid,
        read(other).run.findings[0].tracking_uid,
    }
    assert len(uids) == 3


def _same_in_other_bytes() -> onnx.ModelProto:
    network = band_network({"model_id": declared()["model_id"], "version": "1.0.0"})
    network.doc_string = "the same network in another file"
    return network


def model_of_constant(value: float, channels: int = 3) -> onnx.ModelProto:
    """A network that answers `value` everywhere."""
    nodes = [
        onnx.helper.make_node("Mul", ["image", "zeros"], ["nothing"]),
        onnx.helper.make_node("Add", ["nothing", "value"], ["probabilities"]),
    ]
    constants = {
        "zeros": np.zeros((1, channels, 1, 1), np.float32),
        "value": np.float32(value),
    }
    metadata = {"model_id": declared()["model_id"], "version": "1.0.0"}
    shape = [1, channels, 128, 128]
    return model(nodes, constants, [1, 1, 128, 128], shape, metadata)


def test_a_network_that_sees_no_heart_is_refused_not_believed(tmp_path: Path) -> None:
    blind = load_package(build_package(tmp_path / "blind", network=model_of_constant(0.0)))
    analysis = read(blind)
    assert analysis.run.state is RunState.NOT_APPLICABLE
    assert analysis.run.reason.startswith(
        "No heart was recognised on this film, so its size was not measured. Read it without AI:"
    )
    assert analysis.run.findings == analysis.run.below == ()
    assert analysis.heatmaps == ()
    assert analysis.run.inputs == (EVIDENCE,)
    assert analysis.run.provider == "CPU"


def test_an_implausible_ratio_is_refused_with_the_limits(tmp_path: Path) -> None:
    def narrow(manifest: dict) -> None:
        manifest["task"]["parameters"]["plausible_ratio"] = [0.30, 0.55]

    run = read(_package(tmp_path / "narrow", narrow)).run
    assert run.state is RunState.NOT_APPLICABLE
    assert "0.30 to 0.55" in run.reason


def test_an_even_image_is_refused_not_measured(package: ModelPackage) -> None:
    even = replace(film(), stored=np.full((200, 160), 500, np.uint16))
    assert read(package, even).run.state is RunState.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"view": "AP"}, "AP view"), ({"view": ""}, "does not state the view; ask the reader")],
)
def test_a_model_that_must_not_run_says_why_and_computes_nothing(
    package: ModelPackage, changed: dict, words: str
) -> None:
    analysis = read(package, acquisition=replace(display_set().acquisition, **changed))
    assert analysis.run.state is RunState.NOT_APPLICABLE
    assert words in analysis.run.reason
    assert analysis.run.inputs == ()
    assert analysis.seen is None and analysis.heatmaps == ()


def test_a_view_the_reader_states_is_recorded(package: ModelPackage) -> None:
    unstated = replace(display_set().acquisition, view="")
    run = read(package, acquisition=unstated, stated_view="PA").run
    assert run.state is RunState.DONE
    assert run.reader_view == "PA"


def test_an_unstated_age_is_a_warning_of_the_run(package: ModelPackage) -> None:
    run = read(package, acquisition=replace(display_set().acquisition, age_years=None)).run
    assert run.state is RunState.DONE
    assert "does not state the patient's age" in run.warnings[0]


def test_a_chest_cut_off_at_the_edge_is_read_with_a_caution(package: ModelPackage) -> None:
    whole = film()
    cut = replace(whole, stored=np.ascontiguousarray(whole.stored[:, 24:]))
    assert read(package, whole).run.warnings == ()
    run = read(package, cut).run
    assert run.state is RunState.DONE
    assert run.warnings == (
        "The lungs reach the edge of the image; if the chest is cut off, the ratio is too high.",
    )


def test_a_film_from_the_side_is_not_read_though_its_view_says_pa(package: ModelPackage) -> None:
    frame = replace(film(), edges=EdgeLetters.of_directions("P", "F"))
    run = read(package, frame).run
    assert run.state is RunState.NOT_APPLICABLE
    assert "from the side" in run.reason


@pytest.mark.parametrize(
    ("value", "words"), [(float("nan"), "no numbers"), (7.0, "outside of 0 to 1")]
)
def test_a_network_that_returns_nonsense_fails_with_the_reason(
    tmp_path: Path, value: float, words: str
) -> None:
    broken = load_package(build_package(tmp_path / "broken", network=model_of_constant(value)))
    run = read(broken).run
    assert run.state is RunState.FAILED
    assert words in run.reason
    assert run.findings == run.below == ()


def test_a_network_changed_on_disk_fails_and_does_not_run(package: ModelPackage) -> None:
    with (package.folder / "model.onnx").open("ab") as stream:
        stream.write(b"!")
    run = read(package).run
    assert run.state is RunState.FAILED
    assert "SHA-256" in run.reason


def test_a_frame_that_cannot_be_prepared_fails_with_the_reason(package: ModelPackage) -> None:
    empty = replace(film(), padding=(0.0, 1000.0))
    run = read(package, empty).run
    assert run.state is RunState.FAILED
    assert "nothing but padding" in run.reason
    assert run.seconds > 0


def test_giving_up_is_not_a_failure(package: ModelPackage) -> None:
    with pytest.raises(Cancelled):
        read(package, on_cancel=lambda stop: stop())


def test_progress_grows_to_one_and_can_give_up_at_each_step(package: ModelPackage) -> None:
    told: list[float] = []
    read(package, report=told.append)
    assert told == sorted(told) and told[-1] == 1.0 and len(told) >= 3
    for step in range(len(told)):
        with pytest.raises(Cancelled):
            read(package, report=_raise_at(step))


def _raise_at(step: int) -> Callable[[float], None]:
    calls: list[float] = []

    def report(share: float) -> None:
        calls.append(share)
        if len(calls) > step:
            raise Cancelled

    return report


def test_cuda_that_is_absent_is_a_warning_of_the_run(
    package: ModelPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("onnxruntime.get_available_providers", lambda: ["CPUExecutionProvider"])
    run: ModelRun = read(package, device=Device.CUDA).run
    assert run.state is RunState.DONE
    assert run.provider == "CPU"
    assert "CUDA was asked for" in run.warnings[0]


def test_a_defect_of_the_program_is_not_dressed_up_as_a_failed_network(
    package: ModelPackage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def defect(*_args: object) -> None:
        raise KeyError("programming error")

    monkeypatch.setattr("viewer.inference.run_outcome.proposals", defect)
    with pytest.raises(KeyError):
        read(package)
