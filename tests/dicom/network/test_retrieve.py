"""Query and retrieve with a real Orthanc, by every way: all that was there arrives, once, byte for byte."""

from dataclasses import replace
from pathlib import Path

import pytest
from pacs_images import write_study
from pacs_partners import Orthanc, Unwatched
from pydicom import dcmread

from viewer.base.errors import Cancelled, NetworkError
from viewer.dicom.network.find import find_instances, find_studies
from viewer.dicom.network.incoming import IncomingFolder
from viewer.dicom.network.node import Node, Retrieval
from viewer.dicom.network.qido import qido_instances, qido_studies
from viewer.dicom.network.retrieve import retrieve
from viewer.dicom.network.web import web_echo
from viewer.domain.pacs import Progress, StudyQuery

WAYS = ("get", "move", "web")


def node_of(orthanc: Orthanc, way: str) -> Node:
    if way == "web":
        return orthanc.web()
    return orthanc.node(retrieval=Retrieval(way))


@pytest.fixture
def incoming(tmp_path: Path) -> IncomingFolder:
    return IncomingFolder(tmp_path / "incoming")


@pytest.mark.parametrize("way", WAYS)
def test_a_study_arrives_whole_and_unchanged(
    orthanc: Orthanc, incoming: IncomingFolder, tmp_path: Path, way: str
) -> None:
    study, files = write_study(tmp_path / "sent", (5, 3))
    orthanc.take(*files)
    told: list[Progress] = []
    end = retrieve(node_of(orthanc, way), study, incoming, told.append, Unwatched())
    assert (end.there, end.expected, end.conflicts) == (8, 8, 0)
    assert [progress.there for progress in told] == sorted(progress.there for progress in told)
    for file in files:
        original = dcmread(file)
        arrived = incoming.path_of(study, original.SOPInstanceUID)
        assert dcmread(arrived) == original
    assert not list(incoming.root.rglob("*.part"))


@pytest.mark.parametrize("way", WAYS)
def test_only_what_is_missing_is_fetched_again(
    orthanc: Orthanc, incoming: IncomingFolder, tmp_path: Path, way: str
) -> None:
    study, files = write_study(tmp_path / "sent", (4, 2))
    orthanc.take(*files)
    node = node_of(orthanc, way)
    retrieve(node, study, incoming, lambda _progress: None, Unwatched())
    here = sorted(incoming.study_folder(study).glob("*.dcm"))
    here[0].unlink()
    untouched = {path: path.stat().st_mtime_ns for path in here[1:]}
    end = retrieve(node, study, incoming, lambda _progress: None, Unwatched())
    assert end.there == 6
    assert {path: path.stat().st_mtime_ns for path in here[1:]} == untouched
    assert len(list(incoming.study_folder(study).iterdir())) == 6


@pytest.mark.parametrize("web", [False, True])
def test_studies_are_found_by_each_attribute(orthanc: Orthanc, tmp_path: Path, web: bool) -> None:
    jane, files = write_study(tmp_path / "jane", (2,))
    other = {"PatientName": "Müller^Jörg", "PatientID": "P-8", "AccessionNumber": "ACC-8"}
    john, more = write_study(
        tmp_path / "john",
        (1,),
        **other,
        SpecificCharacterSet="ISO_IR 192",
        StudyDate="20250101",
        StudyDescription="Brain",
        Modality="MR",
    )
    orthanc.take(*files, *more)

    def found(**wanted: str) -> set[str]:
        query = StudyQuery(**wanted)
        if web:
            return {match.uid for match in qido_studies(orthanc.web(), query, Unwatched())}
        return {match.uid for match in find_studies(orthanc.node(), query, Unwatched())}

    assert found() == {jane, john}
    assert found(patient_name="doe") == {jane}
    if not web:  # Orthanc 1.10 finds no name beyond ASCII by QIDO-RS, however it is encoded
        assert found(patient_name="Müller") == {john}
    assert found(patient_id="P-8") == {john}
    assert found(accession_number="ACC-7") == {jane}
    assert found(description="routine") == {jane}
    assert found(modality="MR") == {john}
    assert found(date_from="20260101") == {jane}
    assert found(date_from="20241231", date_to="20250102") == {john}
    assert found(patient_name="Nobody") == set()


def test_an_answer_tells_all_that_the_list_shows(orthanc: Orthanc, tmp_path: Path) -> None:
    study, files = write_study(tmp_path, (2, 3))
    orthanc.take(*files)
    (match,) = find_studies(orthanc.node(), StudyQuery(), Unwatched())
    (same,) = qido_studies(orthanc.web(), StudyQuery(), Unwatched())
    assert match == same
    assert match.uid == study
    assert (match.patient_name, match.patient_id, match.sex) == ("Doe^Jane", "P-7", "F")
    assert (match.series, match.instances, match.modalities) == (2, 5, ("CT",))
    assert find_instances(orthanc.node(), study, Unwatched()) != ()
    assert set(find_instances(orthanc.node(), study, Unwatched())) == set(
        qido_instances(orthanc.web(), study, Unwatched())
    )


def test_a_study_the_node_does_not_hold_is_told(orthanc: Orthanc, incoming: IncomingFolder) -> None:
    for node in (orthanc.node(), orthanc.web()):
        with pytest.raises(NetworkError, match=r"lists no image|404"):
            retrieve(node, "1.2.3", incoming, lambda _progress: None, Unwatched())


def test_a_destination_the_node_does_not_know_is_told(
    orthanc: Orthanc, incoming: IncomingFolder, tmp_path: Path
) -> None:
    study, files = write_study(tmp_path / "sent", (2,))
    orthanc.take(*files)
    node = orthanc.node(retrieval=Retrieval.MOVE, own_ae_title="STRANGER")
    with pytest.raises(NetworkError, match="0 images arrived"):
        retrieve(node, study, incoming, lambda _progress: None, Unwatched())


class Cancelling(Unwatched):
    """Cancelled once `after` instances are there."""

    def __init__(self, after: int) -> None:
        self.after = after

    def see(self, progress: Progress) -> None:
        self.cancelled = progress.there >= self.after


@pytest.mark.parametrize("way", ["get", "move"])
def test_what_arrived_before_a_cancel_stays(
    orthanc: Orthanc, incoming: IncomingFolder, tmp_path: Path, way: str
) -> None:
    study, files = write_study(tmp_path / "sent", (30, 2))
    orthanc.take(*files)
    watch = Cancelling(5)
    with pytest.raises(Cancelled):
        retrieve(node_of(orthanc, way), study, incoming, watch.see, watch)
    assert 5 <= len(list(incoming.study_folder(study).glob("*.dcm"))) <= 32
    end = retrieve(node_of(orthanc, way), study, incoming, lambda _progress: None, Unwatched())
    assert end.there == 32


def test_a_dicomweb_node_answers_an_echo_and_its_faults_are_words(orthanc: Orthanc) -> None:
    assert web_echo(orthanc.web()) < 10
    wrong = replace(orthanc.web(), url=f"http://127.0.0.1:{orthanc.http_port}/nowhere")
    with pytest.raises(NetworkError, match="404"):
        web_echo(wrong)
    with pytest.raises(NetworkError, match="nothing listens"):
        web_echo(replace(orthanc.web(), url="http://127.0.0.1:9/dicom-web"))
    with pytest.raises(NetworkError, match="is not a URL"):
        web_echo(replace(orthanc.web(), url="pacs"))
    with pytest.raises(NetworkError, match=r"host of pacs\.invalid is not known"):
        web_echo(replace(orthanc.web(), url="http://pacs.invalid/dicom-web"))
    with pytest.raises(NetworkError, match="HTTP status 400"):
        web_echo(replace(orthanc.web(), url=f"http://127.0.0.1:{orthanc.http_port}"))
