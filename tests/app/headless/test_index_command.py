"""`secondread index` tells all it found, and fails in one line where there was nothing."""

import json
from pathlib import Path

from pydicom.data import get_testdata_file

from viewer.app.headless.index_command import run_index


def sample(name: str) -> Path:
    return Path(str(get_testdata_file(name, download=False)))


def test_json_holds_the_hierarchy_and_the_display_sets(capsys) -> None:
    assert run_index([sample("CT_small.dcm")], True) == 0
    (patient,) = json.loads(capsys.readouterr().out)["patients"]
    (study,) = patient["studies"]
    (series,) = study["series"]
    (instance,) = series["instances"]
    (shown,) = series["display_sets"]
    assert patient["patient_id"] == "1CT1"
    assert (instance["rows"], instance["columns"], instance["frames"]) == (128, 128, 1)
    assert shown["frames"] == [{"sop_instance_uid": instance["sop_instance_uid"], "frame": 1}]


def test_problems_are_listed_with_their_reason_and_the_rest_is_read(tmp_path, capsys) -> None:
    text = tmp_path / "letter.dcm"
    text.write_text("Dear colleague " * 20)
    assert run_index([sample("CT_small.dcm"), text], True) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["problems"] == [{"path": str(text), "reason": "letter.dcm is not a DICOM file."}]
    assert len(found["patients"]) == 1


def test_an_empty_folder_fails_in_one_line(tmp_path, capsys) -> None:
    assert run_index([tmp_path], True) == 1
    output = capsys.readouterr()
    assert output.err == f"secondread: No DICOM study was found in {tmp_path}.\n"
    assert json.loads(output.out)["patients"] == []


def test_a_missing_path_fails_in_one_line(tmp_path, capsys) -> None:
    assert run_index([tmp_path / "gone"], False) == 1
    assert "gone does not exist" in capsys.readouterr().err


def test_text_names_patient_series_and_notes(shared_data, capsys) -> None:
    assert run_index([shared_data / "dicom" / "head_ct_tilted_mixed_thickness"], False) == 0
    output = capsys.readouterr().out
    assert "28 frames" in output
    assert "tilted" in output
