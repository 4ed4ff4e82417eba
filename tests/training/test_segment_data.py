"""Masks belong to their images: by name, by folder, by grey level; what is missing is never taken for empty."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from PIL import Image

from models.training.common.own_settings import PARTS, DataError
from models.training.segment.data import Mask, load
from models.training.segment.images import image_tensor, mask_tensor, outline, pair
from models.training.segment.settings import Options

PATIENTS = 40


@pytest.fixture
def options(tmp_path: Path) -> Options:
    paths = (tmp_path / name for name in ("data", "my_model", "run"))
    return Options(*paths, size=32, patients=r"(p\d+)")


def _saved(path: Path, values: np.ndarray) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(values.astype(np.uint8)).save(path)
    return path


def _image(number: int) -> np.ndarray:
    return np.indices((24, 16)).sum(axis=0) * 4 + number


def _mask(level: int = 255) -> np.ndarray:
    values = np.zeros((24, 16))
    values[4:10, 3:9] = level
    return values


def test_masks_beside_their_images_are_found_and_named_after_the_model(options: Options) -> None:
    for number in range(PATIENTS):
        place = options.data / f"p{number:02d}"
        _saved(place / "001.png", _image(number))
        _saved(place / "001_mask.png", _mask())
    found = load(options)
    assert found.labels == ("my_model",)
    assert len(found.samples) == PATIENTS
    for sample in found.samples:
        (mask,) = sample.masks
        assert mask is not None and mask.file.parent == sample.file.parent


def test_a_folder_per_structure_names_the_structures(options: Options) -> None:
    for number in range(PATIENTS):
        _saved(options.data / "images" / f"p{number:02d}.png", _image(number))
        for title in ("Heart", "Left lung"):
            _saved(options.data / "masks" / title / f"p{number:02d}.png", _mask())
    found = load(options)
    assert found.labels == ("heart", "left_lung")
    assert all(sample.masks[1].file.parent.name == "Left lung" for sample in found.samples)


def test_a_folder_of_masks_may_hold_patients_as_the_images_do(options: Options) -> None:
    for number in range(PATIENTS):
        for folder, values in (("images", _image(number)), ("masks", _mask())):
            _saved(options.data / folder / f"p{number:02d}" / "1.png", values)
    found = load(options)
    assert found.labels == ("my_model",)
    assert {sample.masks[0].file.parent.name for sample in found.samples} == {
        sample.patient for sample in found.samples
    }


def test_grey_levels_are_structures_when_named(options: Options) -> None:
    for number in range(PATIENTS):
        _saved(options.data / "images" / f"p{number:02d}.png", _image(number))
        _saved(options.data / "masks" / f"p{number:02d}.png", _mask(2) + (_mask() == 0))
    found = load(replace(options, labels=(("heart", 2), ("rest", 1))))
    assert found.labels == ("heart", "rest")
    masks = pair(found.samples[0], options).masks
    assert (masks[0] == (_mask() > 0)).all() and (masks[1] == (_mask() == 0)).all()


def _images_with_some_masks(options: Options) -> None:
    for number in range(PATIENTS):
        _saved(options.data / "images" / f"p{number:02d}.png", _image(number))
        if number % 2:
            _saved(options.data / "masks" / f"p{number:02d}.png", _mask())


def test_an_image_without_a_mask_is_refused_unless_that_means_empty(options: Options) -> None:
    _images_with_some_masks(options)
    with pytest.raises(DataError, match="no mask for every structure"):
        load(options)
    found = load(replace(options, missing_is_empty=True))
    assert {sample.masks[0] is None for sample in found.samples} == {True, False}


def test_a_table_says_which_mask_is_whose_and_an_empty_cell_is_absence(options: Options) -> None:
    _images_with_some_masks(options)
    lines = ["file,patient,split,mask_Heart"]
    for number in range(6):
        mask = f"masks/p{number:02d}.png" if number % 2 else ""
        lines.append(f"images/p{number:02d}.png,P{number},{PARTS[number // 2]},{mask}")
    table = options.data / "table.csv"
    table.write_text("\n".join(lines) + "\n")
    found = load(replace(options, data=table))
    assert found.labels == ("heart",)
    assert [sample.masks[0] is None for sample in found.part("test")] == [True, False]
    table.write_text("file,patient,mask_Heart\nimages/p00.png,P0,masks/none.png\n")
    with pytest.raises(DataError, match=r"line of images/p00\.png.*masks that are there"):
        load(replace(options, data=table))


def test_a_part_without_the_structure_is_refused(options: Options) -> None:
    for number, part in enumerate(PARTS):
        place = options.data / part
        _saved(place / "images" / f"p{number}.png", _image(number))
        if part != "val":
            _saved(place / "masks" / f"p{number}.png", _mask())
    with pytest.raises(DataError, match="part val needs images with a mask"):
        load(replace(options, missing_is_empty=True))


def test_masks_that_cannot_be_meant_are_refused(tmp_path: Path) -> None:
    full = _saved(tmp_path / "full.png", np.full((24, 16), 255))
    with pytest.raises(DataError, match="is it inverted"):
        outline(Mask(full), (24, 16))
    with pytest.raises(DataError, match="24 x 16 pixels, its image 12 x 16"):
        outline(Mask(_saved(tmp_path / "m.png", _mask())), (12, 16))
    with pytest.raises(DataError, match="keep edges sharp"):
        outline(Mask(_saved(tmp_path / "m.jpg", _mask())), (24, 16))


def test_a_mask_lies_where_the_image_does_in_the_tensor(options: Options) -> None:
    """Of a bright square the mask of the tensor is the bright square of the tensor."""
    image = np.where(_mask() > 0, 200, 20)
    image[0, 0], image[0, 1] = 0, 255
    for number in range(PATIENTS):
        _saved(options.data / "images" / f"p{number:02d}.png", image)
        _saved(options.data / "masks" / f"p{number:02d}.png", _mask())
    both = pair(load(options).samples[0], options)
    tensor, (mask,) = image_tensor(both, options).tensor, mask_tensor(both, options)
    bright = tensor > (tensor.max() + tensor.min()) / 2
    assert ((mask > 127) != bright).sum() <= 4
    assert bright.sum() > 40


def test_a_dicom_image_names_its_patient_and_takes_a_picture_as_mask(options: Options) -> None:
    ramp = np.linspace(0, 4000, 24 * 16).reshape(24, 16).astype(np.uint16)
    (options.data / "images").mkdir(parents=True)
    for number in range(PATIENTS):
        file = options.data / "images" / f"{number}.dcm"
        write_film(file, ramp, "DOE^JANE", f"ID-{number}", f"2.25.{number + 1}")
        _saved(options.data / "masks" / f"{number}.png", _mask())
    found = load(options)
    assert {sample.patient for sample in found.samples} == {f"ID-{n}" for n in range(PATIENTS)}
    assert (pair(found.samples[0], options).masks[0] == (_mask() > 0)).all()
