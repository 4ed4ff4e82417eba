"""Whether an image's pixels are as its header describes them, told before one is decoded; in sentences."""

from itertools import pairwise

from pydicom.uid import RLELossless

from viewer.base.i18n import _
from viewer.dicom.encapsulated import Items, items_of
from viewer.dicom.pixel_format import FormatFault, PixelFormat, length_misfit, pixel_format
from viewer.dicom.reader import Header, PixelElement
from viewer.dicom.scope import Scope


def stated_frames(scope: Scope) -> int:
    """Number of Frames (0028,0008); 1 where it is absent or no number of frames."""
    return max(scope.integer("NumberOfFrames") or 1, 1)


def frames_held(header: Header, scope: Scope) -> int:
    """The frames to list: as many as stated, but never more than the stated pixels can hold; 0 without pixels."""
    stated = stated_frames(scope)
    if header.pixel is None or stated == 1:
        return 0 if header.pixel is None else 1
    most = _most_frames(header, header.pixel, scope)
    return stated if most is None else min(stated, max(most, 1))


def _most_frames(header: Header, pixel: PixelElement, scope: Scope) -> int | None:
    """None where there is no telling."""
    if pixel.length is None:
        items = items_of(header)
        return items.count if items.whole else (header.available - pixel.offset) // 2
    try:
        found = pixel_format(scope, pixel.keyword)
    except FormatFault:
        return 1
    return int(pixel.length / found.native_frame_bytes)


def pixel_problem(header: Header, scope: Scope) -> str:
    """What is wrong with the pixels of an image that can still be listed, or ""."""
    name, pixel = header.path.name, header.pixel
    if pixel is None:
        return _("{name} holds no pixels, so there is nothing to show.").format(name=name)
    if pixel.length is None:
        return items_problem(header, stated_frames(scope))
    end = pixel.offset + pixel.length
    if end > header.available:
        return _("{name} is truncated: {n} of {all} bytes of pixels are there.").format(
            name=name, n=max(header.available - pixel.offset, 0), all=pixel.length
        )
    return _misfit(name, scope, pixel.keyword, pixel.length)


def items_problem(header: Header, frames: int) -> str:
    """What is wrong with the items of compressed pixels of `frames` frames, or ""."""
    items, name = items_of(header), header.path.name
    if not items.whole:
        words = _("{name} is truncated: it ends inside its compressed pixels.")
    elif items.count < frames:
        words = _("{name} says that it has {stated} frames, but it holds only {n}.")
    elif _frames_of(header, items) > frames:
        words = _(
            "{name} says that it has {stated} frames, but it holds {n}; the others are not shown."
        )
    else:
        return ""
    return words.format(name=name, stated=frames, n=_frames_of(header, items))


def _frames_of(header: Header, items: Items) -> int:
    """How many frames there are for certain; each of RLE is one item (PS3.5 A.4.2)."""
    if header.transfer_syntax == RLELossless:
        return items.count
    return min(max(items.frames, 1), items.count)


def frame_table(header: Header, found: PixelFormat) -> tuple[list[int], list[int]] | None:
    """Offset and length of each compressed frame by the items themselves; None where items do not tell.

    An offset table may lie; as many items as frames cannot. Raises FormatFault where it cannot be told
    which item belongs to which frame.
    """
    items = items_of(header)
    if items.count == found.frames:
        return list(items.starts), list(items.lengths)
    if items.whole and items.count < found.frames:
        words = _("it says that it has {stated} frames, but it holds only {n}")
        raise FormatFault(words.format(stated=found.frames, n=items.count))
    if items.table and not _is_right(items, found.frames):
        raise FormatFault(_("its table of frames does not fit its compressed pixels"))
    return None


def _is_right(items: Items, frames: int) -> bool:
    """Whether the offsets ascend from the first item, and those within the file are items."""
    table = items.table
    ascends = table[0] == 0 and all(one < other for one, other in pairwise(table))
    reach = items.starts[-1] if items.starts else 0
    starts = set(items.starts)
    return ascends and len(table) >= frames and all(at in starts for at in table if at <= reach)


def _misfit(name: str, scope: Scope, keyword: str, length: int) -> str:
    """A length that does not fit the stated size; longer pixels are shown, with this warning."""
    try:
        found = pixel_format(scope, keyword)
    except FormatFault as fault:
        return _("{name} cannot be shown: {reason}.").format(name=name, reason=fault)
    reason = length_misfit(found, length)
    if reason:
        return _("{name} cannot be shown: {reason}.").format(name=name, reason=reason)
    return _surplus(name, found, length)


def _surplus(name: str, found: PixelFormat, length: int) -> str:
    if length <= found.native_bytes + found.native_bytes % 2:
        return ""
    words = _(
        "{name} holds {n} bytes of pixels where its header describes only {needed}; "
        "its size may be stated wrongly."
    )
    return words.format(name=name, n=length, needed=found.native_bytes)
