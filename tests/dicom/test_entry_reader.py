"""The quick reader says exactly what pydicom says, of every real file, whatever it has read before."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pydicom
import pytest
from pydicom import dcmread
from pydicom.uid import generate_uid

from viewer.base.errors import FileProblem
from viewer.dicom.entry_reader import EntryReader
from viewer.dicom.index_entry import IndexEntry, read_entry


def files_below(*folders: Path) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.is_file())


def by_pydicom(path: Path) -> IndexEntry | str | None:
    try:
        return read_entry(path)
    except FileProblem as problem:
        return str(problem)


def compare(paths: Iterator[Path]) -> int:
    """The number of files that the quick reader took; each is asked for twice."""
    reader, taken = EntryReader(), 0
    for path in paths:
        found = reader.plain_entry(path)
        if found is not None:
            taken += 1
            expected = by_pydicom(path)
            assert repr(found) == repr(expected), path.name
            assert found == expected, path.name
            assert reader.plain_entry(path) == expected, path.name
    return taken


def test_every_file_of_pydicom_reads_the_same(real_file) -> None:
    data = Path(pydicom.__file__).parent / "data"
    assert compare(files_below(data, real_file("693_J2KI.dcm").parent)) > 60


def test_every_shared_file_reads_the_same(shared_data) -> None:
    assert compare(files_below(shared_data / "dicom")) > 200


def test_what_differs_between_two_slices_is_each_ones_own(make_dicom) -> None:
    reader = EntryReader()
    place = {"ImageOrientationPatient": [1, 0, 0, 0, 1, 0]}
    paths = [
        make_dicom(
            f"{n}.dcm",
            SOPInstanceUID=f"1.{n}",
            InstanceNumber=n,
            ImagePositionPatient=[0, -n, n / 3],
            **place,
        )
        for n in range(1, 6)
    ]
    assert [reader.plain_entry(path) for path in paths] == [read_entry(path) for path in paths]


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientID", "P2"),
        ("PatientName", "Another^Patient"),
        ("PatientBirthDate", "19500101"),
        ("StudyInstanceUID", "1.2.99"),
        ("SeriesInstanceUID", "1.2.98"),
        ("Rows", 4),
        ("Laterality", "L"),
        ("ImageOrientationPatient", [0, 1, 0, 1, 0, 0]),
        ("ImageOrientationPatient", None),
        ("ImagePositionPatient", None),
        ("ImagePositionPatient", ["1e400", 0, 0]),
        ("InstanceNumber", None),
        ("InstanceNumber", ""),
        ("SpecificCharacterSet", "ISO_IR 144"),
        ("PhotometricInterpretation", "MONOCHROME1"),
    ],
)
def test_one_other_value_is_never_taken_from_the_file_before(keyword, value, make_dicom) -> None:
    same = {
        "SOPInstanceUID": generate_uid(),
        "SpecificCharacterSet": "ISO_IR 100",
        "InstanceNumber": 3,
        "ImageOrientationPatient": [1, 0, 0, 0, 1, 0],
        "ImagePositionPatient": [0, 0, 0],
    }
    for first, second in ((same, {**same, keyword: value}), ({**same, keyword: value}, same)):
        reader = EntryReader()
        for number, attributes in enumerate((first, second)):
            path = make_dicom(f"{number}.dcm", **attributes)
            found = reader.plain_entry(path)
            assert found is None or found == by_pydicom(path)


def test_a_slice_cut_after_whole_ones_keeps_its_warning(make_dicom) -> None:
    reader = EntryReader()
    whole, cut = make_dicom("whole.dcm"), make_dicom("cut.dcm")
    cut.write_bytes(cut.read_bytes()[:-40])
    assert reader.plain_entry(whole) == read_entry(whole)
    found = reader.plain_entry(cut)
    assert found is not None
    assert "truncated" in found.problem
    assert found == read_entry(cut)


def test_a_compressed_slice_cut_after_whole_ones_keeps_its_warning(real_file, tmp_path) -> None:
    reader, whole, cut = EntryReader(), tmp_path / "whole.dcm", tmp_path / "cut.dcm"
    shutil.copy(real_file("MR_small_RLE.dcm"), whole)
    cut.write_bytes(whole.read_bytes()[:-300])
    assert reader.plain_entry(whole) == read_entry(whole)
    found = reader.plain_entry(cut)
    assert found is not None
    assert "truncated" in found.problem


def test_a_name_in_a_foreign_alphabet_is_read_by_its_own_character_set(make_dicom) -> None:
    reader = EntryReader()
    for charset, name in (
        ("ISO_IR 144", "Люкceмбypг"),
        ("ISO_IR 192", "王^小東"),
        ("ISO_IR 100", "Müller"),
    ):
        path = make_dicom(f"{charset}.dcm", SpecificCharacterSet=charset, PatientName=name)
        found = reader.plain_entry(path)
        assert found is not None
        assert found.patient.name == str(dcmread(path).PatientName) == name
