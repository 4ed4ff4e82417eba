"""Folders become studies in growing batches; patients stay apart; every file is accounted for."""

import os
import shutil

import numpy as np
import pytest

from viewer.base.errors import Cancelled, FileProblem
from viewer.dicom.indexer import index
from viewer.domain.study import StudyIndex


def found_in(*paths) -> StudyIndex:
    return index(paths, lambda _: None, lambda _: None)


def reasons(found: StudyIndex) -> list[str]:
    return [problem.reason for problem in found.problems]


def test_a_folder_is_read_with_all_below_it(make_dicom) -> None:
    first = make_dicom("a/one.dcm", InstanceNumber=1)
    make_dicom("a/b/two", InstanceNumber=2)
    found = found_in(first.parent)
    (study,) = found.studies
    assert [len(series.instances) for series in study.series] == [2]
    assert found.files_seen == 2


def test_other_files_in_a_folder_are_counted_not_listed(make_dicom) -> None:
    folder = make_dicom("image.dcm").parent
    (folder / "readme.txt").write_text("hello " * 100)
    (folder / "empty").touch()
    (folder / "DICOMDIR").write_bytes(b"anything")
    found = found_in(folder)
    assert found.skipped == 3
    assert found.problems == ()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_named_pipe_in_a_folder_does_not_block(make_dicom) -> None:
    folder = make_dicom("image.dcm").parent
    os.mkfifo(folder / "pipe")
    found = found_in(folder)
    assert (len(found.studies), found.skipped) == (1, 1)


def test_a_text_file_that_was_named_is_refused_by_name(tmp_path) -> None:
    path = tmp_path / "letter.dcm"
    path.write_text("Dear colleague, " * 50)
    assert reasons(found_in(path)) == ["letter.dcm is not a DICOM file."]


def test_an_empty_folder_holds_no_study(tmp_path) -> None:
    assert found_in(tmp_path) == StudyIndex()


def test_a_path_that_does_not_exist_is_named(tmp_path) -> None:
    with pytest.raises(FileProblem, match="nowhere does not exist"):
        found_in(tmp_path / "nowhere")


def test_two_patients_stay_apart(make_dicom) -> None:
    folder = make_dicom("a.dcm", PatientID="1", StudyInstanceUID="1.1").parent
    make_dicom("b.dcm", PatientID="2", StudyInstanceUID="1.2")
    assert [study.patient.patient_id for study in found_in(folder).studies] == ["1", "2"]


def test_one_study_uid_with_two_patients_is_never_merged(make_dicom) -> None:
    folder = make_dicom("a.dcm", PatientID="1").parent
    make_dicom("b.dcm", PatientID="2")
    found = found_in(folder)
    assert [study.patient.patient_id for study in found.studies] == ["1", "2"]
    uids = [shown.uid for study in found.studies for shown in study.display_sets]
    assert len(set(uids)) == 2
    assert reasons(found) == [
        "b.dcm has the Study Instance UID of another patient's study; the two are kept apart. "
        "Check the patient's identity."
    ]


def test_the_same_birth_date_and_id_under_another_name_is_another_patient(make_dicom) -> None:
    folder = make_dicom("a.dcm", PatientName="A").parent
    make_dicom("b.dcm", PatientName="B")
    assert len(found_in(folder).studies) == 2


def test_a_copy_of_an_instance_is_kept_once(make_dicom) -> None:
    first = make_dicom("a.dcm")
    shutil.copy(first, first.with_name("b.dcm"))
    found = found_in(first.parent)
    assert len(found.studies[0].series[0].instances) == 1
    assert found.problems == ()


def test_another_image_under_the_same_uid_is_a_problem(make_dicom) -> None:
    folder = make_dicom("a.dcm", SOPInstanceUID="1.9").parent
    make_dicom("b.dcm", pixels=np.ones((8, 8), np.uint16), SOPInstanceUID="1.9")
    found = found_in(folder)
    assert len(found.studies[0].series[0].instances) == 1
    assert "b.dcm has the same SOP Instance UID as a.dcm but other content" in reasons(found)[0]


def test_an_image_without_pixels_is_listed_with_the_reason(make_dicom) -> None:
    found = found_in(make_dicom("hollow.dcm", PixelData=None))
    assert reasons(found) == ["hollow.dcm holds no pixels, so there is nothing to show."]
    assert found.studies[0].display_sets == ()


def test_a_report_without_pixels_is_no_problem(real_file) -> None:
    found = found_in(real_file("test-SR.dcm"))
    assert found.problems == ()
    assert found.studies[0].display_sets == ()


def test_an_instance_without_study_is_refused(make_dicom) -> None:
    found = found_in(make_dicom("stray.dcm", StudyInstanceUID=None))
    assert "stray.dcm has no Study Instance UID" in reasons(found)[0]
    assert found.studies == ()


def test_lying_dimensions_are_said_when_the_file_is_found(make_dicom) -> None:
    found = found_in(make_dicom("lying.dcm", Rows=80))
    assert reasons(found) == [
        "lying.dcm cannot be shown: it holds 128 bytes of pixels where its header describes 1280."
    ]


def test_more_pixels_than_described_are_shown_with_a_warning(make_dicom) -> None:
    found = found_in(make_dicom("long.dcm", Rows=4))
    assert "describes only 64; its size may be stated wrongly" in reasons(found)[0]
    assert len(found.studies[0].display_sets) == 1


def test_batches_grow_and_the_last_is_in_the_result(make_dicom) -> None:
    folder = make_dicom("0.dcm").parent
    for number in range(1, 12):
        make_dicom(f"{number}.dcm", InstanceNumber=number)
    batches: list[StudyIndex] = []
    found = index([folder], batches.append, lambda _: None)
    assert 4 <= batches[0].files_seen < found.files_seen
    assert [batch.files_seen for batch in batches] == sorted(b.files_seen for b in batches)


def test_a_display_set_keeps_its_uid_while_its_series_grows(make_dicom) -> None:
    paths = [
        make_dicom(
            f"{number}.dcm",
            InstanceNumber=number,
            ImagePositionPatient=[0, 0, number],
            ImageOrientationPatient=[1, 0, 0, 0, 1, 0],
        )
        for number in range(5)
    ]
    uids = {found_in(*paths[:count]).studies[0].display_sets[0].uid for count in (1, 3, 5)}
    assert len(uids) == 1


def test_indexing_stops_when_the_reader_gives_up(make_dicom) -> None:
    folder = make_dicom("0.dcm").parent
    for number in range(1, 40):
        make_dicom(f"{number}.dcm")

    def give_up(share: float) -> None:
        if share > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        index([folder], lambda _: None, give_up)


def test_files_without_preamble_are_sorted_by_position(shared_data) -> None:
    found = found_in(shared_data / "dicom" / "chest_ct_1mm_no_preamble")
    assert found.problems == ()
    (shown,) = found.studies[0].display_sets
    assert len(shown.frames) == 120
    names = [ref.path.name for ref in shown.frames]
    assert names != sorted(names)


def test_a_tilted_series_of_two_spacings_says_so(shared_data) -> None:
    found = found_in(shared_data / "dicom" / "head_ct_tilted_mixed_thickness")
    (shown,) = found.studies[0].display_sets
    notes = " ".join(shown.notes)
    assert "changes its slice spacing from 4 mm to 7 mm" in notes
    assert "is tilted by 18.5°" in notes


def test_every_file_of_pydicom_is_listed_skipped_or_explained(real_file) -> None:
    folder = real_file("CT_small.dcm").parent
    found = found_in(folder)
    listed = sum(len(series.instances) for study in found.studies for series in study.series)
    assert found.files_seen > 150
    assert listed > 80
    assert all(problem.path.name in problem.reason for problem in found.problems)
