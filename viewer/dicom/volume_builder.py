"""Slices to a volume: sorts them by place; refuses gaps, tilts and mixed geometry, and never guesses."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from viewer.base.errors import VolumeError
from viewer.base.i18n import _
from viewer.domain.image import Frame
from viewer.domain.volume import Volume

SPACING_TOLERANCE = 0.01
"""Relative difference of slice distances still called regular."""

POSITION_ROUNDING_MM = 0.11
"""Writers round positions to a tenth of a millimetre; two roundings differ by this much at most."""

TILT_DEG = 0.5
"""Slices whose places lean more than this against their normal are shifted against each other."""

SAME_PIXEL_SPACING = 1e-3
"""Relative difference under which two pixel spacings are one."""

PARALLEL = 1e-3
"""Difference of direction cosines under which two slices are parallel."""

SAME_PLACE_MM = 0.01
"""Slices closer than this lie at one place."""


def build_volume(frames: Sequence[Frame], thickness_mm: float | None = None) -> Volume:
    """The frames of one series as a volume.

    frames : in the order of the stack on the screen, by which the reader counts them
    thickness_mm : Slice Thickness (0018,0050), the depth of a single slice

    Raises
    ------
    VolumeError : they are in colour, of several sizes, directions, spacings or units, do not state
        where they lie, leave a gap, repeat a place or are tilted
    """
    if not frames:
        raise VolumeError(_("This series holds no image."))
    _refuse_mixed(frames)
    pixel_mm = _pixel_mm(frames[0])
    if len(frames) == 1:
        return Volume(tuple(frames), thickness_mm, pixel_mm, (1,))
    order, places, normal = _by_place(frames)
    steps = np.diff(places @ normal)
    _refuse_irregular(steps)
    _refuse_tilt(places, normal)
    ordered = tuple(frames[i] for i in order)
    numbers = tuple(i + 1 for i in order)
    return Volume(ordered, float(np.mean(steps)), pixel_mm, numbers, tuple(_cautions(frames)))


def _refuse_mixed(frames: Sequence[Frame]) -> None:
    first = frames[0]
    for frame in frames:
        if frame.is_colour:
            raise VolumeError(_("This series holds colour images; it cannot be read as a volume."))
        if frame.stored.shape != first.stored.shape:
            raise VolumeError(
                _("This series holds images of several sizes; it can be read slice by slice only.")
            )
        if not _same_spacing(frame, first):
            raise VolumeError(
                _("This series mixes pixel spacings; it can be read slice by slice only.")
            )
        if frame.unit != first.unit:
            raise VolumeError(_("This series mixes units of its values; it cannot be analysed."))


def _same_spacing(one: Frame, other: Frame) -> bool:
    if one.spacing.evidence is not other.spacing.evidence:
        return False
    pairs = (
        (one.spacing.between_rows, other.spacing.between_rows),
        (one.spacing.between_columns, other.spacing.between_columns),
    )
    return all(abs(a - b) <= SAME_PIXEL_SPACING * b for a, b in pairs)


def _pixel_mm(frame: Frame) -> tuple[float, float] | None:
    if frame.spacing.unit != "mm":
        return None
    return (frame.spacing.between_rows, frame.spacing.between_columns)


def _by_place(
    frames: Sequence[Frame],
) -> tuple[list[int], NDArray[np.float64], NDArray[np.float64]]:
    """Indices along the normal, the positions in that order, shape (n, 3), mm, and the normal."""
    known = [frame.plane for frame in frames if frame.plane is not None]
    if len(known) < len(frames):
        raise VolumeError(
            _("This series does not state where all of its slices lie; read it slice by slice.")
        )
    cosines = np.array([(*plane.row_cosines, *plane.column_cosines) for plane in known])
    if np.abs(cosines - cosines[0]).max() > PARALLEL:
        raise VolumeError(
            _("The slices of this series are not parallel; it can be read slice by slice only.")
        )
    places = np.array([plane.position_lps_mm for plane in known], dtype=np.float64)
    normal = known[0].normal
    order = np.argsort(places @ normal, kind="stable")
    return order.tolist(), places[order], normal


def _cautions(frames: Sequence[Frame]) -> Iterator[str]:
    """One series has one frame of reference (PS3.3 C.7.4.1); pseudonymised files often break it.
    Slices that lie evenly behind one another all the same are read, and the reader is told."""
    named = {frame.plane.frame_of_reference_uid for frame in frames if frame.plane is not None}
    if len(named) > 1:
        yield _(
            "The slices name different frames of reference; they were taken as one stack, because"
            " they are of one series and lie evenly behind one another."
        )


def _refuse_irregular(steps: NDArray[np.float64]) -> None:
    """Places along the normal must be evenly apart; slices are counted from 1."""
    if steps.min() < SAME_PLACE_MM:
        at = int(steps.argmin()) + 1
        raise VolumeError(
            _("This series has several images at one place (slice {n}); choose one phase.").format(
                n=at
            )
        )
    usual = float(np.median(steps))
    odd = np.abs(steps - usual) > max(SPACING_TOLERANCE * usual, POSITION_ROUNDING_MM)
    if odd.any():
        at = int(odd.argmax())
        raise VolumeError(
            _(
                "The slices of this series are not evenly apart: {odd:.2f} mm after slice {n},"
                " {usual:.2f} mm elsewhere. It can be read slice by slice, but not analysed."
            ).format(odd=float(steps[at]), n=at + 1, usual=usual)
        )


def _refuse_tilt(places: NDArray[np.float64], normal: NDArray[np.float64]) -> None:
    path = places[-1] - places[0]
    along = float(path @ normal)
    sideways = float(np.linalg.norm(path - along * normal))
    degrees = float(np.degrees(np.arctan2(sideways, abs(along))))
    if degrees > TILT_DEG:
        raise VolumeError(
            _(
                "This series is tilted by {angle:.1f}°: its slices are shifted against each other."
                " It can be read slice by slice, but not analysed."
            ).format(angle=degrees)
        )
