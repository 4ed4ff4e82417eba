"""Which frames of a segmentation lie on an image, and where: by names and planes, never by order."""

from dataclasses import dataclass

import numpy as np

from viewer.domain.geometry import Affine2D
from viewer.domain.image import Frame
from viewer.domain.plane_map import PLANE_TOLERANCE_MM, plane_map
from viewer.domain.segmentation import Segmentation, SegmentFrame

SAME_PLACE = Affine2D()


@dataclass(frozen=True, eq=False)
class PlacedFrame:
    """A frame of a segmentation on an image. image_from_segment_px: its pixels to the image's.

    by_position: the segmentation does not name this image; it lies in the same plane.
    """

    frame: SegmentFrame
    image_from_segment_px: Affine2D
    by_position: bool = False


@dataclass(frozen=True, eq=False)
class Placement:
    """What of a segmentation lies on one image. misfits: frames that name the image but do not fit it."""

    placed: tuple[PlacedFrame, ...] = ()
    misfits: int = 0


def place_on(segmentation: Segmentation, image: Frame, *, alone: bool) -> Placement:
    """The frames that lie on `image`. alone: it is the only frame of its instance."""
    found = [
        _place(segmentation.frames[number], image, alone)
        for number in _candidates(segmentation, image)
    ]
    placed = tuple(each for each in found if isinstance(each, PlacedFrame))
    return Placement(placed, found.count(False))


def _candidates(segmentation: Segmentation, image: Frame) -> list[int]:
    """Frames that name the image's instance or whose first pixel lies near its plane."""
    near: set[int] = set(segmentation.frames_of_source.get(image.ref.sop_instance_uid, ()))
    if image.plane is not None:
        offsets = segmentation.positions_lps_mm - np.array(image.plane.position_lps_mm)
        distances = np.abs(offsets @ image.plane.normal)
        near |= set(np.flatnonzero(distances <= PLANE_TOLERANCE_MM).tolist())
    return sorted(near)


def _place(frame: SegmentFrame, image: Frame, alone: bool) -> PlacedFrame | bool:
    """The placed frame; False where it names the image and does not fit; True where it lies elsewhere."""
    named = frame.names(image.ref.place, alone=alone)
    if frame.plane is not None and image.plane is not None:
        mapped = plane_map(frame.plane, frame.spacing, image.plane, image.spacing, known=named)
        if mapped is None:
            return not named
        return PlacedFrame(frame, mapped, by_position=not named)
    if not named:
        return True
    same_size = (frame.rows, frame.columns) == (image.rows, image.columns)
    return PlacedFrame(frame, SAME_PLACE) if same_size and frame.keeps_places else False
