"""Data sets of folders and tables: whose an image is is never guessed, and nobody is in two parts."""

import argparse
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from PIL import Image

from models.training.classify.data import load
from models.training.classify.settings import Options
from models.training.common.own_images import prepared
from models.training.common.own_settings import PARTS, DataError, add_arguments, chosen

Make = Callable[..., Options]


@pytest.fixture
def options(tmp_path: Path) -> Options:
    return Options(tmp_path / "data", tmp_path / "out", tmp_path / "run", size=16)


def _picture(file: Path, grey: int = 100) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    values = np.full((20, 12), grey, np.uint8)
    values[:4] = 255 - grey
    Image.fromarray(values).save(file)


def _two_classes(root: Path, patients: int = 60) -> None:
    for number in range(patients):
        for view in ("a", "b"):
            folder = root / ("ill" if number % 2 else "normal")
            _picture(folder / f"p{number:03d}_{view}.png", number)


def test_pictures_without_a_word_on_whose_they_are_are_refused(options: Options) -> None:
    _two_classes(options.data)
    with pytest.raises(DataError, match="do not say whose they are"):
        load(options)


def test_all_images_of_a_patient_go_into_one_part(options: Options) -> None:
    _two_classes(options.data)
    found = load(replace(options, patients=r"^(p\d+)_"))
    parts = {part: {sample.patient for sample in found.part(part)} for part in PARTS}
    assert sum(len(patients) for patients in parts.values()) == 60
    assert all(len(found.part(part)) == 2 * len(parts[part]) for part in PARTS)


def test_the_split_is_the_same_again_and_another_with_another_seed(options: Options) -> None:
    _two_classes(options.data)
    named = replace(options, patients=r"^(p\d+)_")
    assert load(named) == load(named)
    assert load(named) != load(replace(named, seed=7))


def test_a_class_called_normal_is_no_finding(options: Options) -> None:
    _two_classes(options.data)
    found = load(replace(options, patients=r"^(p\d+)_"))
    assert found.labels == ("ill",)
    assert {s.truth for s in found.samples if s.file.parent.name == "normal"} == {(0,)}


def test_a_patient_in_two_named_parts_is_refused(options: Options) -> None:
    for part in PARTS:
        for number in range(4):
            name = f"p{number}_{part}.png"
            _picture(options.data / part / ("ill" if number % 2 else "normal") / name, number)
    with pytest.raises(DataError, match="4 patients are in more than one part"):
        load(replace(options, patients=r"^(p\d+)_"))
    assert len(load(replace(options, each_file=True)).samples) == 12


def _table(options: Options, lines: list[str]) -> Options:
    options.data.mkdir(exist_ok=True)
    for number in range(6):
        _picture(options.data / f"{number}.png", 40 * number)
    table = options.data / "labels.csv"
    table.write_text("\n".join(lines) + "\n")
    return replace(options, data=table)


def test_a_table_may_hold_several_labels_and_name_the_split(options: Options) -> None:
    lines = ["file,patient,split,Pneumonia,Effusion"]
    for number in range(6):
        other = 1 - number % 2
        lines.append(f"{number}.png,P{number},{PARTS[number // 2]},{number % 2},{other}")
    found = load(_table(options, lines))
    assert found.labels == ("pneumonia", "effusion")
    assert [sample.truth for sample in found.part("test")] == [(0, 1), (1, 0)]


@pytest.mark.parametrize("line", ["0.png,,0", "0.png,P0,yes", "0.png,P0,"])
def test_a_line_that_leaves_something_open_is_refused(options: Options, line: str) -> None:
    with pytest.raises(DataError, match=r"the line of 0\.png"):
        load(_table(options, ["file,patient,ill", line]))


def test_a_part_without_a_positive_is_refused(options: Options) -> None:
    lines = ["file,patient,split,ill"]
    lines += [f"{n}.png,P{n},{PARTS[n // 2]},{int(n == 1)}" for n in range(6)]
    with pytest.raises(DataError, match="part val needs images with and without ill"):
        load(_table(options, lines))


def test_a_dicom_file_is_prepared_as_the_viewer_does_and_names_its_patient(
    options: Options, tmp_path: Path
) -> None:
    ramp = np.linspace(0, 4000, 64 * 48).reshape(64, 48).astype(np.uint16)
    for number in range(40):
        folder = options.data / ("ill" if number % 2 else "normal")
        folder.mkdir(parents=True, exist_ok=True)
        write_film(folder / f"{number}.dcm", ramp, "DOE^JANE", f"ID-{number}", f"2.25.{number + 1}")
    found = load(options)
    assert {sample.patient for sample in found.samples} == {f"ID-{n}" for n in range(40)}
    picture = tmp_path / "same.png"
    Image.fromarray(ramp).save(picture)
    np.testing.assert_allclose(
        prepared(found.samples[0].file, options.operations),
        prepared(picture, options.operations),
        atol=1e-5,
    )


def test_a_normal_class_that_is_not_there_is_refused_not_taken_for_none(options: Options) -> None:
    _two_classes(options.data)
    with pytest.raises(DataError, match="none of the classes ill, normal"):
        load(replace(options, patients=r"^(p\d+)_", normal="healthy"))


def test_what_systems_leave_among_images_is_passed_over_and_anything_else_is_refused(
    options: Options,
) -> None:
    _two_classes(options.data)
    named = replace(options, patients=r"^(p\d+)_")
    before = load(named)
    for name in ("Thumbs.db", ".DS_Store", "desktop.ini"):
        (options.data / "ill" / name).write_bytes(b"x")
    assert load(named) == before
    (options.data / "ill" / "notes.txt").write_text("x")
    with pytest.raises(DataError, match="neither a picture nor DICOM"):
        load(named)


def test_a_table_with_semicolons_is_read_and_one_that_is_not_there_is_said(
    options: Options, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    with pytest.raises(DataError, match="cannot be read"):
        load(replace(options, data=table))
    lines = [f"p{n}.png;p{n};{n % 2}" for n in range(60)]
    table.write_text("\n".join(["file;patient;ill", *lines]))
    assert len(load(replace(options, data=table)).samples) == 60


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--epochs", "0"], "--epochs must be at least 1"),
        (["--size", "10"], "--size must be at least 32"),
        (["--patients", "(x"], "--patients is no pattern"),
        (["--modality", "X-ray"], "DICOM's own terms"),
    ],
)
def test_an_option_nobody_can_train_with_is_refused_before_anything_is_read(
    given: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", type=Path)
    add_arguments(parser, ("small",), Options)
    whole = ["--data", "x", "--out", "y", "--modality", "DX", *given]
    with pytest.raises(SystemExit):
        chosen(parser, whole, Options)
    assert said in capsys.readouterr().err
