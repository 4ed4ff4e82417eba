"""How stored values become display values: Modality LUT, VOI LUT, and the reader's own view of it."""

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from viewer.domain.presentation_state import PresentationState


class VoiLutFunction(Enum):
    """VOI LUT Function (0028,1056), DICOM PS3.3 C.11.2.1.3."""

    LINEAR = "LINEAR"
    LINEAR_EXACT = "LINEAR_EXACT"
    SIGMOID = "SIGMOID"


@dataclass(frozen=True)
class VoiWindow:
    """A window over modality values (PS3.3 C.11.2.1.2)."""

    center: float
    width: float
    function: VoiLutFunction = VoiLutFunction.LINEAR
    explanation: str = ""


@dataclass(frozen=True, eq=False)
class LookupTable:
    """A LUT of the Modality or VOI LUT Sequence (PS3.3 C.11.1.1, C.11.2.1.1).

    first: the input value of the first entry; entries: ndarray, shape (n,), output values;
    bits: of one entry (third value of the LUT Descriptor); inputs outside take the end entries.
    """

    first: int
    entries: NDArray[np.uint16]
    bits: int
    explanation: str = ""


@dataclass(frozen=True)
class Rescale:
    """Rescale slope and intercept: modality value = slope * stored value + intercept."""

    slope: float = 1.0
    intercept: float = 0.0


Voi = VoiWindow | LookupTable
ModalityTransform = Rescale | LookupTable


@dataclass(frozen=True)
class Presentation:
    """The reader's view of one display set; nothing here changes a pixel value.

    quarter_turns: clockwise, done after the flips; zoom: view pixels per image pixel, None is "fit";
    pan_view_px: shift of the image centre from the viewport's centre, (x, y).
    """

    voi: Voi | None = None
    preset: str = ""
    inverted: bool = False
    quarter_turns: int = 0
    flip_horizontal: bool = False
    zoom: float | None = None
    pan_view_px: tuple[float, float] = field(default=(0.0, 0.0))
    file_overlays: bool = True
    """Whether overlay planes of the file are drawn."""

    shutter: bool = True
    """Whether the file's display shutter covers what lies outside of it."""

    colour_map: str = ""
    """Of resources/colour_maps, for grey images; "" is grey."""

    stack_window: VoiWindow | None = None
    """For slices that carry no window: one for their whole stack, never one for each."""

    state: "PresentationState | None" = None
    """A stored presentation state under all of this; it acts on no frame that it does not name."""
