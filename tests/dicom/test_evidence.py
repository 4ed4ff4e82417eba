"""Hashes change with a single pixel and with nothing else."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest

from viewer.base.errors import FileProblem
from viewer.dicom.decoder import decode
from viewer.dicom.evidence import file_sha256, pixels_sha256
from viewer.domain.display_set import FrameRef


def test_one_pixel_changes_the_hash(make_dicom) -> None:
    frame = decode(FrameRef("", 0, make_dicom()))
    changed = frame.stored.copy()
    changed[3, 3] += 1
    assert pixels_sha256(frame) != pixels_sha256(replace(frame, stored=changed))


def test_byte_order_and_layout_in_memory_do_not_change_the_hash(make_dicom) -> None:
    frame = decode(FrameRef("", 0, make_dicom()))
    other = np.asfortranarray(frame.stored.astype(">u2"))
    assert pixels_sha256(frame) == pixels_sha256(replace(frame, stored=other))


def test_the_shape_is_part_of_the_hash(make_dicom) -> None:
    frame = decode(FrameRef("", 0, make_dicom()))
    other = replace(frame, stored=frame.stored.reshape(4, 16))
    assert pixels_sha256(frame) != pixels_sha256(other)


def test_every_lossless_encoding_has_the_same_pixel_hash(real_file) -> None:
    names = ("MR_small.dcm", "MR_small_RLE.dcm", "MR_small_bigendian.dcm")
    assert len({pixels_sha256(decode(FrameRef("", 0, real_file(name)))) for name in names}) == 1


def test_the_file_hash_is_that_of_its_bytes(make_dicom) -> None:
    path = make_dicom()
    assert file_sha256(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_file_that_is_gone_is_named(tmp_path) -> None:
    with pytest.raises(FileProblem, match=r"gone\.dcm"):
        file_sha256(tmp_path / "gone.dcm")
