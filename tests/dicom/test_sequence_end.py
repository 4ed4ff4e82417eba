"""The end of a sequence of undefined length is found by its items, or not at all."""

import pytest
from pydicom.dataset import Dataset
from pydicom.filebase import DicomBytesIO
from pydicom.filewriter import write_dataset

from viewer.dicom.sequence_end import Cut, NotPlain, sequence_end

HEAD = {True: 8, False: 12}
AFTER = b"what follows"


def nested(*, undefined_items: bool) -> Dataset:
    innermost, middle, outer = Dataset(), Dataset(), Dataset()
    innermost.CodeValue, innermost.CodeMeaning = "R-10206", "antero-posterior"
    innermost.is_undefined_length_sequence_item = undefined_items
    middle.ViewModifierCodeSequence = [innermost, innermost]
    middle["ViewModifierCodeSequence"].is_undefined_length = True
    middle.PixelData = b"an icon"
    middle.is_undefined_length_sequence_item = undefined_items
    outer.ViewCodeSequence = [middle, middle]
    outer["ViewCodeSequence"].is_undefined_length = True
    return outer


def encoded(dataset: Dataset, *, implicit: bool, little: bool) -> bytes:
    buffer = DicomBytesIO()
    buffer.is_implicit_VR, buffer.is_little_endian = implicit, little
    if "PixelData" in dataset.ViewCodeSequence[0]:
        for item in dataset.ViewCodeSequence:
            item["PixelData"].VR = "OB"
    write_dataset(buffer, dataset)
    return bytes(buffer.getvalue())


ENCODINGS = [(True, True), (False, True), (False, False)]


@pytest.mark.parametrize("undefined_items", [True, False])
@pytest.mark.parametrize(("implicit", "little"), ENCODINGS)
def test_the_end_is_found_whatever_lies_within(implicit, little, undefined_items) -> None:
    data = encoded(nested(undefined_items=undefined_items), implicit=implicit, little=little)
    order = "<" if little else ">"
    end = sequence_end(data + AFTER, HEAD[implicit], order, implicit=implicit)
    assert end == len(data)


@pytest.mark.parametrize(("implicit", "little"), ENCODINGS)
def test_every_cut_is_told(implicit, little) -> None:
    data = encoded(nested(undefined_items=True), implicit=implicit, little=little)
    for length in range(HEAD[implicit], len(data)):
        with pytest.raises(Cut):
            sequence_end(data[:length], HEAD[implicit], "<" if little else ">", implicit=implicit)


def test_an_item_longer_than_its_elements_is_not_plain() -> None:
    item = (
        b"\xfe\xff\x00\xe0" + (9).to_bytes(4, "little") + b"\x08\x00\x05\x00CS\x00\x00" + b"\0" * 40
    )
    with pytest.raises(NotPlain):
        sequence_end(item, 0, "<", implicit=False)


def test_sequences_within_sequences_without_end_are_given_up() -> None:
    deep = b"\xfe\xff\x00\xe0\xff\xff\xff\xff" + b"\x54\x00\x20\x02SQ\0\0\xff\xff\xff\xff"
    with pytest.raises(NotPlain):
        sequence_end(deep * 5000, 0, "<", implicit=False)
