"""From the files of a series to a run: sorted, hashed, refused where its geometry leaves a doubt."""

from pathlib import Path

import numpy as np
import pytest
from phantom_series import CHEST, LUNGS, Ball, Stack, chest
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import CTImageStorage, ExplicitVRLittleEndian
from series_packages import build_detector

from viewer.app.analyze_display_set import analyze_display_set
from viewer.base.errors import Cancelled
from viewer.dicom.indexer import index
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import RunState
from viewer.inference.analysis import Analysis
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.session import Device, SessionPool

BALL = Ball((*LUNGS[0], 60.0), 15.0)


@pytest.fixture
def detector(tmp_path: Path) -> ModelPackage:
    return load_package(build_detector(tmp_path / "detector"))


def write_chest(folder: Path, stack: Stack = CHEST, **header: object) -> Path:
    """The phantom chest as files of one CT series, named in no useful order."""
    folder.mkdir()
    for i, frame in enumerate(chest(stack, [BALL])):
        assert frame.plane is not None
        dataset = Dataset()
        dataset.SOPClassUID, dataset.SOPInstanceUID = CTImageStorage, f"2.25.9{i:04d}"
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = "2.25.91", "2.25.92"
        dataset.PatientID, dataset.PatientName, dataset.PatientAge = "P1", "Phantom", "060Y"
        dataset.Modality, dataset.BodyPartExamined = "CT", "CHEST"
        dataset.SeriesNumber, dataset.InstanceNumber = 3, i + 1
        dataset.FrameOfReferenceUID = "2.25.93"
        dataset.ImagePositionPatient = list(frame.plane.position_lps_mm)
        dataset.ImageOrientationPatient = [*frame.plane.row_cosines, *frame.plane.column_cosines]
        dataset.PixelSpacing = [stack.row_mm, stack.column_mm]
        dataset.SliceThickness = stack.slice_mm
        dataset.RescaleSlope, dataset.RescaleIntercept, dataset.RescaleType = 1, -1024, "HU"
        dataset.Rows, dataset.Columns = frame.stored.shape
        dataset.BitsAllocated = dataset.BitsStored = 16
        dataset.HighBit, dataset.PixelRepresentation, dataset.SamplesPerPixel = 15, 0, 1
        dataset.PhotometricInterpretation = "MONOCHROME2"
        dataset.PixelData = np.ascontiguousarray(frame.stored).tobytes()
        for keyword, value in header.items():
            setattr(dataset, keyword, value)
        dataset.file_meta = FileMetaDataset()
        dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
        dataset.save_as(folder / f"{(7 * i) % 100:03d}.dcm", enforce_file_format=True)
    return folder


def shown(folder: Path) -> DisplaySet:
    found = index([folder], lambda _index: None, lambda _share: None)
    (display_set,) = found.studies[0].display_sets
    return display_set


def analyzed(package: ModelPackage, display_set: DisplaySet, report=lambda share: None) -> Analysis:
    pool, device = SessionPool(), Device.CPU
    return analyze_display_set(package, display_set, pool, device, "", report, lambda stop: None)


def test_a_series_is_read_from_its_files_with_evidence_of_each(
    tmp_path: Path, detector: ModelPackage
) -> None:
    display_set = shown(write_chest(tmp_path / "series"))
    told: list[float] = []
    run = analyzed(detector, display_set, told.append).run
    assert run.state is RunState.DONE, run.reason
    (finding,) = run.findings
    assert finding.laterality == "R"
    assert len({evidence.file_sha256 for evidence in run.inputs}) == CHEST.count
    assert told == sorted(told) and told[-1] == 1.0
    position = [ref.place for ref in display_set.frames].index(finding.localization.place)
    assert finding.label.endswith(f"slice {position + 1}")


def test_a_series_with_a_slice_missing_is_not_applicable(
    tmp_path: Path, detector: ModelPackage
) -> None:
    folder = write_chest(tmp_path / "series")
    (folder / f"{(7 * 20) % 100:03d}.dcm").unlink()
    run = analyzed(detector, shown(folder)).run
    assert run.state is RunState.NOT_APPLICABLE
    assert "not evenly apart: 6.00 mm" in run.reason
    assert run.findings == () and run.inputs == ()


def test_a_series_that_cannot_be_decoded_is_a_failed_run(
    tmp_path: Path, detector: ModelPackage
) -> None:
    folder = write_chest(tmp_path / "series")
    display_set = shown(folder)
    (folder / "007.dcm").unlink()
    run = analyzed(detector, display_set).run
    assert run.state is RunState.FAILED
    assert "007.dcm" in run.reason


def test_giving_up_ends_between_two_slices(tmp_path: Path, detector: ModelPackage) -> None:
    display_set = shown(write_chest(tmp_path / "series"))
    calls = 0

    def give_up(_share: float) -> None:
        nonlocal calls
        calls += 1
        if calls == 5:
            raise Cancelled

    with pytest.raises(Cancelled):
        analyzed(detector, display_set, give_up)
    assert calls == 5


def test_a_tilted_gantry_of_two_thicknesses_is_refused(tmp_path: Path, shared_data: Path) -> None:
    def any_part(manifest: dict) -> None:
        manifest["applicability"]["body_part"] = []

    package = load_package(build_detector(tmp_path / "any_part", any_part))
    display_set = shown(shared_data / "dicom/head_ct_tilted_mixed_thickness")
    run = analyzed(package, display_set).run
    assert run.state is RunState.NOT_APPLICABLE
    assert "evenly apart" in run.reason or "tilted" in run.reason
