"""Attributes in words: nested sequences, private creators, binary values counted."""

from pathlib import Path

from pydicom.data import get_testdata_file

from viewer.dicom.tags import TagRow, tag_rows


def rows_of(name: str) -> tuple[TagRow, ...]:
    return tag_rows(Path(str(get_testdata_file(name, download=False))))


def row(rows: tuple[TagRow, ...], tag: str) -> TagRow:
    return next(one for one in rows if one.tag == tag)


def test_file_meta_comes_first_and_values_are_those_of_the_file() -> None:
    rows = rows_of("CT_small.dcm")
    assert rows[0].tag.startswith("(0002,")
    assert row(rows, "(0010,0010)").value == "CompressedSamples^CT1"
    assert row(rows, "(0028,0030)").value == "0.661468\\0.661468"
    assert row(rows, "(0028,0103)").value == "1"


def test_items_of_a_sequence_lie_below_it() -> None:
    sequence = row(rows_of("rtplan.dcm"), "(300A,00B0)")
    assert (sequence.vr, sequence.value) == ("SQ", "1 item")
    assert row(sequence.items[0].items, "(300A,00C0)").value == "1"


def test_private_attributes_are_shown_with_the_name_of_their_creator() -> None:
    rows = rows_of("CT_small.dcm")
    assert row(rows, "(0009,0010)").value == "GEMS_IDEN_01"
    assert any(one.tag.startswith("(0009,10") for one in rows)


def test_a_value_of_zero_is_zero_and_not_empty() -> None:
    rows = rows_of("MR_small.dcm")
    assert row(rows, "(0028,0100)").value == "16"
    zeros = [one for one in rows if one.value == "0"]
    assert zeros
