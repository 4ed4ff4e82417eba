"""An object opens by its kind, and never under another patient's study."""

from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread

from viewer.app.open_object import KIND_NAMES, open_object
from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.domain.study_object import ObjectKind

WAVEFORM = "1.2.840.10008.5.1.4.1.1.9.1.1"


@pytest.fixture
def with_waveform(two_patients: Path) -> Path:
    """Beside the two films a waveform of Jane's study."""
    dataset = dcmread(two_patients / "jane.dcm")
    dataset.SOPInstanceUID = dataset.file_meta.MediaStorageSOPInstanceUID = "2.25.77"
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = WAVEFORM
    del dataset.PixelData
    dataset.save_as(two_patients / "ecg.dcm", enforce_file_format=True)
    return two_patients


def test_every_kind_has_a_name() -> None:
    assert set(KIND_NAMES) == set(ObjectKind)


def test_a_kind_without_a_view_of_its_own_shows_its_attributes(
    bench: Workbench, with_waveform: Path
) -> None:
    open_paths(bench, [with_waveform])
    notices: list[str] = []
    bench.session.events.notice.subscribe(notices.append)
    jane = next(study for study in bench.session.index.studies if study.objects)
    open_object(bench, jane, jane.objects[0])
    assert any(row.value == "2.25.77" for row in bench.dialogs.shown_tags)
    assert "only its DICOM attributes" in notices[-1]


def test_another_patients_object_is_refused(bench: Workbench, with_waveform: Path) -> None:
    open_paths(bench, [with_waveform])
    jane = next(study for study in bench.session.index.studies if study.objects)
    john = next(study for study in bench.session.index.studies if not study.objects)
    with pytest.raises(ViewerError, match="another patient or study"):
        open_object(bench, john, jane.objects[0])
    same_uid = replace(john, uid=jane.uid)
    with pytest.raises(ViewerError, match="another patient or study"):
        open_object(bench, same_uid, jane.objects[0])
