"""`secondread models evaluate`: figures of the viewer's own path on labelled pictures, refusals counted."""

import json
from pathlib import Path

import numpy as np
import pytest
from model_packages import HEART, LEFT_LUNG, build_package, phantom
from PIL import Image

from viewer.app.headless.evaluate_command import run_models_evaluate
from viewer.base.errors import FileProblem, ModelError

LARGE, SMALL = (0.38, 0.86), (0.42, 0.66)
KEY = "enlarged_cardiac_silhouette"


def picture(path: Path, values: np.ndarray) -> str:
    Image.fromarray(np.round(values * 255).astype(np.uint8)).save(path)
    return path.name


def table(folder: Path, *lines: str) -> Path:
    path = folder / "labels.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def measured(tmp_path: Path, *lines: str, code: int = 0) -> dict:
    package = build_package(tmp_path / "package")
    out = tmp_path / "out" / "figures.json"
    assert run_models_evaluate(package, table(tmp_path, *lines), out, "cpu") == code
    return json.loads(out.read_text())


@pytest.fixture
def films(tmp_path: Path) -> Path:
    picture(tmp_path / "large.png", phantom(160, 160, LARGE))
    picture(tmp_path / "small.png", phantom(160, 160, SMALL))
    picture(tmp_path / "heart.png", phantom(160, 160, LARGE) == HEART)
    picture(tmp_path / "lung.png", phantom(160, 160, SMALL) == LEFT_LUNG)
    picture(tmp_path / "nothing.png", np.zeros((160, 160)))
    return tmp_path


def test_findings_are_measured_at_the_operating_point(films: Path) -> None:
    found = measured(films, f"file,patient,{KEY}", "large.png,a,1", "small.png,b,0")
    figures = found["findings"][KEY]
    assert figures["auroc"]["value"] == 1.0
    assert figures["sensitivity"]["value"] == figures["specificity"]["value"] == 1.0
    assert (figures["positives"], figures["negatives"], figures["threshold"]) == (1, 1, 0.5)
    assert found["rows"][0]["above_threshold"] == [KEY]
    assert found["rows"][1]["above_threshold"] == []


def test_a_wrong_truth_lowers_the_figures(films: Path) -> None:
    found = measured(films, f"file,patient,{KEY}", "large.png,a,0", "small.png,b,1")
    assert found["findings"][KEY]["auroc"]["value"] == 0.0
    assert found["findings"][KEY]["sensitivity"]["value"] == 0.0


def test_masks_are_compared_in_the_grid_of_the_image(films: Path) -> None:
    lines = ("file,patient,mask_heart,mask_left_lung", "large.png,a,heart.png,nothing.png")
    masks = measured(films, *lines, "small.png,b,,lung.png")["masks"]
    assert masks["heart"]["dice"]["value"] > 0.97
    assert masks["heart"]["dice"]["n"] == 1
    assert masks["left_lung"]["dice"]["n"] == 1
    assert masks["left_lung"]["painted_where_empty"]["value"] == 1.0


def test_refused_images_are_counted_and_left_out_of_the_figures(films: Path) -> None:
    found = measured(films, f"file,patient,{KEY}", "large.png,a,1", "nothing.png,b,0")
    assert found["measured"] == 1
    assert found["not_applicable"]["n"] == 1
    assert found["findings"][KEY]["negatives"] == 0
    assert found["findings"][KEY]["specificity"]["value"] is None


def test_a_stated_view_the_model_does_not_read_is_refused(films: Path) -> None:
    found = measured(films, f"file,patient,{KEY},ViewPosition", "large.png,a,1,AP", code=1)
    assert found["measured"] == 0
    assert "AP" in next(iter(found["not_applicable"]["reasons"]))


def test_an_unknown_truth_is_left_out(films: Path) -> None:
    found = measured(films, f"file,patient,{KEY}", "large.png,a,1", "small.png,b,")
    assert found["measured"] == 2
    assert found["findings"][KEY]["auroc"]["n"] == 1


def test_a_picture_that_cannot_be_read_fails_by_name_and_the_others_are_measured(
    films: Path,
) -> None:
    (films / "broken.png").write_text("no picture")
    lines = (f"file,patient,{KEY}", "large.png,a,1", "broken.png,b,0")
    found = measured(films, *lines, code=1)
    assert found["measured"] == 1
    assert "broken.png" in next(iter(found["failed"]["reasons"]))


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        ((f"file,{KEY}", "large.png,1"), "column patient"),
        (("file,patient,other", "large.png,a,1"), KEY),
        ((f"file,patient,{KEY}", "large.png,a,yes"), "line 2: yes"),
        ((f"file,patient,{KEY}", "large.png,a,1", "absent.png,b,0"), "line 3: .*absent.png"),
        ((f"file,patient,{KEY}", "large.png,,1"), "line 2: patient"),
        ((f"file,patient,{KEY}",), "no line"),
    ],
)
def test_an_unclear_table_is_refused_by_line(
    films: Path, lines: tuple[str, ...], named: str
) -> None:
    package = build_package(films / "package")
    with pytest.raises(FileProblem, match=named):
        run_models_evaluate(package, table(films, *lines), films / "out.json")


def test_a_package_that_fails_its_check_is_not_measured(films: Path) -> None:
    package = build_package(films / "package")
    (package / "LICENSE").write_text("changed")
    with pytest.raises(ModelError, match="LICENSE"):
        run_models_evaluate(package, table(films, "file,patient"), films / "out.json")


def test_a_table_of_a_spreadsheet_that_writes_semicolons_is_read(films: Path) -> None:
    found = measured(films, f"file;patient;{KEY}", "large.png;a;1", "small.png;b;0")
    assert found["measured"] == 2


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((f"file,patient,{KEY}", "large.png,a,1", "large.png,b,0"), "lines 2 and 3 name the same"),
        (
            (f"file,patient,{KEY},mask_hart", "large.png,a,1,heart.png"),
            "mask_hart; it has mask_heart",
        ),
        (("File,Patient,Truth", "large.png,a,1"), "it has File, Patient, Truth"),
    ],
)
def test_a_table_that_would_measure_something_else_is_refused(
    films: Path, lines: tuple[str, ...], said: str
) -> None:
    with pytest.raises(FileProblem, match=said):
        measured(films, *lines)


def test_a_file_that_cannot_be_written_is_told_before_anything_is_measured(
    films: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("viewer.app.headless.evaluate_command._outcomes", None)
    labels = table(films, f"file,patient,{KEY}", "large.png,a,1")
    package = build_package(films / "package")
    with pytest.raises(FileProblem, match="cannot be written"):
        run_models_evaluate(package, labels, films / "large.png" / "figures.json", "cpu")


def test_what_is_printed_counts_both_kinds_and_names_what_was_not_used(
    films: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    measured(films, f"file,patient,{KEY},ward", "large.png,a,1,x", "small.png,b,0,x")
    said = capsys.readouterr().out
    assert f"{KEY} (1 images with it, 1 without): AUROC 1.0" in said
    assert "not used: ward" in said and "95 % intervals" in said


@pytest.mark.parametrize("inside", [1, 100, 255])
def test_a_mask_may_have_any_grey_inside(films: Path, inside: int) -> None:
    true = (phantom(160, 160, LARGE) == HEART).astype(np.uint8) * inside
    Image.fromarray(true).save(films / "grey.png")
    found = measured(films, "file,patient,mask_heart", "large.png,a,grey.png")
    assert found["masks"]["heart"]["dice"]["value"] > 0.95
