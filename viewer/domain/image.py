"""Frame: stored values with all that is needed to show and measure them truthfully."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import (
    NO_SPACING,
    Affine2D,
    CalibratedRegion,
    EdgeLetters,
    ImagePlane,
    PixelSpacing,
)
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.domain.presentation import LookupTable, ModalityTransform, Rescale, Voi

NO_RESCALE = Rescale()
StoredValues = NDArray[Any]


class Photometric(Enum):
    """What the decoded values mean; YBR and PALETTE COLOR have become RGB by then."""

    MONOCHROME1 = "MONOCHROME1"
    MONOCHROME2 = "MONOCHROME2"
    RGB = "RGB"


@dataclass(frozen=True)
class Fidelity:
    """How far the pixels are the acquired ones.

    lossy_ratio: None when not lossy, 0.0 when lossy with no ratio stated. resampled: made by
    resampling, such as a reformatted or projected image. burned_in: text is part of the pixels.
    icc_profile: name of the colour profile in the file, which is left alone; "" where there is none.
    """

    transfer_syntax: str
    lossy_ratio: float | None = None
    derived: bool = False
    resampled: bool = False
    secondary_capture: bool = False
    burned_in: bool = False
    icc_profile: str = ""


UNKNOWN_FIDELITY = Fidelity("")


@dataclass(frozen=True)
class Suv:
    """Uptake by body weight of a PET image.

    factor: SUV, g/ml, of one unit of the modality value; None where the file does not entitle to it.
    words: what the factor rests on, or the reason why there is none.
    """

    factor: float | None
    words: str


@dataclass(frozen=True, eq=False)
class Frame:
    """One decoded frame.

    stored: ndarray, shape (rows, columns), integer or float, stored values; or
    (rows, columns, 3), uint8 or uint16, for RGB. voi: the file's own windows and LUTs, in its order.
    padding: inclusive range of stored values that are padding, or None.
    unit: of the modality values: "HU", a Rescale Type, or "".
    edges: letters where the file states the orientation, else None.
    """

    ref: FrameRef
    stored: StoredValues
    photometric: Photometric
    bits_stored: int
    signed: bool
    modality: ModalityTransform = NO_RESCALE
    voi: tuple[Voi, ...] = ()
    padding: tuple[float, float] | None = None
    unit: str = ""
    plane: ImagePlane | None = None
    spacing: PixelSpacing = NO_SPACING
    edges: EdgeLetters | None = None
    fidelity: Fidelity = UNKNOWN_FIDELITY
    presentation_inverse: bool = False
    """Presentation LUT Shape INVERSE (2050,0020)."""

    presentation_lut: LookupTable | None = None
    """Presentation LUT Sequence (2050,0010): over the whole output range of the VOI LUT (PS3.3 C.11.4)."""

    unreadable_presentation_lut: bool = False
    """The file has a Presentation LUT Sequence that is not whole, so the image is shown without it."""

    overlays: tuple[OverlayPlane, ...] = ()
    unreadable_overlays: int = 0
    """Overlay planes that the file describes but does not hold whole."""

    shutter: Shutter | None = None
    regions: tuple[CalibratedRegion, ...] = ()
    """Parts with a spacing of their own; where there are any, `spacing` is without evidence."""

    suv: Suv | None = None
    """None for images that are not PET."""

    @property
    def rows(self) -> int:
        """Height, px."""
        return int(self.stored.shape[0])

    @property
    def columns(self) -> int:
        """Width, px."""
        return int(self.stored.shape[1])

    @property
    def is_colour(self) -> bool:
        """Whether the values are RGB, to which neither Modality nor VOI LUT applies."""
        return self.photometric is Photometric.RGB


@dataclass(frozen=True, eq=False)
class Heatmap:
    """A network's own map over one frame.

    values: ndarray, shape (rows, columns), float32, 0 to 1, in the network's grid.
    image_from_map_px: Affine2D from map pixels to image pixels. method: the name shown to the reader.
    segment: what values of at least one half outline, where the map is a segmentation's own
    probability; None for a map of influence, which outlines nothing.
    """

    ref: FrameRef
    model_key: str
    label: str
    method: str
    values: NDArray[np.float32]
    image_from_map_px: Affine2D
    segment: CodedConcept | None = None

    @property
    def model_id(self) -> str:
        """The part of `model_key` in front of version and hash (inference.model_package.ModelPackage.key)."""
        return self.model_key.partition("@")[0]
