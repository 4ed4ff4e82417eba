"""The Segment Sequence: numbers, labels, who made each, and a colour for each (PS3.3 C.8.20.4)."""

from pydicom.dataset import Dataset

from viewer.dicom.scope import Scope
from viewer.dicom.sr_values import coded, words_of
from viewer.domain.segmentation import Rgb, Segment, SegmentMaker
from viewer.imaging.cielab import rgb_of_cielab

PALETTE: tuple[Rgb, ...] = (
    (0, 158, 115),
    (240, 228, 66),
    (204, 121, 167),
    (213, 94, 0),
    (0, 114, 178),
    (86, 180, 233),
    (230, 159, 0),
)
"""Okabe and Ito, told apart also by colour-blind readers; for segments without a colour of their own."""

BACKGROUND_CODE = ("125040", "DCM")
"""Segmented property type of all that is no segment."""

MAKERS = frozenset(maker.value for maker in SegmentMaker)
DARKEST = 60
"""Sum of red, green and blue under which a colour cannot be seen on a black image."""


def segments_of(scope: Scope) -> tuple[Segment, ...]:
    """All segments, in the order of the file."""
    items = scope.items("SegmentSequence")
    return tuple(_segment(Scope((item,)), place) for place, item in enumerate(items))


def _segment(scope: Scope, place: int) -> Segment:
    number = scope.integer("SegmentNumber")
    stated = scope.text("SegmentAlgorithmType")
    kind = coded(scope.items("SegmentedPropertyTypeCodeSequence"))
    label = scope.text("SegmentLabel")
    is_background = kind is not None and (kind.value, kind.scheme) == BACKGROUND_CODE
    return Segment(
        number=place + 1 if number is None else number,
        label=label or words_of(kind) or str(number),
        maker=SegmentMaker(stated) if stated in MAKERS else SegmentMaker.NOT_STATED,
        colour=_colour(scope, place),
        meaning=words_of(kind),
        algorithm=_algorithm(scope),
        is_background=is_background or number == 0,
    )


def _colour(scope: Scope, place: int) -> Rgb:
    stored = scope.numbers("RecommendedDisplayCIELabValue")
    fallback = PALETTE[place % len(PALETTE)]
    if len(stored) != 3:
        return fallback
    colour = rgb_of_cielab(stored)
    return colour if sum(colour) >= DARKEST else fallback


def _algorithm(scope: Scope) -> str:
    stated: tuple[Dataset, ...] = scope.items("SegmentationAlgorithmIdentificationSequence")[:1]
    named = Scope(stated)
    parts = (named.text("AlgorithmName"), named.text("AlgorithmVersion"))
    return " ".join(filter(None, parts)) or scope.text("SegmentAlgorithmName")
