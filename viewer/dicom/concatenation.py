"""Concatenations: one multi-frame object that was cut into several instances (PS3.3 C.7.6.16.2.2.4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydicom.dataset import Dataset

from viewer.base.i18n import _
from viewer.dicom.frame_order import FrameFacts, FrameStack, frame_facts, stacks_of
from viewer.dicom.scope import Scope

MOST_PARTS_NAMED = 5


@dataclass(frozen=True)
class Part:
    """Which part an instance is. number: In-concatenation Number, 1 is the first. total: of parts, where stated.

    facts: what the functional groups say of its frames, empty where they do not describe each.
    """

    uid: str
    number: int
    total: int | None
    facts: tuple[FrameFacts, ...] = ()


def part_of(dataset: Dataset) -> Part | None:
    """None for an instance that is whole, or that does not say which part it is."""
    scope = Scope((dataset,))
    uid, number = scope.text("ConcatenationUID"), scope.integer("InConcatenationNumber")
    if not uid or number is None:
        return None
    total = scope.integer("InConcatenationTotalNumber")
    return Part(uid, number, total, frame_facts(dataset))


def joined_stacks(parts: Sequence[Part], counts: Sequence[int]) -> tuple[FrameStack, ...]:
    """The stacks of all parts together, their frames counted through; empty where their order stands.

    counts: frames that each part holds.
    """
    if any(len(part.facts) != count for part, count in zip(parts, counts, strict=True)):
        return ()
    starts = [sum(counts[:place]) for place in range(len(counts))]
    facts = tuple(
        replace(one, number=one.number + start)
        for part, start in zip(parts, starts, strict=True)
        for one in part.facts
    )
    return stacks_of(facts) if len(facts) > 1 else ()


def part_notes(parts: Sequence[Part], series: str) -> tuple[str, ...]:
    """What is missing of the concatenation, or there twice."""
    numbers = [part.number for part in parts]
    total = max((part.total or part.number for part in parts), default=0)
    missing = [number for number in range(1, total + 1) if number not in numbers]
    notes = []
    if missing:
        words = _(
            "{series} is one object in {total} files, of which number {missing} is not here: frames are missing."
        )
        notes.append(words.format(series=series, total=total, missing=_listed(missing)))
    if len(set(numbers)) < len(numbers):
        words = _("{series} has several files for one part of its object; all are shown. Check it.")
        notes.append(words.format(series=series))
    return tuple(notes)


def _listed(numbers: Sequence[int]) -> str:
    named = ", ".join(map(str, numbers[:MOST_PARTS_NAMED]))
    return f"{named}, …" if len(numbers) > MOST_PARTS_NAMED else named
