"""Instances of a series to display sets: split by what cannot be one stack, sorted by position, oddities noted."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby

import numpy as np

from viewer.dicom.concatenation import Part, joined_stacks, part_notes
from viewer.dicom.frame_order import PLACE_DIGITS, FrameStack, same_direction
from viewer.dicom.index_entry import IndexEntry
from viewer.dicom.stack_notes import direction_notes, order_notes, series_words, stack_notes
from viewer.domain.display_set import DisplaySet, FrameRef
from viewer.domain.geometry import ImagePlane

SINGLE_IMAGE_MODALITIES = frozenset({"CR", "DX", "MG", "IO", "PX", "RG", "XA", "RF"})
"""Projection images: each is looked at by itself."""

UID_DIGITS = 32

Group = list[IndexEntry]


def display_sets(entries: Iterable[IndexEntry]) -> tuple[DisplaySet, ...]:
    """The display sets of one series of one patient; instances that are no images give none."""
    shown = sorted(filter(_is_shown, entries), key=_number)
    groups = [
        stack
        for _kind, alike in groupby(sorted(shown, key=_kind_text), key=_kind_text)
        for stack in _split(list(alike))
    ]
    groups.sort(key=lambda group: (group[0].is_localizer is False, *_number(group[0])))
    directions = _directions(shown)
    stacks = [(group, stack) for group in groups for stack in _stacks(group)]
    uids = _uids([group for group, _stack in stacks])
    return tuple(
        _display_set(group, stack, uid, directions)
        for (group, stack), uid in zip(stacks, uids, strict=True)
    )


def _directions(shown: Group) -> int:
    """How many directions the single slices of the series run in; scouts do not count."""
    slices = [
        entry
        for entry in shown
        if entry.plane is not None and entry.instance.frames == 1 and not entry.is_localizer
    ]
    return len(_by_direction(slices))


def _split(alike: Group) -> list[Group]:
    """What of one kind is a stack of its own; the parts of a concatenation are one object."""
    if alike[0].part is not None:
        return [alike]
    return [
        stack
        for together in _by_frame_of_reference(alike)
        for one_way in _by_direction(together)
        for stack in _by_phase(one_way)
    ]


def _is_shown(entry: IndexEntry) -> bool:
    """A segmentation has pixels, but is drawn over the images it was made of."""
    return entry.instance.has_pixels and entry.study_object is None


def _number(entry: IndexEntry) -> tuple[float, str]:
    number = entry.instance.number
    return (float("inf") if number is None else number, entry.instance.sop_instance_uid)


def _kind(entry: IndexEntry) -> tuple[object, ...]:
    """What must agree within a stack; an image to be looked at by itself is its own kind."""
    instance, acquisition = entry.instance, entry.acquisition
    alone = instance.frames > 1 or acquisition.modality in SINGLE_IMAGE_MODALITIES
    own = instance.sop_instance_uid if alone else ""
    return (
        own if entry.part is None else entry.part.uid,
        entry.is_localizer,
        instance.rows,
        instance.columns,
        acquisition.photometric,
        entry.plane is not None,
    )


def _kind_text(entry: IndexEntry) -> str:
    return repr(_kind(entry))


def _frame_of_reference(entry: IndexEntry) -> str:
    return entry.plane.frame_of_reference_uid if entry.plane else ""


def _by_frame_of_reference(entries: Group) -> list[Group]:
    """Positions compare within a frame of reference only (PS3.3 C.7.4.1).

    Where every slice names another one, the UIDs are broken (careless de-identification does this):
    the slices stay together, and a note says so.
    """
    references = {_frame_of_reference(entry) for entry in entries}
    if len(references) == len(entries):
        return [entries]
    alike = sorted(entries, key=_frame_of_reference)
    return [list(group) for _uid, group in groupby(alike, key=_frame_of_reference)]


def _by_direction(entries: Group) -> list[Group]:
    """Stacks of one direction, in the order in which the directions first come."""
    stacks: list[Group] = []
    for entry in entries:
        home = next(
            (stack for stack in stacks if same_direction(stack[0].plane, entry.plane)), None
        )
        if home is None:
            stacks.append([entry])
        else:
            home.append(entry)
    return stacks


def _by_phase(stack: Group) -> list[Group]:
    """Phases, echoes or weightings that share positions become stacks of their own.

    Only where one attribute tells all doubled slices apart; otherwise they stay together, noted.
    """
    if _positions_differ(stack):
        return [stack]
    for number in range(len(stack[0].phases)):
        parts: dict[object, Group] = {}
        for entry in stack:
            parts.setdefault(entry.phases[number], []).append(entry)
        if len(parts) > 1 and all(_positions_differ(part) for part in parts.values()):
            return list(parts.values())
    return [stack]


def _positions_differ(stack: Group) -> bool:
    """Whether no two slices lie at one place; true where places are unknown."""
    normal = stack[0].plane.normal if stack[0].plane else None
    if normal is None:
        return True
    places = [
        round(float(np.dot(normal, entry.plane.position_lps_mm)), PLACE_DIGITS)
        for entry in stack
        if entry.plane is not None
    ]
    return len(set(places)) == len(places)


def _stacks(group: Group) -> tuple[FrameStack, ...]:
    """Of a multi-frame object those it describes; else all frames of the group, in their order."""
    ordered = _sorted(group)
    found = joined_stacks(*_parts(ordered)) if group[0].part else ()
    found = found or (group[0].stacks if len(group) == 1 else ())
    if found:
        return found
    everything = tuple(range(sum(entry.instance.frames for entry in ordered)))
    return (FrameStack(everything),)


def _parts(ordered: Group) -> tuple[list[Part], list[int]]:
    """The parts of a concatenation, and how many frames each holds."""
    parts = [entry.part for entry in ordered if entry.part is not None]
    return parts, [entry.instance.frames for entry in ordered]


def _display_set(group: Group, stack: FrameStack, uid: str, directions: int) -> DisplaySet:
    ordered = _sorted(group)
    first = ordered[0]
    frames = [ref for entry in ordered for ref in _frames(entry)]
    return DisplaySet(
        uid=uid,
        study_uid=first.study_uid,
        series_uid=first.series_uid,
        series_number=first.series_number,
        description=_description(first, stack),
        acquisition=first.acquisition,
        frames=tuple(frames[number] for number in stack.frames),
        notes=(*_direction_notes(first, directions), *_notes(ordered, stack)),
        frame_rate=first.frame_rate,
    )


def _direction_notes(first: IndexEntry, directions: int) -> tuple[str, ...]:
    single = first.plane is not None and first.instance.frames == 1 and not first.is_localizer
    return direction_notes(directions, first.series_number) if single else ()


def _frames(entry: IndexEntry) -> list[FrameRef]:
    instance = entry.instance
    return [
        FrameRef(instance.sop_instance_uid, frame, instance.path)
        for frame in range(instance.frames)
    ]


def _sorted(group: Group) -> Group:
    """By part, or position along the normal of the first slice, else instance number (PS3.3 C.7.6.2)."""
    if group[0].part is not None:
        return sorted(
            group, key=lambda entry: (entry.part.number if entry.part else 0, *_number(entry))
        )
    return sorted(group, key=_order_key(group[0].plane))


def _order_key(plane: ImagePlane | None) -> Callable[[IndexEntry], tuple[object, ...]]:
    if plane is None:
        return _number
    normal = plane.normal

    def along_normal(entry: IndexEntry) -> tuple[object, ...]:
        assert entry.plane is not None
        along = float(np.dot(normal, entry.plane.position_lps_mm))
        return (round(along, 3), *_number(entry))

    return along_normal


def _description(entry: IndexEntry, stack: FrameStack) -> str:
    """That of the series, with what tells the stack from others of its object."""
    words = f"({stack.words})" if stack.words else ""
    return f"{entry.series_description} {words}".strip()


def _notes(ordered: Group, stack: FrameStack) -> tuple[str, ...]:
    first = ordered[0]
    parts, _counts = _parts(ordered)
    cut = part_notes(parts, series_words(first.series_number)) if parts else ()
    return (*cut, *_place_notes(ordered, stack))


def _place_notes(ordered: Group, stack: FrameStack) -> tuple[str, ...]:
    if stack.is_film or (ordered[0].part is not None and not stack.planes):
        return ()
    if stack.planes:
        return stack_notes(stack.planes, ordered[0].series_number, ordered[0].gantry_tilt_deg)
    planes = [entry.plane for entry in ordered if entry.plane is not None]
    if len(planes) < len(ordered):
        return order_notes(ordered[0].acquisition.modality, ordered[0].series_number, len(ordered))
    return stack_notes(planes, ordered[0].series_number, ordered[0].gantry_tilt_deg)


def _uids(groups: Sequence[Group]) -> list[str]:
    """One each; stacks that only their frame of reference tells apart are counted."""
    alike: Counter[str] = Counter()
    uids = []
    for group in groups:
        identity = _identity(group)
        uids.append(_uid(identity, alike[identity]))
        alike[identity] += 1
    return uids


def _identity(group: Group) -> str:
    """Patient, series, kind and direction: the same while the series grows."""
    entry = group[0]
    plane = entry.plane
    directions = (*plane.row_cosines, *plane.column_cosines) if plane else ()
    rounded = [round(value, 1) + 0.0 for value in directions]
    parts = (entry.patient.key, entry.study_uid, entry.series_uid, _kind(entry), rounded)
    return ", ".join(map(repr, parts))


def _uid(identity: str, repeat: int) -> str:
    """Stored results name display sets by it, so the words it is made of stay as they are."""
    return hashlib.sha256(f"({identity}, {repeat})".encode()).hexdigest()[:UID_DIGITS]
