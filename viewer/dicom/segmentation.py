"""read_segmentation: a SEG or label map object to segments and frames with their places (PS3.3 A.51, C.8.20)."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset

from viewer.base.errors import DecodeError, FileProblem
from viewer.base.i18n import _
from viewer.dicom.encapsulated import Truncated
from viewer.dicom.frame_cells import frame_cells
from viewer.dicom.object_file import read_object_header
from viewer.dicom.orientation import image_plane, pixel_spacing
from viewer.dicom.pixel_format import FormatFault, PixelFormat, pixel_format
from viewer.dicom.reader import Header
from viewer.dicom.scope import Scope, macros
from viewer.dicom.segments import segments_of
from viewer.dicom.stored_values import keeps_cells, stored_values
from viewer.domain.segmentation import Segmentation, SegmentFrame, SegmentKind
from viewer.domain.study_object import StudyObject

KINDS = {
    ("BINARY", ""): SegmentKind.BINARY,
    ("FRACTIONAL", "PROBABILITY"): SegmentKind.PROBABILITY,
    ("FRACTIONAL", "OCCUPANCY"): SegmentKind.OCCUPANCY,
    ("LABELMAP", ""): SegmentKind.LABEL_MAP,
}
"""By Segmentation Type and Segmentation Fractional Type."""

TILED_FULL = "TILED_FULL"
LARGEST_BYTE = 255
Report = Callable[[float], None]


def read_segmentation(found: StudyObject, report: Report) -> Segmentation:
    """All frames of a segmentation.

    report: receives 0 to 1, may raise Cancelled. Raises FileProblem or DecodeError with what is wrong
    and in which file; a segmentation is shown whole or not at all.
    """
    header = read_object_header(found)
    scope = Scope((header.dataset,))
    kind = _kind(found, scope)
    _refuse_tiles(found, scope)
    padding = scope.integer("PixelPaddingValue")
    return Segmentation(
        uid=found.sop_instance_uid,
        study_uid=found.study_uid,
        patient_key=found.patient_key,
        title=found.title,
        kind=kind,
        segments=segments_of(scope),
        frames=tuple(_frames(found, header, kind, report)),
        largest=scope.integer("MaximumFractionalValue") or 1,
        padding=padding if kind is SegmentKind.LABEL_MAP else None,
    )


def _kind(found: StudyObject, scope: Scope) -> SegmentKind:
    stated = scope.text("SegmentationType")
    fractional = scope.text("SegmentationFractionalType") if stated == "FRACTIONAL" else ""
    kind = KINDS.get((stated, fractional))
    if kind is None:
        words = _("{name} is a segmentation of the type “{type}”, which cannot be shown.")
        raise FileProblem(
            words.format(name=found.path.name, type=f"{stated} {fractional}".strip() or "?")
        )
    return kind


def _refuse_tiles(found: StudyObject, scope: Scope) -> None:
    if scope.text("DimensionOrganizationType") == TILED_FULL:
        words = _("{name} is a segmentation of a whole slide in tiles, which cannot be shown.")
        raise FileProblem(words.format(name=found.path.name))


def _frames(
    found: StudyObject, header: Header, kind: SegmentKind, report: Report
) -> Iterator[SegmentFrame]:
    whole = Scope((header.dataset,))
    groups, shared = _groups(whole)
    try:
        described = _description(header)
        if len(groups) != described.frames:
            words = _("it holds {n} frames but says of {m} where they lie")
            raise FormatFault(words.format(n=described.frames, m=len(groups)))
        for number, group in enumerate(groups):
            report(number / len(groups))
            values = _values(header, described, number)
            yield _frame(Layers(group, shared, header.dataset), kind, values)
    except (FormatFault, Truncated) as fault:
        words = _("{name} cannot be shown: {reason}.")
        raise DecodeError(words.format(name=found.path.name, reason=fault)) from fault


def _groups(whole: Scope) -> tuple[tuple[Dataset, ...], Dataset]:
    shared = whole.items("SharedFunctionalGroupsSequence")
    return whole.items("PerFrameFunctionalGroupsSequence"), shared[0] if shared else Dataset()


def _description(header: Header) -> PixelFormat:
    if header.pixel is None:
        raise FormatFault(_("it holds no pixels"))
    return pixel_format(Scope((header.dataset,)), header.pixel.keyword)


def _values(
    header: Header, described: PixelFormat, number: int
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """The stored values of one frame; of single bits packed, the first in the lowest."""
    pixel, syntax = header.pixel, header.transfer_syntax
    if pixel is None or syntax is None:
        raise FormatFault(_("it does not state its transfer syntax"))
    cells, _photometric = frame_cells(header, pixel, syntax, described, number)
    stored = stored_values(cells, described, whole_cells=keeps_cells(syntax))
    if stored.ndim != 2 or stored.dtype.kind not in "bui" or int(stored.min()) < 0:
        raise FormatFault(_("its values are no segments"))
    if described.bits_allocated == 1:
        return np.packbits(stored.astype(np.bool_), bitorder="little")
    if int(stored.max()) <= LARGEST_BYTE:
        return stored.astype(np.uint8)
    return stored.astype(np.uint16)


class Layers:
    """What is said of one frame: its own groups first, then the shared ones, then the object."""

    def __init__(self, own: Dataset, shared: Dataset, whole: Dataset) -> None:
        self._groups = (own, shared)
        self.scope = Scope((*macros(own), *macros(shared), whole))

    def group(self, keyword: str) -> Scope:
        """The first item of a functional group, own or shared; empty where there is none."""
        return Scope(Scope(self._groups).items(keyword)[:1])


def _frame(
    layers: Layers, kind: SegmentKind, values: NDArray[np.uint8] | NDArray[np.uint16]
) -> SegmentFrame:
    scope = layers.scope
    sources = layers.group("DerivationImageSequence").items("SourceImageSequence")
    segment = layers.group("SegmentIdentificationSequence").integer("ReferencedSegmentNumber")
    is_map = kind is SegmentKind.LABEL_MAP
    if segment is None and not is_map:
        raise FormatFault(_("a frame does not say of which segment it is"))
    return SegmentFrame(
        segment=None if is_map else segment,
        values=_of_kind(values, kind),
        rows=scope.integer("Rows") or 0,
        columns=scope.integer("Columns") or 0,
        plane=image_plane(scope),
        spacing=pixel_spacing(scope),
        sources=tuple(place for item in sources for place in _places(Scope((item,)))),
        keeps_places=all(_keeps_places(Scope((item,))) for item in sources),
    )


def _of_kind(
    values: NDArray[np.uint8] | NDArray[np.uint16], kind: SegmentKind
) -> NDArray[np.uint8] | NDArray[np.uint16]:
    """Binary segments are packed, also where they came as bytes."""
    if kind is SegmentKind.BINARY and values.ndim == 2:
        return np.packbits(values.astype(np.bool_), bitorder="little")
    return values


def _places(source: Scope) -> Iterator[tuple[str, int | None]]:
    uid = source.text("ReferencedSOPInstanceUID")
    frames = source.numbers("ReferencedFrameNumber")
    yield from ((uid, int(frame) - 1) for frame in frames)
    if uid and not frames:
        yield uid, None


def _keeps_places(source: Scope) -> bool:
    """Spatial Locations Preserved (0028,135A): only NO and REORIENTED_ONLY deny it."""
    return source.text("SpatialLocationsPreserved") not in ("NO", "REORIENTED_ONLY")
