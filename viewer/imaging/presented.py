"""A frame as a presentation state wants it shown; measuring goes on with the frame as it is (PS3.4 N.2)."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from viewer.domain.image import Frame, Photometric
from viewer.domain.overlay import OverlayPlane
from viewer.domain.presentation import LookupTable, ModalityTransform, Voi, VoiWindow
from viewer.domain.presentation_state import PresentationState
from viewer.imaging.display import full_range, window_between
from viewer.imaging.modality_lut import apply_modality

UNSIGNED_16 = 1 << 16
LARGEST_SIGNED = (1 << 15) - 1


def presented(frame: Frame, state: PresentationState | None) -> Frame:
    """The frame with the state's transforms, shutter and overlays in place of its own.

    What the state leaves out is identity: nothing of the image's own is used for it (PS3.4 N.2).
    Padding stays black. A frame that the state does not name comes back as it is.
    """
    if state is None or not state.names(frame.ref.place):
        return frame
    shown = replace(frame, shutter=state.shutter, overlays=_overlays(frame, state))
    return shown if frame.is_colour else _grey(shown, state)


def _overlays(frame: Frame, state: PresentationState) -> tuple[OverlayPlane, ...]:
    own = tuple(plane for plane in frame.overlays if plane.group in state.image_overlays)
    return (*own, *state.overlays)


def _grey(frame: Frame, state: PresentationState) -> Frame:
    """Photometric Interpretation is overridden by the state (PS3.4 N.2.1.4)."""
    grey = state.grey
    if grey is None:
        return frame
    same = grey.modality == frame.modality
    shown = replace(
        frame,
        photometric=Photometric.MONOCHROME2,
        modality=grey.modality,
        unit=frame.unit if same else grey.unit,
        presentation_inverse=grey.inverse,
        presentation_lut=grey.lut,
    )
    low, high = whole_range(shown)
    stated = tuple(_as_read(voi, low) for voi in state.voi_of(frame.ref.place))
    return replace(shown, voi=stated or (identity_window(shown, low, high),))


def whole_range(frame: Frame) -> tuple[float, float]:
    """The smallest and largest modality value that the frame's type can hold."""
    if frame.stored.dtype.kind == "f":
        ends = np.array([np.nanmin(frame.stored), np.nanmax(frame.stored)], np.float64)
    else:
        ends = _stored_range(frame)
    values = _modality_range(frame.modality, ends)
    return float(values.min()), float(values.max())


def _stored_range(frame: Frame) -> NDArray[np.float64]:
    steps = 1 << frame.bits_stored
    low = -(steps >> 1) if frame.signed else 0
    return np.array([low, low + steps - 1], np.float64)


def _modality_range(modality: ModalityTransform, ends: NDArray[np.float64]) -> NDArray[np.float64]:
    if isinstance(modality, LookupTable):
        return np.array([0, (1 << modality.bits) - 1], np.float64)
    return apply_modality(modality, ends)


def identity_window(frame: Frame, low: float, high: float) -> Voi:
    """The window that leaves values as they are: the whole range from black to white (PS3.4 N.2.1.3)."""
    return full_range(frame) if frame.stored.dtype.kind == "f" else window_between(low, high)


def _as_read(voi: Voi, low: float) -> Voi:
    """A LUT whose first value was read unsigned, over values that can be negative (PS3.3 C.11.2.1.1)."""
    if isinstance(voi, VoiWindow) or low >= 0 or voi.first <= LARGEST_SIGNED:
        return voi
    return replace(voi, first=voi.first - UNSIGNED_16)
