"""Frames of a multi-frame object to stacks: what its functional groups tell apart, each in the order of the body.

Nothing is guessed: without functional groups the frames keep the order of the file (PS3.3 C.7.6.16).
"""

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydicom.dataset import Dataset

from viewer.base.i18n import _
from viewer.dicom.frame_phases import Phase, phases_of, told_by_dimensions
from viewer.dicom.orientation import image_plane
from viewer.dicom.scope import Scope, frame_scope
from viewer.domain.geometry import ImagePlane

SAME_DIRECTION = 0.999
"""Least cosine between the normals and rows of slices of one stack (2.6 degrees)."""

PLACE_DIGITS = 2
"""Of a position along the normal, mm: finer than any slice spacing, coarser than rounding."""

FRAME_TYPES = ("MRImageFrameTypeSequence", "CTImageFrameTypeSequence", "PETFrameTypeSequence")
"""Sequences that hold Frame Type, by kind of object (PS3.3 C.8.13.5.1, C.8.15.3.1, C.8.22.5.1)."""


@dataclass(frozen=True)
class FrameStack:
    """Frames to be looked at as one stack.

    frames: numbers, 0 is the first, in reading order. planes: where each lies, or empty where the
    file does not say. words: what tells this stack from the others of the object, "" for the only one.
    """

    frames: tuple[int, ...]
    planes: tuple[ImagePlane, ...] = ()
    words: str = ""

    @property
    def is_film(self) -> bool:
        """Whether all frames show one place: that they share it is no oddity."""
        return len({plane.position_lps_mm for plane in self.planes}) == 1


@dataclass(frozen=True)
class FrameFacts:
    """What the functional groups say of one frame. in_stack: In-Stack Position Number (0020,9057)."""

    number: int
    plane: ImagePlane | None
    stack_id: str
    in_stack: int | None
    frame_type: tuple[str, ...]
    phases: tuple[Phase, ...]


@dataclass(frozen=True)
class _Stack:
    facts: tuple[FrameFacts, ...]
    words: tuple[str, ...] = ()


def frame_stacks(dataset: Dataset) -> tuple[FrameStack, ...]:
    """The stacks of a multi-frame object with functional groups; empty where the file order stands.

    Stack ID (0020,9056), direction and frame type always tell stacks apart. Time, diffusion, echo,
    trigger and the object's own dimensions do where frames share positions.
    """
    facts = frame_facts(dataset)
    return stacks_of(facts) if len(facts) > 1 else ()


def frame_facts(dataset: Dataset) -> tuple[FrameFacts, ...]:
    """What the functional groups say of each frame, in the order of the file; empty where they do not."""
    scope = Scope((dataset,))
    groups = scope.items("PerFrameFunctionalGroupsSequence")
    if len(groups) != (scope.integer("NumberOfFrames") or 1):
        return ()
    shared = scope.items("SharedFunctionalGroupsSequence")[:1]
    dimensions = told_by_dimensions(dataset)
    return tuple(
        _facts(dataset, number, Scope((group, *shared)), dimensions)
        for number, group in enumerate(groups)
    )


def stacks_of(facts: tuple[FrameFacts, ...]) -> tuple[FrameStack, ...]:
    """The stacks of the frames of one object."""
    stacks = [part for kind in _by_kind(_Stack(facts)) for part in _by_phase(kind)]
    return tuple(_ordered(stack) for stack in stacks)


def _facts(
    dataset: Dataset, number: int, groups: Scope, dimensions: Sequence[tuple[int, str]]
) -> FrameFacts:
    content = Scope(groups.items("FrameContentSequence"))
    return FrameFacts(
        number,
        image_plane(frame_scope(dataset, number)),
        content.text("StackID"),
        content.integer("InStackPositionNumber"),
        _frame_type(groups),
        phases_of(groups, content, dimensions),
    )


def _frame_type(groups: Scope) -> tuple[str, ...]:
    """Frame Type with Complex Image Component: magnitude and phase are never one stack."""
    for keyword in FRAME_TYPES:
        kind = Scope(groups.items(keyword))
        if kind.datasets:
            return (*kind.texts("FrameType"), kind.text("ComplexImageComponent"))
    return ()


def _by_kind(stack: _Stack) -> Iterator[_Stack]:
    """Split by what never belongs together; a value that is another one in each frame says nothing."""
    directions = _directions([facts.plane for facts in stack.facts])
    keys: list[list[Hashable]] = [
        [facts.stack_id for facts in stack.facts],
        list(directions),
        [facts.frame_type for facts in stack.facts],
    ]
    telling = [values for values in keys if len(set(values)) < len(stack.facts)]
    parts: dict[tuple[Hashable, ...], list[FrameFacts]] = {}
    for place, facts in enumerate(stack.facts):
        parts.setdefault(tuple(values[place] for values in telling), []).append(facts)
    words = _kind_words(list(parts.values()))
    for part, said in zip(parts.values(), words, strict=True):
        yield _Stack(tuple(part), said)


def _kind_words(parts: Sequence[Sequence[FrameFacts]]) -> list[tuple[str, ...]]:
    """The stack's ID, and of its frame type what others have not."""
    ids = [part[0].stack_id for part in parts]
    types = [part[0].frame_type for part in parts]
    common = set(types[0]).intersection(*types)
    return [
        (
            *((_("stack {id}").format(id=own),) if len(set(ids)) > 1 else ()),
            *(value for value in kind if value and value not in common),
        )
        for own, kind in zip(ids, types, strict=True)
    ]


def same_direction(first: ImagePlane | None, second: ImagePlane | None) -> bool:
    """Whether rows and columns of both run alike; planes that are not known are alike."""
    if first is None or second is None:
        return first is second
    pairs = (
        (first.row_cosines, second.row_cosines),
        (first.column_cosines, second.column_cosines),
    )
    return all(float(np.dot(one, other)) >= SAME_DIRECTION for one, other in pairs)


def _directions(planes: Sequence[ImagePlane | None]) -> list[int]:
    """For each plane the number of its direction, in the order in which they first come."""
    known: list[ImagePlane | None] = []
    numbers = []
    for plane in planes:
        found = next((n for n, one in enumerate(known) if same_direction(one, plane)), None)
        if found is None:
            found = len(known)
            known.append(plane)
        numbers.append(found)
    return numbers


def _by_phase(stack: _Stack) -> list[_Stack]:
    """Split where frames share positions, by the first phase that tells them apart, again and again."""
    places = _places(stack.facts)
    if len(set(places)) in (1, len(places)):
        return [stack]
    for number in range(len(stack.facts[0].phases)):
        parts: dict[Phase, list[FrameFacts]] = {}
        for facts in stack.facts:
            parts.setdefault(facts.phases[number], []).append(facts)
        if len(parts) > 1 and _tells_apart(list(parts.values()), places):
            split = (
                replace(stack, facts=tuple(part), words=(*stack.words, phase.words))
                for phase, part in sorted(parts.items(), key=lambda item: item[0].rank)
            )
            return [last for part in split for last in _by_phase(part)]
    return [stack]


def _tells_apart(parts: Sequence[Sequence[FrameFacts]], places: Sequence[float]) -> bool:
    """Each part covers all positions, or no part has one twice though no more parts are there than needed."""
    own = [_places(part) for part in parts]
    if all(set(part) == set(places) for part in own):
        return True
    most = max(Counter(places).values())
    return len(parts) == most and all(len(set(part)) == len(part) for part in own)


def _places(facts: Sequence[FrameFacts]) -> list[float]:
    """Where each frame lies along the stack: mm, else In-Stack Position Number, else its own number."""
    planes = [one.plane for one in facts if one.plane is not None]
    if len(planes) == len(facts):
        normal = planes[0].normal
        return [
            round(float(np.dot(normal, plane.position_lps_mm)), PLACE_DIGITS) for plane in planes
        ]
    counted = [one.in_stack for one in facts if one.in_stack is not None]
    return [
        float(place)
        for place in (counted if len(counted) == len(facts) else [one.number for one in facts])
    ]


def _ordered(stack: _Stack) -> FrameStack:
    """By place, then time, then as in the file."""
    places = _places(stack.facts)
    ordered = sorted(
        zip(places, stack.facts, strict=True),
        key=lambda pair: (pair[0], pair[1].phases[0].rank, pair[1].number),
    )
    planes = [facts.plane for _place, facts in ordered if facts.plane is not None]
    return FrameStack(
        tuple(facts.number for _place, facts in ordered),
        tuple(planes) if len(planes) == len(ordered) else (),
        ", ".join(filter(None, stack.words)),
    )
