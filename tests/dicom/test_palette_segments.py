"""Segmented palettes expand as PS3.3 C.7.9.2 has it."""

import pytest

from viewer.dicom.palette_segments import expanded


def test_discrete_and_linear_segments_follow_each_other() -> None:
    assert expanded([0, 2, 10, 20, 1, 4, 60], 6) == [10, 20, 30, 40, 50, 60]


def test_an_indirect_segment_repeats_segments_from_a_byte_offset() -> None:
    words = [0, 1, 7, 1, 2, 9, 2, 2, 0, 0]
    assert expanded(words, 6) == [7, 8, 9, 7, 8, 9]


def test_too_few_entries_are_refused() -> None:
    with pytest.raises(ValueError, match="2 of 3"):
        expanded([0, 2, 1, 2], 3)


def test_an_indirect_segment_that_points_to_itself_is_refused() -> None:
    with pytest.raises(ValueError, match="opcode 2"):
        expanded([2, 1, 0, 0], 3)
