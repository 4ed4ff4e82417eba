"""Segmentations come over their own patient's images only, and each segment can be hidden."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from held_runner import HeldRunner
from segment_files import describe, letter, write_seg, write_slices

from viewer.app.jobs import Job, Lane
from viewer.app.open_object import open_object
from viewer.app.open_segments import SegmentView
from viewer.app.open_study import open_paths, show_display_set
from viewer.app.segments import (
    DrawnSegments,
    SegmentPlacements,
    has_segments,
    remove_segmentation,
    toggle_segment,
)
from viewer.app.settings import Reading
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.dicom.segmentation import read_segmentation
from viewer.domain.study import Study
from viewer.review.reading import ReadingMode

LETTERS = np.stack([letter(number) for number in range(4)])


@pytest.fixture
def jane(bench: Workbench, tmp_path: Path) -> Study:
    """Jane's CT with a segmentation of two segments, most of it on the third slice."""
    folder = tmp_path / "jane"
    folder.mkdir()
    slices = write_slices(folder)
    second = LETTERS.copy()
    second[2, 30:40, 30:56] = True
    both = np.stack([LETTERS, second & ~LETTERS], axis=-1).astype(np.uint8)
    parts = [describe(1, "One"), describe(2, "Two", automatic=False)]
    write_seg(folder / "seg.dcm", slices, both, "BINARY", parts)
    open_paths(bench, [folder])
    return bench.session.index.studies[0]


def drawn(bench: Workbench) -> DrawnSegments:
    assert bench.session.shown is not None
    return SegmentPlacements().drawn(bench.session, decode(bench.session.shown.ref))


def labels(bench: Workbench) -> list[str]:
    return [each.segment.label for each in drawn(bench).segments]


def test_opening_goes_to_the_slice_with_most_of_it(bench: Workbench, jane: Study) -> None:
    bench.session.go_to(0)
    open_object(bench, jane, jane.objects[0])
    assert bench.session.shown is not None
    plane = decode(bench.session.shown.ref).plane
    assert plane is not None
    along = np.dot(np.subtract(plane.position_lps_mm, (10.0, -20.0, 30.0)), plane.normal)
    assert along == pytest.approx(8.0, abs=0.01)
    assert labels(bench) == ["One", "Two"]


def test_a_segment_is_hidden_and_shown_again(bench: Workbench, jane: Study) -> None:
    open_object(bench, jane, jane.objects[0])
    uid = jane.objects[0].sop_instance_uid
    toggle_segment(bench, jane, uid, 1)
    assert labels(bench) == ["Two"]
    toggle_segment(bench, jane, uid, 1)
    assert labels(bench) == ["One", "Two"]


def test_all_segments_go_and_come_with_one_key(bench: Workbench, jane: Study) -> None:
    open_object(bench, jane, jane.objects[0])
    bench.session.segments.show(False)
    assert labels(bench) == []
    assert has_segments(bench)


def test_a_removed_segmentation_comes_back_by_opening_it(bench: Workbench, jane: Study) -> None:
    open_object(bench, jane, jane.objects[0])
    remove_segmentation(bench, jane, jane.objects[0].sop_instance_uid)
    assert labels(bench) == [] and not has_segments(bench)
    open_object(bench, jane, jane.objects[0])
    assert labels(bench) == ["One", "Two"]


def test_opening_it_twice_draws_it_once(bench: Workbench, jane: Study) -> None:
    open_object(bench, jane, jane.objects[0])
    toggle_segment(bench, jane, jane.objects[0].sop_instance_uid, 1)
    open_object(bench, jane, jane.objects[0])
    assert labels(bench) == ["Two"]


@pytest.fixture
def with_double(bench: Workbench, jane: Study, tmp_path: Path) -> tuple[Study, Study]:
    """Beside Jane another patient whose files repeat all her UIDs but those of the instances."""
    folder = tmp_path / "john"
    folder.mkdir()
    reference = decode(jane.display_sets[0].frames[0]).plane
    assert reference is not None
    write_slices(
        folder,
        PatientID="ID-2",
        PatientName="ROE^JOHN",
        FrameOfReferenceUID=reference.frame_of_reference_uid,
    )
    open_paths(bench, [folder])
    studies = {study.patient.patient_id: study for study in bench.session.index.studies}
    assert studies["ID-1"].uid == studies["ID-2"].uid
    return studies["ID-1"], studies["ID-2"]


def test_another_patients_segments_are_not_drawn_though_all_uids_agree(
    bench: Workbench, with_double: tuple[Study, Study]
) -> None:
    jane, john = with_double
    open_object(bench, jane, jane.objects[0])
    assert labels(bench) == ["One", "Two"]
    show_display_set(bench, john, john.display_sets[0], 2)
    assert drawn(bench) == DrawnSegments()
    assert not has_segments(bench)
    views = bench.session.segments.of(jane)
    bench.session.segments.put(john, views)
    assert labels(bench) == []


def test_another_patients_segmentation_cannot_be_opened_here(
    bench: Workbench, with_double: tuple[Study, Study]
) -> None:
    jane, john = with_double
    with pytest.raises(ViewerError, match="another patient or study"):
        open_object(bench, john, jane.objects[0])
    assert john.objects == ()


class HeldObjects(HeldRunner):
    """Holds what reads objects, runs the rest."""

    def submit(self, job: Job[object]) -> None:
        if job.lane is Lane.OBJECTS:
            self.held[job.key] = job
        else:
            super().submit(job)


def test_a_segmentation_that_is_read_after_the_switch_does_not_bring_its_patient_back(
    bench: Workbench, with_double: tuple[Study, Study]
) -> None:
    jane, john = with_double
    runner = HeldObjects()
    slow = replace(bench, jobs=runner)
    show_display_set(bench, jane, jane.display_sets[0], 2)
    open_object(slow, jane, jane.objects[0])
    show_display_set(bench, john, john.display_sets[0], 2)
    notices: list[str] = []
    bench.session.events.notice.subscribe(notices.append)
    runner.let_go()
    assert (bench.session.segments.of(john), bench.session.segments.of(jane)) == ((), ())
    assert "another patient is on the screen now" in notices[-1]
    shown = bench.session.shown
    assert shown is not None and shown.study.patient.patient_id == "ID-2"
    assert drawn(bench) == DrawnSegments()


def test_images_that_are_missing_are_said(bench: Workbench, tmp_path: Path) -> None:
    folder, alone = tmp_path / "all", tmp_path / "alone"
    folder.mkdir()
    alone.mkdir()
    slices = write_slices(folder)
    write_seg(alone / "seg.dcm", slices, LETTERS)
    notices: list[str] = []
    bench.session.events.notice.subscribe(notices.append)
    open_paths(bench, [alone])
    (study,) = bench.session.index.studies
    open_object(bench, study, study.objects[0])
    assert "was made of are not open" in notices[-1]


def test_a_segmentation_that_does_not_fit_says_so_on_the_image(
    bench: Workbench, tmp_path: Path
) -> None:
    slices = write_slices(tmp_path)
    seg = write_seg(tmp_path / "seg.dcm", slices, LETTERS)
    for group in seg.PerFrameFunctionalGroupsSequence:
        place = group.PlanePositionSequence[0]
        place.ImagePositionPatient = [value + 2.0 for value in place.ImagePositionPatient]
    seg.save_as(tmp_path / "seg.dcm", enforce_file_format=True)
    open_paths(bench, [tmp_path])
    (study,) = bench.session.index.studies
    open_object(bench, study, study.objects[0])
    assert drawn(bench) == DrawnSegments((), ("Nodules",))


def test_nothing_that_may_be_an_ais_opens_before_the_reader_has_locked_the_read(
    bench: Workbench, tmp_path: Path
) -> None:
    slices = write_slices(tmp_path)
    write_seg(tmp_path / "seg.dcm", slices, LETTERS)
    bench.settings.change(reading=Reading("Dr Li", ReadingMode.READ_FIRST))
    open_paths(bench, [tmp_path])
    (listed,) = bench.session.index.studies
    assert listed.objects == ()
    (found,) = index([tmp_path], lambda _batch: None, lambda _fraction: None).studies
    with pytest.raises(ViewerError, match="once you have locked your read"):
        open_object(bench, found, found.objects[0])
    segmentation = read_segmentation(found.objects[0], lambda _fraction: None)
    bench.session.segments.put(found, (SegmentView(segmentation),))
    assert bench.session.segments.of(found) == ()
    assert labels(bench) == []
