"""Windows, tables, padding and units are taken as the file states them, and left out where it errs."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from viewer.dicom.scope import Scope
from viewer.dicom.transforms import modality_transform, padding_range, value_unit, voi_of
from viewer.domain.presentation import LookupTable, Rescale, VoiLutFunction, VoiWindow

CT = "1.2.840.10008.5.1.4.1.1.2"


def dataset(**attributes: object) -> Dataset:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def scope(**attributes: object) -> Scope:
    return Scope((dataset(**attributes),))


def windows(**attributes: object) -> tuple:
    return voi_of(scope(**attributes), little_endian=True)


def unit(**attributes: object) -> str:
    stated = scope(**attributes)
    return value_unit(stated, modality_transform(stated, little_endian=True))


def test_every_window_comes_with_its_explanation() -> None:
    found = windows(
        WindowCenter=[40, -600], WindowWidth=[350, 1500], WindowCenterWidthExplanation=["S", "L"]
    )
    assert found == (
        VoiWindow(40, 350, explanation="S"),
        VoiWindow(-600, 1500, explanation="L"),
    )


def test_the_voi_lut_function_is_kept() -> None:
    (window,) = windows(WindowCenter=40, WindowWidth=0.5, VOILUTFunction="SIGMOID")
    assert window.function is VoiLutFunction.SIGMOID


@pytest.mark.parametrize("width", [0, -10, 0.5])
def test_a_linear_window_narrower_than_one_is_invalid(width) -> None:
    assert windows(WindowCenter=40, WindowWidth=width) == ()


def test_a_window_without_width_is_none() -> None:
    assert windows(WindowCenter=40) == ()


def test_windows_come_before_tables() -> None:
    item = dataset(LUTDescriptor=[4, 0, 8], LUTData=b"\x00\x00\x10\x00\x20\x00\xff\x00")
    window, table = windows(WindowCenter=1, WindowWidth=2, VOILUTSequence=[item])
    assert isinstance(window, VoiWindow)
    assert table.entries.tolist() == [0, 16, 32, 255]


def test_packed_8_bit_table_data_are_unpacked() -> None:
    item = dataset(LUTDescriptor=[4, 0, 8], LUTData=b"\x00\x10\x20\xff")
    (table,) = windows(VOILUTSequence=[item])
    assert table.entries.tolist() == [0, 16, 32, 255]


def test_a_table_with_too_few_entries_is_left_out() -> None:
    item = dataset(LUTDescriptor=[8, 0, 16], LUTData=b"\x00\x10\x20\xff")
    assert windows(VOILUTSequence=[item]) == ()


def test_a_descriptor_of_zero_means_65536_entries() -> None:
    data = np.arange(65536, dtype="<u2").tobytes()
    (table,) = windows(VOILUTSequence=[dataset(LUTDescriptor=[0, 0, 16], LUTData=data)])
    assert table.entries.size == 65536


def test_a_modality_table_outranks_slope_and_intercept() -> None:
    item = dataset(LUTDescriptor=[2, 0, 16], LUTData=b"\x01\x00\x02\x00", ModalityLUTType="OD")
    stated = scope(ModalityLUTSequence=[item], RescaleSlope=1, RescaleIntercept=-1024)
    transform = modality_transform(stated, little_endian=True)
    assert isinstance(transform, LookupTable)
    assert value_unit(stated, transform) == "OD"


def test_a_slope_of_zero_is_no_slope() -> None:
    stated = scope(RescaleSlope=0, RescaleIntercept=5)
    assert modality_transform(stated, little_endian=True) == Rescale(1.0, 0.0)


def test_ct_is_in_hu_unless_it_says_otherwise() -> None:
    rescale = {"RescaleSlope": 1, "RescaleIntercept": -1024}
    assert unit(SOPClassUID=CT, **rescale) == "HU"
    assert unit(SOPClassUID=CT, RescaleType="US", **rescale) == ""
    assert unit(SOPClassUID=CT, ImageType=["ORIGINAL", "PRIMARY", "LOCALIZER"], **rescale) == ""
    assert unit(SOPClassUID=CT) == ""


def test_a_radiograph_has_no_unit_unless_stated() -> None:
    assert unit(RescaleSlope=1, RescaleIntercept=0) == ""
    assert unit(RescaleSlope=1, RescaleIntercept=0, Units="BQML") == "BQML"


@pytest.mark.parametrize(
    ("value", "limit", "signed", "expected"),
    [
        (0, None, False, (0, 0)),
        (100, 200, False, (100, 200)),
        (200, 100, False, (100, 200)),
        (63536, None, True, (-2000, -2000)),
        (63536, None, False, (63536, 63536)),
    ],
)
def test_padding_is_read_in_the_sign_of_the_pixels(value, limit, signed, expected) -> None:
    made = dataset()
    made.add_new("PixelPaddingValue", "US", value)
    if limit is not None:
        made.add_new("PixelPaddingRangeLimit", "US", limit)
    assert padding_range(Scope((made,)), bits_allocated=16, signed=signed) == expected


@pytest.mark.parametrize("kind", ["Float", "DoubleFloat"])
def test_padding_of_real_pixels_is_a_range_too(kind: str) -> None:
    made = Dataset()
    setattr(made, f"{kind}PixelPaddingValue", -1.5)
    assert padding_range(Scope((made,)), bits_allocated=32, signed=False) == (-1.5, -1.5)
    setattr(made, f"{kind}PixelPaddingRangeLimit", -9.25)
    assert padding_range(Scope((made,)), bits_allocated=32, signed=False) == (-9.25, -1.5)
