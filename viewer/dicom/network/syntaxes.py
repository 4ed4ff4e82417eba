"""Transfer syntaxes we propose and accept: each compressed one in a context of its own, so that none is forced."""

from collections.abc import Iterable, Iterator, Sequence

from pydicom.uid import (
    HTJ2K,
    JPEG2000,
    MPEG2MPML,
    MPEG4HP41,
    DeflatedExplicitVRLittleEndian,
    ExplicitVRBigEndian,
    ExplicitVRLittleEndian,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    ImplicitVRLittleEndian,
    JPEG2000Lossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLossless,
    JPEGLosslessSV1,
    JPEGLSLossless,
    JPEGLSNearLossless,
    RLELossless,
)
from pynetdicom import build_context
from pynetdicom.presentation import PresentationContext

UNCOMPRESSED = (ExplicitVRLittleEndian, ImplicitVRLittleEndian)
COMPRESSED = (
    JPEGLosslessSV1,
    JPEGLossless,
    JPEGBaseline8Bit,
    JPEGExtended12Bit,
    JPEGLSLossless,
    JPEGLSNearLossless,
    JPEG2000Lossless,
    JPEG2000,
    HTJ2KLossless,
    HTJ2KLosslessRPCL,
    HTJ2K,
    RLELossless,
    DeflatedExplicitVRLittleEndian,
)
VIDEO = (MPEG2MPML, MPEG4HP41)
ACCEPTED = [*UNCOMPRESSED, ExplicitVRBigEndian, *COMPRESSED, *VIDEO]
"""What the receiver takes."""

MOST_CONTEXTS = 126
"""Of 128 in an association (PS3.8 9.3.2.2), less those of the query itself."""

CLASSES_AT_ONCE = MOST_CONTEXTS // (1 + len(COMPRESSED))


def receiving_contexts(sop_classes: Iterable[str]) -> list[PresentationContext]:
    """Contexts in which a node may send us instances of at most CLASSES_AT_ONCE classes as they are stored."""
    return [
        build_context(uid, list(offered))
        for uid in sop_classes
        for offered in (UNCOMPRESSED, *((syntax,) for syntax in COMPRESSED))
    ]


def sending_contexts(wanted: Iterable[tuple[str, str]]) -> list[PresentationContext]:
    """For each (SOP class, syntax of the file) a context of its own, and an uncompressed one for each class."""
    pairs = list(dict.fromkeys(wanted))
    classes = dict.fromkeys(uid for uid, _syntax in pairs)
    own = [build_context(uid, [syntax]) for uid, syntax in pairs if syntax not in UNCOMPRESSED]
    plain = [build_context(uid, [syntax]) for uid in classes for syntax in UNCOMPRESSED]
    return [*own, *plain]


def in_batches(items: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """Pieces of at most `size`."""
    return (items[start : start + size] for start in range(0, len(items), size))
