"""`secondread analyze`: proposals with their provenance, reasons where there are none, never a report."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from model_packages import build_package, described
from phantom_dicom import PATIENT_ID, PATIENT_NAME, write_film
from phantom_films import SMALL_HEART
from PIL import Image

from viewer.app.headless.analyze_command import run_analyze

MODEL = "org.secondread.phantom_reader"


@pytest.fixture
def model_folder(own_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The phantom reader, installed among the reader's own models; nothing else is installed."""
    monkeypatch.setattr("viewer.app.installed_models.shipped_models", lambda: tmp_path / "none")
    return build_package(own_home / "models" / "phantom_reader")


@pytest.fixture
def films(tmp_path: Path) -> Path:
    folder = tmp_path / "films"
    folder.mkdir()
    return folder


def analyzed(films: Path, tmp_path: Path, **options: object) -> tuple[int, dict]:
    out = tmp_path / "out.json"
    code = run_analyze([films], out, **options)  # type: ignore[arg-type]
    return code, json.loads(out.read_text(encoding="utf-8"))


def only_run(content: dict) -> dict:
    (study,) = content["studies"]
    (shown,) = study["display_sets"]
    (run,) = shown["models"]
    return run


def test_a_model_that_begins_in_shadow_is_not_run_unasked(
    model_folder: Path, films: Path, tmp_path: Path
) -> None:
    shutil.rmtree(model_folder)
    build_package(model_folder, lambda manifest: manifest.update(default_state="shadow"))
    write_film(films / "film.dcm")
    code, content = analyzed(films, tmp_path)
    (study,) = content["studies"]
    assert code == 0 and study["display_sets"][0]["models"] == []


def test_a_large_heart_is_proposed_with_score_threshold_model_and_input(
    model_folder: Path, films: Path, tmp_path: Path
) -> None:
    dataset = write_film(films / "film.dcm")
    code, content = analyzed(films, tmp_path)
    assert code == 0
    run = only_run(content)
    (finding,) = run["findings"]
    assert finding["state"] == "PROPOSED" == content["state"]
    assert finding["label"] == "Enlarged cardiac silhouette"
    assert finding["score"]["value"] == pytest.approx(0.48 / 0.82, abs=0.01)
    assert finding["threshold"] == 0.5
    assert (run["model_id"], run["version"], run["state"]) == (MODEL, "1.0.0", "done")
    assert run["sha256"] == described(model_folder, "model.onnx")["sha256"]
    assert run["input_sop_instance_uids"] == [dataset.SOPInstanceUID]
    assert run["inputs"][0]["file_sha256"] == described(films, "film.dcm")["sha256"]
    assert content["studies"][0]["study_instance_uid"] == dataset.StudyInstanceUID
    assert "research use only" in content["notice"]
    assert content["studies"][0]["display_sets"][0]["no_model_applies"] == ""


def test_a_normal_heart_proposes_nothing_and_its_score_is_still_there(
    model_folder: Path, films: Path, tmp_path: Path
) -> None:
    write_film(films / "film.dcm", heart=SMALL_HEART)
    code, content = analyzed(films, tmp_path)
    run = only_run(content)
    assert (code, run["state"], run["findings"]) == (0, "done", [])
    (below,) = run["not_above_threshold"]
    assert below["state"] == "NOT ABOVE THRESHOLD"
    assert below["score"]["value"] < below["threshold"]


def test_no_patient_data_leaves_through_the_json_or_the_names_of_files(
    model_folder: Path, films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_film(films / "film.dcm")
    analyzed(films, tmp_path, heatmaps_dir=tmp_path / "maps")
    written = (tmp_path / "out.json").read_text() + capsys.readouterr().err
    written += " ".join(path.name + path.read_text(errors="replace") for path in maps(tmp_path))
    for secret in (PATIENT_NAME, PATIENT_ID, "Doe", "Jane"):
        assert secret not in written


def maps(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "maps").iterdir())


def test_heatmaps_are_16_bit_with_geometry_that_leads_back_to_the_organ(
    model_folder: Path, films: Path, tmp_path: Path
) -> None:
    dataset = write_film(films / "film.dcm")
    _code, content = analyzed(films, tmp_path, heatmaps_dir=tmp_path / "maps")
    names = only_run(content)["heatmaps"]
    assert [name.rsplit("_", 1)[1] for name in names] == ["heart.png", "lungs.png"]
    heart = np.asarray(Image.open(tmp_path / "maps" / names[0]))
    assert heart.dtype == np.uint16 and heart.max() == 65535
    side = json.loads((tmp_path / "maps" / names[0]).with_suffix(".json").read_text())
    assert side["sop_instance_uid"] == dataset.SOPInstanceUID
    assert side["method"] == "Segmentation probability (heart and lungs)"
    map_from_image = np.linalg.inv(np.array(side["image_from_map_px"]))
    column, row, _one = map_from_image @ (0.6 * 160, 0.7 * 200, 1.0)
    assert heart[round(row), round(column)] > 60000
    column, row, _one = map_from_image @ (0.2 * 160, 0.3 * 200, 1.0)
    assert heart[round(row), round(column)] < 5000


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ({"ViewPosition": "AP"}, "AP view"),
        ({"BodyPartExamined": "HAND"}, "HAND"),
        ({"PatientAge": "005Y"}, "5 years old"),
        ({"PatientOrientation": ["P", "F"]}, "from the side"),
        ({"ViewPosition": ""}, "does not state the view; ask the reader"),
    ],
)
def test_where_no_model_applies_the_reason_is_told_and_nothing_is_proposed(
    model_folder: Path, films: Path, tmp_path: Path, header: dict, words: str
) -> None:
    write_film(films / "film.dcm", **header)
    code, content = analyzed(films, tmp_path)
    run = only_run(content)
    assert code == 0
    assert run["state"] == "not applicable"
    assert words in run["reason"]
    assert run["findings"] == run["not_above_threshold"] == run["heatmaps"] == []
    assert words in content["studies"][0]["display_sets"][0]["no_model_applies"]


def test_a_view_stated_on_the_command_line_is_recorded_as_the_readers(
    model_folder: Path, films: Path, tmp_path: Path
) -> None:
    write_film(films / "film.dcm", ViewPosition="")
    run = only_run(analyzed(films, tmp_path, view="pa")[1])
    assert run["state"] == "done"
    assert run["reader_view"] == "PA"


def test_broken_and_foreign_files_are_told_and_the_rest_is_read(
    model_folder: Path, films: Path, tmp_path: Path
) -> None:
    write_film(films / "a_good.dcm")
    write_film(films / "b_cut.dcm", heart=SMALL_HEART)
    whole = (films / "b_cut.dcm").read_bytes()
    (films / "b_cut.dcm").write_bytes(whole[: len(whole) - 5000])
    (films / "notes.txt").write_text("not an image")
    code, content = analyzed(films, tmp_path)
    assert content["skipped_files"] == 1
    runs = [shown["models"][0] for study in content["studies"] for shown in study["display_sets"]]
    told = " ".join(run["reason"] for run in runs) + json.dumps(content["problems"])
    assert "b_cut.dcm" in told
    assert sum(len(run["findings"]) for run in runs) == 1
    assert code == (1 if any(run["state"] == "failed" for run in runs) else 0)


@pytest.mark.usefixtures("model_folder")
def test_a_folder_without_images_is_an_error_in_one_line(
    films: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (films / "notes.txt").write_text("not an image")
    assert run_analyze([films], tmp_path / "out.json") == 1
    (line,) = capsys.readouterr().err.strip().splitlines()
    assert line == "secondread: No DICOM images were found under the paths given."


@pytest.mark.usefixtures("model_folder")
def test_a_path_that_does_not_exist_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_analyze([tmp_path / "nowhere"], tmp_path / "out.json") == 1
    assert "nowhere" in capsys.readouterr().err


def test_a_model_whose_hash_is_wrong_is_set_aside_and_nothing_is_proposed(
    model_folder: Path, films: Path, tmp_path: Path
) -> None:
    write_film(films / "film.dcm")
    with (model_folder / "model.onnx").open("ab") as stream:
        stream.write(b"!")
    code, content = analyzed(films, tmp_path)
    assert code == 0
    assert content["models"] == []
    assert "SHA-256" in content["models_set_aside"][0]["reason"]
    shown = content["studies"][0]["display_sets"][0]
    assert shown["models"] == []
    assert shown["no_model_applies"] == "No model is installed."


def test_each_display_set_of_each_study_is_told_apart(
    model_folder: Path, films: Path, tmp_path: Path
) -> None:
    study = write_film(films / "one.dcm").StudyInstanceUID
    write_film(films / "two.dcm", study_uid=study, SeriesNumber="2", ViewPosition="LL")
    write_film(films / "three.dcm", heart=SMALL_HEART)
    _code, content = analyzed(films, tmp_path)
    states = {
        one["study_instance_uid"] == study: sorted(
            shown["models"][0]["state"] for shown in one["display_sets"]
        )
        for one in content["studies"]
    }
    assert states == {True: ["done", "not applicable"], False: ["done"]}
