"""Reports, documents, segmentations and presentation states are listed under their own patient's study."""

from pathlib import Path

import pytest
from pydicom.dataset import Dataset

from viewer.dicom.indexer import index
from viewer.dicom.study_objects import object_kind
from viewer.domain.study import Study
from viewer.domain.study_object import ObjectKind

SR, KOS, PDF, SEG, LABEL_MAP, GSPS = (
    f"1.2.840.10008.5.1.4.1.1.{part}"
    for part in ("88.33", "88.59", "104.1", "66.4", "66.7", "11.1")
)


def studies(*paths: Path) -> tuple[Study, ...]:
    return index(paths, lambda _batch: None, lambda _fraction: None).studies


def item(**attributes: object) -> Dataset:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


@pytest.mark.parametrize(
    ("sop_class", "has_pixels", "kind"),
    [
        (SR, False, ObjectKind.REPORT),
        (KOS, False, ObjectKind.KEY_OBJECTS),
        (PDF, False, ObjectKind.DOCUMENT),
        (SEG, True, ObjectKind.SEGMENTATION),
        (LABEL_MAP, True, ObjectKind.SEGMENTATION),
        (GSPS, False, ObjectKind.PRESENTATION_STATE),
        ("1.2.840.10008.5.1.4.1.1.67", False, ObjectKind.OTHER),
        ("1.2.840.10008.5.1.4.1.1.481.2", True, None),
        ("1.2.840.10008.5.1.4.1.1.2", True, None),
        ("1.2.840.10008.5.1.4.1.1.2", False, None),
    ],
)
def test_the_storage_class_says_what_an_instance_is(sop_class, has_pixels, kind) -> None:
    assert object_kind(sop_class, has_pixels=has_pixels) is kind


def test_a_report_is_listed_under_its_study_with_title_and_date(real_file) -> None:
    (study,) = studies(real_file("test-SR.dcm"))
    (found,) = study.objects
    assert (found.kind, found.title, found.date) == (ObjectKind.REPORT, "Diagnosis", "20010213")
    assert (found.study_uid, found.patient_key) == (study.uid, study.patient.key)
    assert study.display_sets == ()


def test_a_segmentation_is_no_display_set_and_names_its_source_images(shared_data) -> None:
    folder = shared_data / "dicom/mixed/dcmqi/data/segmentations"
    paths = [folder / name for name in ("ct-3slice", "liver.dcm")]
    (study,) = studies(*paths)
    (found,) = study.objects
    assert {shown.modality for shown in study.display_sets} == {"CT"}
    assert found.kind is ObjectKind.SEGMENTATION
    slices = {ref.sop_instance_uid for shown in study.display_sets for ref in shown.frames}
    assert {reference.sop_instance_uid for reference in found.references} == slices


def test_a_presentation_state_names_the_frames_it_is_for(make_dicom) -> None:
    image = item(
        ReferencedSOPClassUID="1.2.840.10008.5.1.4.1.1.2.1",
        ReferencedSOPInstanceUID="1.9",
        ReferencedFrameNumber=[2, 3],
    )
    series = item(SeriesInstanceUID="1.2.3.4", ReferencedImageSequence=[image])
    path = make_dicom(
        SOPClassUID=GSPS, Modality="PR", PixelData=None, ReferencedSeriesSequence=[series]
    )
    (study,) = studies(path)
    (reference,) = study.objects[0].references
    assert (reference.sop_instance_uid, reference.frames) == ("1.9", (1, 2))


def test_a_report_names_its_evidence(shared_data) -> None:
    path = shared_data / "dicom/mixed/dcmqi/data/sr-example/sr.dcm"
    (study,) = studies(path)
    assert len(study.objects[0].references) == 193


def test_another_patients_object_under_the_same_study_uid_is_not_listed_here(make_dicom) -> None:
    folder = make_dicom("image.dcm").parent
    make_dicom("mine.dcm", SOPClassUID=SR, Modality="SR", PixelData=None)
    make_dicom("other.dcm", SOPClassUID=SR, Modality="SR", PixelData=None, PatientID="P2")
    by_patient = {study.patient.patient_id: study for study in studies(folder)}
    assert [found.path.name for found in by_patient["P1"].objects] == ["mine.dcm"]
    assert [found.path.name for found in by_patient["P2"].objects] == ["other.dcm"]


def test_an_image_that_lacks_its_pixels_is_no_object(make_dicom) -> None:
    (study,) = studies(make_dicom("hollow.dcm", PixelData=None))
    assert study.objects == ()


def test_objects_come_in_the_order_of_their_series(make_dicom) -> None:
    folder = make_dicom("a.dcm", SOPClassUID=SR, PixelData=None, SeriesNumber=9).parent
    make_dicom("b.dcm", SOPClassUID=PDF, PixelData=None, SeriesNumber=2, SeriesInstanceUID="1.5")
    (study,) = studies(folder)
    assert [found.series_number for found in study.objects] == [2, 9]
