"""The Presentation LUT an image carries itself is applied, and a damaged one is said to be left out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom.dataset import Dataset

from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame
from viewer.domain.presentation import VoiWindow
from viewer.imaging.display import display_values
from viewer.ui.viewport.fidelity_mark import fidelity_mark

WHOLE = VoiWindow(128, 256)
FALLING = np.linspace(4095, 0, 256).astype("<u2")


def lut(entries: np.ndarray, first: int = 0, count: int | None = None) -> Dataset:
    item = Dataset()
    item.LUTDescriptor = [len(entries) if count is None else count, first, 12]
    item.LUTData = entries.tobytes()
    return item


@pytest.fixture
def frame_with(make_dicom: Callable[..., Path]) -> Callable[[Dataset], Frame]:
    def make(item: Dataset) -> Frame:
        pixels = np.array([[0, 128, 255]], np.uint8)
        path = make_dicom(pixels=pixels, PresentationLUTSequence=[item])
        return decode(FrameRef("", 0, path))

    return make


@pytest.mark.parametrize("first", [0, 1000])
def test_grey_values_go_through_the_presentation_lut_of_the_image(
    frame_with: Callable[[Dataset], Frame], first: int
) -> None:
    """Its first entry is for the lowest input, whatever the descriptor says (PS3.3 C.11.4)."""
    frame = frame_with(lut(FALLING, first))
    assert display_values(frame, WHOLE).tolist() == [[255, 127, 0]]
    assert any("Presentation LUT of the file" in why for why in fidelity_mark(frame, 1).reasons)


def test_a_damaged_presentation_lut_is_left_out_and_named(
    frame_with: Callable[[Dataset], Frame],
) -> None:
    frame = frame_with(lut(FALLING[:10], count=256))
    assert display_values(frame, WHOLE).tolist() == [[0, 128, 255]]
    assert any("damaged" in reason for reason in fidelity_mark(frame, 1).reasons)


def test_the_inverse_shape_of_a_real_radiograph_inverts_it_once(shared_data: Path) -> None:
    path = shared_data / "dicom/mixed/highdicom/data/test_files/dx_image.dcm"
    frame = decode(FrameRef("", 0, path))
    assert frame.presentation_inverse
    darkest = np.unravel_index(np.argmin(frame.stored), frame.stored.shape)
    brightest = np.unravel_index(np.argmax(frame.stored), frame.stored.shape)
    shown = display_values(frame, None)
    assert shown[darkest] > shown[brightest]
