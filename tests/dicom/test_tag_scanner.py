"""A scan gives what pydicom gives, or nothing."""

import numpy as np
import pytest
from pydicom import dcmread

from viewer.dicom.tag_scanner import Wanted, scan

PATIENT_ID, INSTANCE, ROWS, VIEW = 0x00100020, 0x00080018, 0x00280010, 0x00540220
WANTED = Wanted(
    frozenset((PATIENT_ID, INSTANCE, ROWS, VIEW)), frozenset((INSTANCE,)), frozenset((VIEW,))
)


def test_wanted_values_are_raw_and_those_apart_are_not_shared(make_dicom) -> None:
    found = scan(make_dicom(PatientID="P7", SOPInstanceUID="1.9"), WANTED)
    assert found is not None
    assert found.values[PATIENT_ID] == ("LO", b"P7")
    assert found.values[ROWS] == ("US", b"\x08\x00")
    assert found.values[INSTANCE] == ("UI", b"1.9\0")
    assert b"1.9" not in b"".join(found.shared)
    assert b"P7" in b"".join(found.shared)


@pytest.mark.parametrize("name", ["MR_small_implicit.dcm", "MR_small_bigendian.dcm"])
def test_other_encodings_are_read_the_same(name, real_file) -> None:
    found, explicit = scan(real_file(name), WANTED), scan(real_file("MR_small.dcm"), WANTED)
    assert found is not None
    assert explicit is not None
    order = "little" if found.little_endian else "big"
    assert int.from_bytes(found.values[ROWS][1], order) == 64
    assert found.values[PATIENT_ID][1] == explicit.values[PATIENT_ID][1]
    assert found.pixel is not None
    assert found.pixel.length == 64 * 64 * 2


def test_pixels_behind_a_large_private_element_are_found(make_dicom) -> None:
    path = make_dicom()
    dataset = dcmread(path)
    dataset.private_block(0x0029, "SIEMENS", create=True).add_new(1, "OB", bytes(70_000))
    dataset.save_as(path)
    found = scan(path, WANTED)
    assert found is not None
    assert found.pixel is not None
    with path.open("rb") as file:
        file.seek(found.pixel.offset)
        assert file.read(128) == dataset.PixelData


def test_a_wanted_value_across_the_window_is_whole(make_dicom) -> None:
    path = make_dicom(PatientName="N" * 60, PatientID="P" * 64, StudyDescription="x" * 8000)
    found = scan(path, WANTED)
    assert found is not None
    assert found.values[PATIENT_ID][1] == b"P" * 64


def test_a_sequence_that_only_pydicom_reads_is_left_to_it(make_dicom, real_file) -> None:
    item = dcmread(real_file("CT_small.dcm"), stop_before_pixels=True)[0x00100010:0x00100030]
    assert scan(make_dicom(ViewCodeSequence=[]), WANTED) is not None
    assert scan(make_dicom(ViewCodeSequence=[item]), WANTED) is None


@pytest.mark.parametrize(
    "name",
    [
        "image_dfl.dcm",
        "no_meta.dcm",
        "meta_missing_tsyntax.dcm",
        "rtplan_truncated.dcm",
    ],
)
def test_what_is_not_plain_is_left_to_pydicom(name, real_file) -> None:
    assert scan(real_file(name), WANTED) is None


def test_tags_out_of_order_are_left_to_pydicom(make_dicom) -> None:
    path = make_dicom(PatientID="P7")
    content = path.read_bytes()
    patient = content.index(b"\x10\x00\x20\x00LO")
    path.write_bytes(content[:patient] + b"\x08\x00\x16\x00LO" + content[patient + 6 :])
    assert scan(path, WANTED) is None


def test_a_header_cut_anywhere_is_left_to_pydicom(make_dicom) -> None:
    path = make_dicom(pixels=np.zeros((2, 2), np.uint16))
    content = path.read_bytes()
    pixels_at = content.index(b"\xe0\x7f\x10\x00")
    whole = scan(path, WANTED)
    assert whole is not None
    for length in range(pixels_at):
        path.write_bytes(content[:length])
        found = scan(path, WANTED)
        assert found is None or found.pixel is None
