"""Modality Worklist with the worklist plugin of a real Orthanc."""

import shutil
from pathlib import Path

import pytest
from pacs_partners import WORKLISTS, Orthanc, Unwatched
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from viewer.base.errors import NetworkError
from viewer.dicom.network.services import scheduled
from viewer.domain.pacs import StudyQuery


def write_step(folder: Path, name: str, patient: str, modality: str, date: str) -> None:
    step = Dataset()
    step.Modality = modality
    step.ScheduledStationAETitle = "CT1"
    step.ScheduledProcedureStepStartDate = date
    step.ScheduledProcedureStepStartTime = "0930"
    step.ScheduledProcedureStepDescription = "CT chest"
    entry = Dataset()
    entry.SpecificCharacterSet = "ISO_IR 192"
    entry.AccessionNumber = f"A-{name}"
    entry.PatientName = patient
    entry.PatientID = f"ID-{name}"
    entry.PatientBirthDate = "19600229"
    entry.PatientSex = "M"
    entry.StudyInstanceUID = f"2.25.{len(name)}"
    entry.RequestedProcedureDescription = "CT chest with contrast"
    entry.ScheduledProcedureStepSequence = [step]
    meta = FileMetaDataset()
    meta.TransferSyntaxUID = ExplicitVRLittleEndian
    meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.31"
    meta.MediaStorageSOPInstanceUID = f"2.25.9{len(name)}"
    entry.file_meta = meta
    entry.save_as(folder / f"{name}.wl", enforce_file_format=True)


@pytest.fixture
def worklists(orthanc: Orthanc) -> Orthanc:
    if not WORKLISTS.exists():
        pytest.skip("Orthanc's worklist plugin is not on this machine")
    folder = orthanc.folder / "worklists"
    shutil.rmtree(folder)
    folder.mkdir()
    (folder / "lockfile").touch()
    write_step(folder, "one", "Ρίτσος^Γιάννης", "CT", "20261123")
    write_step(folder, "three", "Doe^Jane", "MR", "20261122")
    return orthanc


def test_scheduled_steps_are_listed_in_order_of_their_start(worklists: Orthanc) -> None:
    steps = scheduled(worklists.node(), StudyQuery(), Unwatched())
    assert [step.patient_name for step in steps] == ["Doe^Jane", "Ρίτσος^Γιάννης"]
    last = steps[1]
    assert (last.accession_number, last.modality, last.station) == ("A-one", "CT", "CT1")
    assert (last.start_date, last.start_time) == ("20261123", "0930")
    assert last.procedure == "CT chest with contrast"


def test_scheduled_steps_are_found_by_modality_and_date(worklists: Orthanc) -> None:
    def found(query: StudyQuery) -> list[str]:
        steps = scheduled(worklists.node(), query, Unwatched())
        return [step.accession_number for step in steps]

    assert found(StudyQuery(modality="MR")) == ["A-three"]
    assert found(StudyQuery(date_from="20261123", date_to="20261130")) == ["A-one"]
    assert found(StudyQuery(patient_name="nobody")) == []


def test_a_dicomweb_node_has_no_worklist_and_says_so(orthanc: Orthanc) -> None:
    with pytest.raises(NetworkError, match="use its DICOM connection"):
        scheduled(orthanc.web(), StudyQuery(), Unwatched())
