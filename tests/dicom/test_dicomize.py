"""Pictures under a stated header: what is stated is there, nothing else is claimed."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from viewer.base.errors import FileProblem
from viewer.dicom.dicomize import dicomize, is_picture


def picture(path: Path, values: np.ndarray) -> Path:
    Image.fromarray(values).save(path)
    return path


def test_grey_values_and_stated_attributes_arrive_unchanged(tmp_path: Path) -> None:
    values = np.arange(12, dtype=np.uint8).reshape(3, 4)
    header = {"Modality": "DX", "ViewPosition": "PA", "PixelSpacing": "0.5\\0.5"}
    file = dicomize(picture(tmp_path / "a.png", values), tmp_path / "a.dcm", header)
    read = dcmread(file)
    assert read.pixel_array.tolist() == values.tolist()
    assert (read.Modality, read.ViewPosition, list(read.PixelSpacing)) == ("DX", "PA", [0.5, 0.5])
    assert "PatientOrientation" not in read


def test_sixteen_bits_stay_sixteen_bits(tmp_path: Path) -> None:
    values = np.array([[0, 40000], [65535, 7]], np.uint16)
    read = dcmread(dicomize(picture(tmp_path / "a.png", values), tmp_path / "a.dcm", {}))
    assert read.pixel_array.tolist() == values.tolist()


def test_an_odd_number_of_pixels_is_padded(tmp_path: Path) -> None:
    values = np.full((3, 3), 7, np.uint8)
    read = dcmread(dicomize(picture(tmp_path / "a.png", values), tmp_path / "a.dcm", {}))
    assert read.pixel_array.tolist() == values.tolist()


def test_a_photograph_stays_colour_whatever_is_stated_of_it(tmp_path: Path) -> None:
    values = np.zeros((2, 2, 3), np.uint8)
    values[..., 0] = 200
    header = {"Modality": "DX", "PhotometricInterpretation": "MONOCHROME2"}
    read = dcmread(dicomize(picture(tmp_path / "a.png", values), tmp_path / "a.dcm", header))
    assert read.PhotometricInterpretation == "RGB"


def test_grey_stored_as_equal_colours_is_grey(tmp_path: Path) -> None:
    values = np.repeat(np.arange(4, dtype=np.uint8).reshape(2, 2, 1), 3, axis=2)
    read = dcmread(dicomize(picture(tmp_path / "a.png", values), tmp_path / "a.dcm", {}))
    assert read.PhotometricInterpretation == "MONOCHROME2"
    assert read.pixel_array.tolist() == [[0, 1], [2, 3]]


@pytest.mark.parametrize("header", [{"NoSuchKeyword": "1"}, {"PixelSpacing": "wide"}])
def test_a_fact_that_is_not_dicom_is_refused_by_name(
    tmp_path: Path, header: dict[str, str]
) -> None:
    made = picture(tmp_path / "a.png", np.zeros((2, 2), np.uint8))
    with pytest.raises(FileProblem, match=next(iter(header))):
        dicomize(made, tmp_path / "a.dcm", header)


def test_a_file_that_is_no_picture_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_text("no picture")
    with pytest.raises(FileProblem, match=r"a\.png cannot be read"):
        dicomize(tmp_path / "a.png", tmp_path / "a.dcm", {})


def test_a_picture_is_told_by_its_suffix() -> None:
    assert is_picture(Path("x.JPG"))
    assert not is_picture(Path("x.dcm"))
