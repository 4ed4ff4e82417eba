"""Fidelity: what the header says of compression, derivation, capture and burned-in text."""

import pytest
from PIL import ImageCms
from pydicom.dataset import Dataset
from pydicom.uid import ExplicitVRLittleEndian, JPEG2000Lossless, JPEGBaseline8Bit

from viewer.dicom.fidelity import fidelity_of
from viewer.dicom.scope import Scope
from viewer.domain.image import Fidelity


def found(syntax: str = ExplicitVRLittleEndian, **attributes: object) -> Fidelity:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    return fidelity_of(Scope((dataset,)), syntax)


def test_loss_before_a_lossless_copy_is_still_loss() -> None:
    stated = found(
        JPEG2000Lossless, LossyImageCompression="01", LossyImageCompressionRatio=["12", "3"]
    )
    assert stated.lossy_ratio == 12
    assert found(JPEG2000Lossless).lossy_ratio is None


def test_jpeg_baseline_is_lossy_whatever_the_header_says() -> None:
    assert found(JPEGBaseline8Bit, LossyImageCompression="00").lossy_ratio == 0


@pytest.mark.parametrize("kind", ["MPR", "RESAMPLED", "PROJECTION IMAGE"])
def test_a_computed_plane_is_resampled(kind: str) -> None:
    assert found(ImageType=["DERIVED", "SECONDARY", kind]).resampled
    assert not found(ImageType=["ORIGINAL", "PRIMARY", "AXIAL"]).resampled


@pytest.mark.parametrize(
    ("sop_class", "expected"),
    [
        ("1.2.840.10008.5.1.4.1.1.7", True),
        ("1.2.840.10008.5.1.4.1.1.7.4", True),
        ("1.2.840.10008.5.1.4.1.1.77.1.1", False),
        ("1.2.840.10008.5.1.4.1.1.2", False),
    ],
)
def test_secondary_capture_classes_and_no_others_are_captures(
    sop_class: str, expected: bool
) -> None:
    assert found(SOPClassUID=sop_class).secondary_capture is expected


def test_burned_in_text_is_taken_from_the_header_only() -> None:
    assert found(BurnedInAnnotation="YES").burned_in
    assert not found(BurnedInAnnotation="NO").burned_in
    assert not found().burned_in


def test_a_colour_profile_is_named_and_one_that_is_broken_falls_back_on_the_colour_space() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert found(ICCProfile=profile).icc_profile == "sRGB built-in"
    assert found(ICCProfile=b"\0" * 40, ColorSpace="ADOBERGB").icc_profile == "ADOBERGB"
    assert found(ICCProfile=b"\0" * 40).icc_profile == "without a name"
    assert found().icc_profile == ""
