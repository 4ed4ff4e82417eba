"""The instances of a concatenation are one stack in the order of the body; what is missing is told."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from viewer.dicom.decoder import decode
from viewer.dicom.display_sets import display_sets
from viewer.dicom.index_entry import IndexEntry, read_entry
from viewer.dicom.indexer import index
from viewer.domain.display_set import DisplaySet

CT = "1.2.840.10008.5.1.4.1.1.2.1"


def group(height: float, time: int | None = None) -> Dataset:
    place, content, made = Dataset(), Dataset(), Dataset()
    place.ImagePositionPatient = [0, 0, height]
    if time is not None:
        content.TemporalPositionIndex = time
    made.PlanePositionSequence = Sequence([place])
    made.FrameContentSequence = Sequence([content])
    return made


def shared() -> Dataset:
    orientation, made = Dataset(), Dataset()
    orientation.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    made.PlaneOrientationSequence = Sequence([orientation])
    return made


WritePart = Callable[..., Path]


@pytest.fixture
def part(make_dicom: Callable[..., Path]) -> WritePart:
    """Write part `number` with frames at `heights`; each pixel is ten times its frame's height."""

    def write(
        number: int, *heights: float, total: int | None = 3, groups: bool = True, **more: object
    ) -> Path:
        pixels = np.repeat(np.array([10 * height for height in heights], np.uint16), 64)
        described = {
            "PerFrameFunctionalGroupsSequence": Sequence(map(group, heights)),
            "SharedFunctionalGroupsSequence": Sequence([shared()]),
        }
        return make_dicom(
            f"part{number}.dcm",
            pixels=pixels.reshape(-1, 8),
            Rows=8,
            SOPClassUID=CT,
            NumberOfFrames=len(heights),
            InstanceNumber=1,
            ConcatenationUID="1.2.77",
            InConcatenationNumber=number,
            InConcatenationTotalNumber=total,
            FrameOfReferenceUID="1.5",
            **(described if groups else {}),
            **more,
        )

    return write


def split(*paths: Path) -> tuple[DisplaySet, ...]:
    entries: list[IndexEntry] = []
    for path in paths:
        entry = read_entry(path)
        assert entry is not None
        entries.append(entry)
    return display_sets(entries)


def heights(one: DisplaySet) -> list[float]:
    return [float(decode(ref).stored[0, 0]) / 10 for ref in one.frames]


def test_the_parts_are_one_stack_in_the_order_of_the_body(part: WritePart) -> None:
    paths = part(3, 8, 10), part(1, 0, 2), part(2, 6, 4)
    (one,) = split(*paths)
    assert heights(one) == [0, 2, 4, 6, 8, 10]
    assert one.notes == ()


def test_without_functional_groups_the_number_of_the_part_orders_them(part: WritePart) -> None:
    paths = part(2, 7, 1, groups=False, total=2), part(1, 9, 5, groups=False, total=2)
    (one,) = split(*paths)
    assert heights(one) == [9, 5, 7, 1]


def test_a_part_that_is_not_here_is_named_and_the_gap_is_told(part: WritePart) -> None:
    (one,) = split(part(1, 0, 1, 2, 3), part(3, 8, 9, 10, 11))
    assert one.notes == (
        "Series 4 is one object in 3 files, of which number 2 is not here: frames are missing.",
        "Series 4 has a gap of 5 mm after slice 4.",
    )


def test_a_part_that_is_there_alone_says_so(part: WritePart) -> None:
    (one,) = split(part(2, 4, 5))
    assert heights(one) == [4, 5]
    assert one.notes[0].endswith("number 1, 3 is not here: frames are missing.")


def test_a_last_part_of_one_frame_belongs_to_the_stack(part: WritePart) -> None:
    (one,) = split(part(2, 2, total=2), part(1, 0, 1, total=2))
    assert heights(one) == [0, 1, 2]


def test_two_files_for_one_part_are_both_shown_and_told(part: WritePart, tmp_path: Path) -> None:
    first = part(1, 0, 1, total=1)
    first.rename(tmp_path / "first.dcm")
    (one,) = split(tmp_path / "first.dcm", part(1, 2, 3, total=1))
    assert heights(one) == [0, 1, 2, 3]
    assert one.notes == (
        "Series 4 has several files for one part of its object; all are shown. Check it.",
    )


def test_another_concatenation_of_the_series_is_another_stack(part: WritePart) -> None:
    one, other = split(part(1, 0, 1, total=1), _renamed(part, 5, 6))
    assert sorted([heights(one), heights(other)]) == [[0, 1], [5, 6]]


def _renamed(part: WritePart, *places: float) -> Path:
    path = part(2, *places, total=2)
    dataset = dcmread(path)
    dataset.ConcatenationUID, dataset.InConcatenationNumber = "1.2.78", 1
    dataset.InConcatenationTotalNumber = 1
    dataset.save_as(path)
    return path


def test_an_opened_folder_shows_them_as_one_and_keeps_the_name_while_it_grows(
    part: WritePart, tmp_path: Path
) -> None:
    part(2, 4, 5)
    before = index([tmp_path], lambda _found: None, lambda _fraction: None)
    part(1, 0, 1)
    part(3, 6, 7)
    after = index([tmp_path], lambda _found: None, lambda _fraction: None)
    ((first,), (second,)) = (found.studies[0].display_sets for found in (before, after))
    assert heights(second) == [0, 1, 4, 5, 6, 7]
    assert first.uid == second.uid
