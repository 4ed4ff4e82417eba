"""Softcopy presentation states, grey and colour, to a PresentationState (PS3.3 A.33.1, A.33.2)."""

from dataclasses import replace
from pathlib import Path

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.evidence import file_sha256
from viewer.dicom.graphic_annotations import annotations_of, layers_of
from viewer.dicom.header import patient_of
from viewer.dicom.lookup_tables import presentation_lut
from viewer.dicom.overlays import GROUPS, overlays_of
from viewer.dicom.reader import Header, read_header
from viewer.dicom.scope import Scope
from viewer.dicom.shutter import grey_of, shutter_of
from viewer.dicom.study_objects import STORAGE, reference_of
from viewer.dicom.transforms import modality_transform, value_unit, voi_of
from viewer.domain.overlay import OverlayPlane, Shutter
from viewer.domain.presentation_state import (
    DisplayedArea,
    GreyTransforms,
    PresentationState,
    SizeMode,
    SoftcopyVoi,
)
from viewer.domain.readable import readable_name

GREY_CLASS = f"{STORAGE}11.1"
COLOUR_CLASS = f"{STORAGE}11.2"
SHOWN_CLASSES = (GREY_CLASS, COLOUR_CLASS)
"""Grayscale and Color Softcopy Presentation State Storage (PS3.4 B.5)."""

ACTIVATION = 0x1001
"""Overlay Activation Layer (60xx,1001)."""

SPACING, ASPECT = "PresentationPixelSpacing", "PresentationPixelAspectRatio"


def read_presentation_state(path: Path) -> PresentationState:
    """The state of one file.

    Raises
    ------
    FileProblem : it cannot be read, names no image, or is a kind of state that SecondRead does not show
    """
    header = read_header(path)
    scope = Scope((header.dataset,))
    stated = scope.text("SOPClassUID")
    if stated not in SHOWN_CLASSES:
        raise FileProblem(_unsupported(header))
    state = _state(header, scope, grey=stated == GREY_CLASS)
    if not state.references:
        words = _("{name} names no image, so it cannot be applied to one.")
        raise FileProblem(words.format(name=path.name))
    return replace(state, file_sha256=file_sha256(path))


def _unsupported(header: Header) -> str:
    words = _(
        "{name} cannot be applied: SecondRead shows grayscale and color softcopy presentation states, "
        "not {kind}. The image is shown without it."
    )
    kind = getattr(header.dataset.get("SOPClassUID", ""), "name", "") or _("this kind of object")
    return words.format(name=header.path.name, kind=kind)


def _state(header: Header, scope: Scope, *, grey: bool) -> PresentationState:
    planes = _planes(header)
    active = _active_groups(header)
    annotations, omitted = annotations_of(scope)
    turns, flip = _spatial(scope)
    areas, creator = _areas(scope), scope.text("ContentCreatorName")
    return PresentationState(
        uid=scope.text("SOPInstanceUID"),
        study_uid=scope.text("StudyInstanceUID"),
        patient_key=patient_of(scope).key,
        label=scope.text("ContentLabel"),
        description=scope.text("ContentDescription"),
        creator=readable_name(creator) if creator else "",
        references=tuple(
            reference_of(item)
            for series in scope.items("ReferencedSeriesSequence")
            for item in Scope((series,)).items("ReferencedImageSequence")
        ),
        grey=_grey(header, scope) if grey else None,
        annotations=annotations,
        layers=layers_of(scope),
        shutter=_shutter(scope, planes),
        areas=areas,
        quarter_turns=turns,
        flip_horizontal=flip,
        overlays=tuple(plane for group, plane in planes.items() if group in active),
        image_overlays=active - planes.keys(),
        omitted=(*omitted, *_not_done(scope, areas)),
    )


def _planes(header: Header) -> dict[int, OverlayPlane]:
    """Overlay planes that the state itself holds, by group."""
    found = overlays_of(header.dataset, 0, None, little_endian=header.little_endian)
    return {plane.group: plane for plane in found.planes}


def _active_groups(header: Header) -> frozenset[int]:
    """Groups with a layer to be drawn in; all others stay undrawn (PS3.3 C.11.7)."""
    dataset = header.dataset
    return frozenset(
        group
        for group in GROUPS
        if (group, ACTIVATION) in dataset and str(dataset[group, ACTIVATION].value or "").strip()
    )


def _grey(header: Header, scope: Scope) -> GreyTransforms:
    little = header.little_endian
    modality = modality_transform(scope, little_endian=little)
    return GreyTransforms(
        modality,
        value_unit(scope, modality),
        tuple(
            SoftcopyVoi(
                tuple(map(reference_of, Scope((item,)).items("ReferencedImageSequence"))),
                voi_of(Scope((item,)), little_endian=little),
            )
            for item in scope.items("SoftcopyVOILUTSequence")
        ),
        scope.text("PresentationLUTShape") == "INVERSE",
        presentation_lut(scope, little_endian=little),
    )


def _spatial(scope: Scope) -> tuple[int, bool]:
    """Quarter turns clockwise after a flip; the file has the flip after the turn (PS3.3 C.10.6)."""
    turns = round((scope.number("ImageRotation") or 0) / 90) % 4
    flip = scope.text("ImageHorizontalFlip") == "Y"
    return (-turns % 4 if flip else turns), flip


def _shutter(scope: Scope, planes: dict[int, OverlayPlane]) -> Shutter | None:
    """Shapes, or the bits of one overlay of the state (PS3.3 C.7.6.11, C.7.6.15)."""
    if scope.text("ShutterShape") != "BITMAP":
        return shutter_of(scope)
    plane = planes.get(scope.integer("ShutterOverlayGroup") or 0)
    return None if plane is None else replace(Shutter(grey=grey_of(scope)), hidden=plane)


def _areas(scope: Scope) -> tuple[DisplayedArea, ...]:
    found = (_area(Scope((item,))) for item in scope.items("DisplayedAreaSelectionSequence"))
    return tuple(area for area in found if area is not None)


def _area(scope: Scope) -> DisplayedArea | None:
    """Corners are whole pixels, column then row, counted from 1, in the image before any turn (C.10.4)."""
    first, last = (
        scope.numbers(f"DisplayedArea{corner}HandCorner") for corner in ("TopLeft", "BottomRight")
    )
    if len(first) != 2 or len(last) != 2:
        return None
    columns, rows = zip(first, last, strict=True)
    return DisplayedArea(
        tuple(map(reference_of, scope.items("ReferencedImageSequence"))),
        (min(columns) - 1.5, min(rows) - 1.5, max(columns) - 0.5, max(rows) - 0.5),
        {mode.value: mode for mode in SizeMode}.get(
            scope.text("PresentationSizeMode"), SizeMode.SCALE_TO_FIT
        ),
        scope.number("PresentationPixelMagnificationRatio"),
        _aspect(scope),
    )


def _aspect(scope: Scope) -> float | None:
    """Width over height of a pixel; both attributes state the vertical first (PS3.3 C.10.4)."""
    for keyword in (SPACING, ASPECT):
        pair = scope.numbers(keyword)
        if len(pair) == 2 and min(pair) > 0:
            return pair[1] / pair[0]
    return None


def _not_done(scope: Scope, areas: tuple[DisplayedArea, ...]) -> tuple[str, ...]:
    """What the state asks for and SecondRead does not do, in words."""
    omitted = []
    if scope.items("MaskSubtractionSequence"):
        omitted.append(_("subtraction of the mask"))
    if any(area.mode is SizeMode.TRUE_SIZE for area in areas):
        omitted.append(_("true size, because the size of this screen's pixels is not known"))
    return tuple(omitted)
