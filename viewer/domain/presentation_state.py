"""A stored presentation state: how someone wants images shown, and what they drew on them (PS3.3 A.33).

Lengths and places are in image pixels, (column, row), (0, 0) the centre of the top left pixel, or, for
AnnotationUnits.DISPLAY, fractions of the displayed area as it stands on the screen after turns and flip.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property

from viewer.domain.display_set import FramePlace
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.domain.presentation import (
    LookupTable,
    ModalityTransform,
    Presentation,
    Rescale,
    Voi,
)
from viewer.domain.study_object import References, by_instance

Point = tuple[float, float]
Rgb = tuple[int, int, int]
IDENTITY = Rescale()


class AnnotationUnits(Enum):
    """What annotation coordinates count in (PS3.3 C.10.5)."""

    PIXEL = "PIXEL"
    DISPLAY = "DISPLAY"


class GraphicType(Enum):
    """Shapes of Graphic Object Sequence (PS3.3 C.10.5.1.2)."""

    POINT = "POINT"
    POLYLINE = "POLYLINE"
    INTERPOLATED = "INTERPOLATED"
    CIRCLE = "CIRCLE"
    ELLIPSE = "ELLIPSE"


class SizeMode(Enum):
    """Presentation Size Mode (PS3.3 C.10.4)."""

    SCALE_TO_FIT = "SCALE TO FIT"
    TRUE_SIZE = "TRUE SIZE"
    MAGNIFY = "MAGNIFY"


@dataclass(frozen=True)
class GraphicObject:
    """One drawn shape. colour: its own, or None for that of its layer. thickness: display pixels."""

    kind: GraphicType
    points: tuple[Point, ...]
    units: AnnotationUnits
    filled: bool = False
    colour: Rgb | None = None
    thickness: float = 1.0
    dashed: bool = False


@dataclass(frozen=True)
class TextObject:
    """Words in a box (two corners), at an anchor point, or both. justification: LEFT, CENTER or RIGHT."""

    text: str
    box: tuple[Point, Point] | None = None
    box_units: AnnotationUnits = AnnotationUnits.PIXEL
    justification: str = "LEFT"
    anchor: Point | None = None
    anchor_units: AnnotationUnits = AnnotationUnits.PIXEL
    anchor_visible: bool = False
    colour: Rgb | None = None


@dataclass(frozen=True)
class GraphicLayer:
    """Annotations drawn together: those of a higher order lie over those of a lower (PS3.3 C.10.7)."""

    name: str
    order: int
    colour: Rgb | None = None


@dataclass(frozen=True)
class GraphicAnnotation:
    """What is drawn in one layer (PS3.3 C.10.5)."""

    references: References
    layer: str
    graphics: tuple[GraphicObject, ...] = ()
    texts: tuple[TextObject, ...] = ()


@dataclass(frozen=True)
class DisplayedArea:
    """What part of an image is to fill the view (PS3.3 C.10.4).

    corners_px: left, top, right, bottom edge of the part, pixel edges included, whatever the turns.
    magnification: display px for an image px, for MAGNIFY. aspect: width over height of one pixel,
    None where the state does not say.
    """

    references: References
    corners_px: tuple[float, float, float, float]
    mode: SizeMode = SizeMode.SCALE_TO_FIT
    magnification: float | None = None
    aspect: float | None = None


@dataclass(frozen=True)
class SoftcopyVoi:
    """Windows or LUTs for some of the images, the first of them in force (PS3.3 C.11.8)."""

    references: References
    voi: tuple[Voi, ...]


@dataclass(frozen=True)
class GreyTransforms:
    """From stored values to P-Values (PS3.4 N.2.1); what is absent is identity, whatever the image says."""

    modality: ModalityTransform = IDENTITY
    unit: str = ""
    voi: tuple[SoftcopyVoi, ...] = ()
    inverse: bool = False
    lut: LookupTable | None = None


@dataclass(frozen=True)
class PresentationState:
    """One state as it was read.

    patient_key: `Patient.key`. references: the images and frames it is for (PS3.3 C.11.11), never empty
    of meaning: what is not named here is never shown by this state. grey: None in colour states.
    quarter_turns, flip_horizontal: as `Presentation` has them, the flip first. image_overlays: groups
    60xx of the image that are drawn; overlays: planes of the state itself. omitted: what of the state
    SecondRead does not do, in words for the reader.
    """

    uid: str
    study_uid: str
    patient_key: tuple[str, str, str, str]
    label: str
    description: str
    creator: str
    references: References
    grey: GreyTransforms | None = None
    annotations: tuple[GraphicAnnotation, ...] = ()
    layers: tuple[GraphicLayer, ...] = ()
    shutter: Shutter | None = None
    areas: tuple[DisplayedArea, ...] = ()
    quarter_turns: int = 0
    flip_horizontal: bool = False
    overlays: tuple[OverlayPlane, ...] = ()
    image_overlays: frozenset[int] = frozenset()
    omitted: tuple[str, ...] = ()
    file_sha256: str = field(default="", compare=False)
    """Of the file it was read from, to bind a report to it."""

    @cached_property
    def _by_instance(self) -> Mapping[str, References]:
        return by_instance(self.references)

    def names(self, place: FramePlace) -> bool:
        """Whether the state is for that frame."""
        return any(reference.names(place) for reference in self._by_instance.get(place[0], ()))

    def voi_of(self, place: FramePlace) -> tuple[Voi, ...]:
        """The windows and LUTs for a frame, in order."""
        items = self.grey.voi if self.grey is not None else ()
        return tuple(voi for item in items if means(item.references, place) for voi in item.voi)

    def area_of(self, place: FramePlace) -> DisplayedArea | None:
        """The part of a frame that is to fill the view."""
        return next((area for area in self.areas if means(area.references, place)), None)


def first_view(state: PresentationState | None, place: FramePlace) -> Presentation:
    """How a frame is shown before the reader changes anything: as its state says, else as it is."""
    if state is None:
        return Presentation()
    area = state.area_of(place)
    magnified = area.magnification if area is not None and area.mode is SizeMode.MAGNIFY else None
    return Presentation(
        quarter_turns=state.quarter_turns,
        flip_horizontal=state.flip_horizontal,
        zoom=magnified,
        state=state,
    )


def means(references: References, place: FramePlace) -> bool:
    """Whether a part of a state is for a frame that the state names; one without references is for all."""
    return not references or any(reference.names(place) for reference in references)
