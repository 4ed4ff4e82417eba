"""A series is split into what can be one stack, and each stack lies in the order of the body."""

from pathlib import Path

import numpy as np
import pytest

from viewer.dicom.display_sets import display_sets
from viewer.dicom.index_entry import IndexEntry
from viewer.domain.display_set import Acquisition
from viewer.domain.geometry import ImagePlane
from viewer.domain.study import Instance, Patient

AXIAL = ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))
CORONAL = ((1.0, 0.0, 0.0), (0.0, 0.0, -1.0))


def entry(
    number: int | None,
    position: tuple[float, float, float] | None = None,
    directions=AXIAL,
    *,
    modality: str = "CT",
    frames: int = 1,
    rows: int = 8,
    image_type: tuple[str, ...] = (),
    reference: str = "1.5",
    phases: tuple[object, ...] = (),
) -> IndexEntry:
    uid = f"1.{number}.{abs(hash((position, directions, image_type))) % 10**8}"
    plane = None if position is None else ImagePlane(position, *directions, reference)
    return IndexEntry(
        patient=Patient("1", "A"),
        study_uid="1.2",
        study_date="",
        study_time="",
        study_description="",
        accession_number="",
        study_id="",
        series_uid="1.3",
        series_number=4,
        series_description="",
        instance=Instance(uid, "", Path(f"{number}.dcm"), "", frames, rows, 8, number),
        acquisition=Acquisition(modality, image_type=image_type),
        plane=plane,
        gantry_tilt_deg=0.0,
        phases=phases,
    )


def stack(*heights: float) -> list[IndexEntry]:
    return [entry(number, (0.0, 0.0, height)) for number, height in enumerate(heights, 1)]


def order(entries) -> list[list[str]]:
    return [[ref.path.stem for ref in shown.frames] for shown in display_sets(entries)]


def notes(entries) -> tuple[str, ...]:
    (shown,) = display_sets(entries)
    return shown.notes


def test_slices_lie_in_the_order_of_their_positions_not_their_numbers() -> None:
    assert order(stack(3.0, 1.0, 2.0)) == [["2", "3", "1"]]


def test_a_regular_stack_has_nothing_to_note() -> None:
    assert notes(stack(*np.arange(0, 20, 2.5))) == ()


def test_positions_rounded_to_a_tenth_are_regular() -> None:
    assert notes(stack(*(round(index * 0.625, 1) for index in range(40)))) == ()


def test_a_missing_slice_is_noted_with_its_place() -> None:
    heights = [index * 2.5 for index in range(40) if index not in (31, 32)]
    assert notes(stack(*heights)) == ("Series 4 has a gap of 7.5 mm after slice 31.",)


def test_a_change_of_spacing_is_noted() -> None:
    heights = [*np.arange(0, 40, 4), *np.arange(40, 80, 7)]
    assert notes(stack(*heights)) == (
        "Series 4 changes its slice spacing from 4 mm to 7 mm at slice 11.",
    )


def test_random_spacing_is_called_irregular() -> None:
    found = notes(stack(0, 1, 5, 6, 12, 12.7, 20, 29, 31))
    assert any("irregular slice spacing" in note for note in found)


def test_a_tilted_stack_is_noted() -> None:
    leaning = [entry(index, (0.0, 0.2 * index, 1.0 * index)) for index in range(6)]
    assert notes(leaning) == (
        "Series 4 is tilted by 11.3°: its slices are shifted against each other.",
    )


def test_doubled_positions_are_noted_and_both_are_shown() -> None:
    both = [*stack(0, 1, 2), *(entry(index + 3, (0.0, 0.0, float(index))) for index in range(3))]
    (shown,) = display_sets(both)
    assert len(shown.frames) == 6
    assert shown.notes == ("Series 4 has several images at one position (3 repeat a position).",)


def test_phases_at_the_same_positions_become_stacks_of_their_own() -> None:
    series = [
        entry(10 * echo + place, (0.0, 0.0, float(place)), phases=(1.0, echo))
        for place in range(3)
        for echo in (1, 2)
    ]
    shown = display_sets(series)
    assert [[ref.path.stem for ref in one.frames] for one in shown] == [
        ["10", "11", "12"],
        ["20", "21", "22"],
    ]
    assert [one.notes for one in shown] == [(), ()]
    assert shown[0].uid != shown[1].uid


def test_orientations_are_never_mixed() -> None:
    mixed = [*stack(0, 1), entry(3, (0.0, 5.0, 0.0), CORONAL), entry(4, (0.0, 6.0, 0.0), CORONAL)]
    assert [len(group) for group in order(mixed)] == [2, 2]
    told = "Series 4 holds slices of 2 directions; each is shown as a stack of its own."
    assert [one.notes for one in display_sets(mixed)] == [(told,), (told,)]


def test_a_scout_does_not_make_a_series_one_of_several_directions() -> None:
    scout = entry(9, (0.0, 0.0, 0.0), CORONAL, image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    assert [one.notes for one in display_sets([scout, *stack(0, 1, 2)])] == [(), ()]


def test_sizes_are_never_mixed() -> None:
    assert order([*stack(0, 1), entry(3, (0.0, 0.0, 2.0), rows=16)]) == [["1", "2"], ["3"]]


def test_a_localizer_stands_apart_and_first() -> None:
    scout = entry(9, (0.0, 0.0, 3.0), image_type=("ORIGINAL", "PRIMARY", "LOCALIZER"))
    assert order([*stack(0, 1), scout]) == [["9"], ["1", "2"]]


@pytest.mark.parametrize("modality", ["CR", "DX", "MG"])
def test_each_radiograph_is_shown_by_itself(modality) -> None:
    films = [entry(number, modality=modality) for number in (2, 1)]
    assert order(films) == [["1"], ["2"]]


def test_each_multiframe_object_is_shown_by_itself_in_its_own_order() -> None:
    (first, second) = display_sets([entry(1, frames=3), entry(2, frames=2)])
    assert [ref.frame for ref in first.frames] == [0, 1, 2]
    assert len(second.frames) == 2


def test_slices_without_position_follow_their_numbers_and_a_note_says_so() -> None:
    (shown,) = display_sets([entry(3), entry(1), entry(2)])
    assert [ref.path.stem for ref in shown.frames] == ["1", "2", "3"]
    assert shown.notes == (
        "Series 4 does not state where its slices lie; they are ordered by instance number.",
    )


def test_frames_of_reference_are_never_mixed() -> None:
    other = [entry(index, (0.0, 0.0, float(index)), reference="1.6") for index in (8, 9)]
    assert order([*stack(0, 1), *other]) == [["1", "2"], ["8", "9"]]


def test_a_frame_of_reference_for_each_slice_is_broken_and_said() -> None:
    broken = [entry(index, (0.0, 0.0, float(index)), reference=f"1.{index}") for index in range(4)]
    assert "frame of reference of its own" in notes(broken)[0]


def test_an_instance_without_pixels_is_not_shown() -> None:
    assert display_sets([entry(1, frames=0)]) == ()


def test_every_display_set_has_a_uid_of_its_own() -> None:
    other = [entry(index, (0.0, 0.0, float(index)), reference="1.6") for index in (8, 9)]
    shown = display_sets([*stack(0, 1), *other, entry(5), entry(6, rows=9), entry(7, frames=2)])
    assert len({one.uid for one in shown}) == len(shown) == 5
