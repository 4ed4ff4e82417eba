"""Wrong input: each a clear sentence naming the file; the rest of the study still opens."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pydicom
import pytest
from end_to_end_steps import Reader
from pydicom.data import get_testdata_file
from pydicom.uid import ExplicitVRLittleEndian
from PySide6.QtWidgets import QLabel


def real(name: str) -> Path:
    return Path(str(get_testdata_file(name, download=False)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mixed"
    made.mkdir()
    shutil.copy(real("CT_small.dcm"), made / "good.dcm")
    return made


def browser_words(reader: Reader) -> str:
    return "\n".join(label.text() for label in reader.program.window.browser.findChildren(QLabel))


def test_a_text_file_is_counted_and_the_study_beside_it_opens(
    make_program: Callable[[], Reader], folder: Path
) -> None:
    (folder / "letter.txt").write_text("Dear colleague, this is no image.")
    reader = make_program()
    reader.open(folder)
    assert "1 study, 1 other file skipped." in reader.strip
    assert reader.program.window.viewport.frame is not None


def test_a_truncated_file_is_named_and_the_study_beside_it_opens(
    make_program: Callable[[], Reader], folder: Path
) -> None:
    whole = real("MR_small.dcm").read_bytes()
    (folder / "cut.dcm").write_bytes(whole[:700])
    reader = make_program()
    reader.open(folder)
    assert "1 file not used" in reader.strip
    assert "cut.dcm" in reader.session.index.problems[0].reason


def test_pixels_that_are_cut_short_say_so_in_the_viewport(
    make_program: Callable[[], Reader], tmp_path: Path
) -> None:
    whole = real("CT_small.dcm").read_bytes()
    (tmp_path / "short.dcm").write_bytes(whole[: len(whole) - 20000])
    reader = make_program()
    reader.program.open([tmp_path / "short.dcm"])
    viewport = reader.program.window.viewport
    reader.wait(lambda: "short.dcm" in viewport.message or bool(reader.session.index.problems))
    assert viewport.frame is None


def test_an_unknown_transfer_syntax_is_named_in_the_viewport(
    make_program: Callable[[], Reader], tmp_path: Path
) -> None:
    image = pydicom.dcmread(real("CT_small.dcm"))
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    path = tmp_path / "odd.dcm"
    image.save_as(path)
    path.write_bytes(
        path.read_bytes().replace(b"1.2.840.10008.1.2.1\x00", b"1.2.840.10008.1.2.9\x00")
    )
    reader = make_program()
    reader.program.open([path])
    viewport = reader.program.window.viewport
    reader.wait(lambda: "odd.dcm" in viewport.message or bool(reader.session.index.problems))
    said = viewport.message + "".join(problem.reason for problem in reader.session.index.problems)
    assert "1.2.840.10008.1.2.9" in said


def test_an_empty_folder_says_that_nothing_was_found(
    make_program: Callable[[], Reader], tmp_path: Path
) -> None:
    reader = make_program()
    reader.program.open([tmp_path])
    reader.wait(lambda: "No DICOM study was found" in reader.strip)


def test_a_path_that_does_not_exist_is_named(
    make_program: Callable[[], Reader], tmp_path: Path
) -> None:
    reader = make_program()
    reader.program.open([tmp_path / "nothing"])
    reader.wait(lambda: "nothing" in reader.strip)
    assert reader.session.opened_paths == ()


def test_an_object_without_pixels_is_listed_as_having_no_image(
    make_program: Callable[[], Reader], folder: Path
) -> None:
    shutil.copy(real("rtplan.dcm"), folder / "plan.dcm")
    reader = make_program()
    reader.open(folder)
    assert len(reader.session.index.studies) == 2
    assert sum(len(study.display_sets) for study in reader.session.index.studies) == 1


def test_a_model_with_a_wrong_hash_is_set_aside_with_the_reason_and_the_image_still_shows(
    make_program: Callable[[], Reader], phantom_model: Path, folder: Path
) -> None:
    network = phantom_model / "model.onnx"
    network.write_bytes(network.read_bytes() + b"\x00")
    reader = make_program()
    reader.open(folder)
    (aside,) = reader.program.workbench.models.quarantined
    assert "model.onnx" in aside.reason
    assert "is set aside" in reader.words()


def test_one_broken_slice_is_named_on_the_screen_and_the_others_show(
    make_program: Callable[[], Reader], tmp_path: Path
) -> None:
    folder = tmp_path / "series"
    folder.mkdir()
    slice_of_ct = pydicom.dcmread(real("CT_small.dcm"))
    for number in range(3):
        slice_of_ct.SOPInstanceUID = f"1.2.3.{number}"
        slice_of_ct.InstanceNumber, slice_of_ct.ImagePositionPatient = number, [0, 0, number]
        slice_of_ct.save_as(folder / f"slice{number}.dcm")
    broken = folder / "slice2.dcm"
    broken.write_bytes(broken.read_bytes()[:-20000])
    reader = make_program()
    reader.open(folder)
    assert "1 file not used" in browser_words(reader)
    viewport, session = reader.program.window.viewport, reader.session
    for place in (0, 1):
        session.go_to(place)
        reader.wait(lambda: viewport.frame is not None)
    session.go_to(2)
    reader.wait(lambda: "slice2.dcm" in viewport.message)
    assert viewport.frame is None
    assert "truncated" in viewport.message
