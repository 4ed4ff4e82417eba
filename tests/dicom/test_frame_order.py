"""Frames of a multi-frame object lie in the order of the body, and what its groups tell apart is apart."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pydicom.datadict import tag_for_keyword
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence

from viewer.dicom.decoder import decode
from viewer.dicom.display_sets import display_sets
from viewer.dicom.frame_order import FRAME_TYPES, frame_stacks
from viewer.dicom.index_entry import read_entry
from viewer.domain.display_set import DisplaySet

ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4.1"
AXIAL = [1, 0, 0, 0, 1, 0]
CORONAL = [1, 0, 0, 0, 0, -1]


def item(**attributes: object) -> Dataset:
    made = Dataset()
    for keyword, value in attributes.items():
        setattr(made, keyword, value)
    return made


def of(value: Dataset) -> Sequence:
    return Sequence([value])


def frame(
    height: float | None,
    directions: list[int] = AXIAL,
    content: dict[str, object] | None = None,
    **groups: Dataset,
) -> Dataset:
    """Functional groups of one frame at `height` mm along z (y for coronal)."""
    made = item(FrameContentSequence=of(item(**(content or {}))))
    if height is not None:
        place = [0, 0, height] if directions == AXIAL else [0, height, 0]
        made.PlanePositionSequence = of(item(ImagePositionPatient=place))
        made.PlaneOrientationSequence = of(item(ImageOrientationPatient=directions))
    for keyword, group in groups.items():
        setattr(made, keyword, of(group))
    return made


@pytest.fixture
def shown(make_dicom: Callable[..., Path]) -> Callable[..., tuple[DisplaySet, ...]]:
    """Write the frames as one enhanced MR object and split it; pixel values are frame numbers."""

    def split(*frames: Dataset, **attributes: object) -> tuple[DisplaySet, ...]:
        pixels = np.repeat(np.arange(len(frames), dtype=np.uint16), 64)
        path = make_dicom(
            pixels=pixels.reshape(-1, 8),
            Rows=8,
            Modality="MR",
            SOPClassUID=ENHANCED_MR,
            SeriesDescription="DWI",
            FrameOfReferenceUID="1.5",
            NumberOfFrames=len(frames),
            PerFrameFunctionalGroupsSequence=Sequence(frames),
            **attributes,
        )
        entry = read_entry(path)
        assert entry is not None
        return display_sets([entry])

    return split


Split = Callable[..., tuple[DisplaySet, ...]]


def numbers(sets: tuple[DisplaySet, ...]) -> list[list[int]]:
    return [[ref.frame for ref in one.frames] for one in sets]


def test_frames_lie_in_the_order_of_their_positions_not_of_the_file(shown: Split) -> None:
    sets = shown(frame(5.0), frame(0.0), frame(2.5))
    assert numbers(sets) == [[1, 2, 0]]
    assert sets[0].notes == ()
    values = [int(decode(ref).stored[0, 0]) for ref in sets[0].frames]
    assert values == [1, 2, 0], "each frame keeps its own pixels"
    places = [decode(ref).plane.position_lps_mm[2] for ref in sets[0].frames]  # type: ignore[union-attr]
    assert places == [0.0, 2.5, 5.0]


def test_a_missing_frame_of_a_stack_is_noted(shown: Split) -> None:
    (one,) = shown(*(frame(float(place)) for place in (0, 1, 2, 3, 6, 7, 8, 9)))
    assert one.notes == ("Series 4 has a gap of 3 mm after slice 4.",)


def test_without_positions_the_stated_place_in_the_stack_orders_them(shown: Split) -> None:
    places = [frame(None, content={"StackID": "1", "InStackPositionNumber": n}) for n in (3, 1, 2)]
    assert numbers(shown(*places)) == [[1, 2, 0]]


def test_without_any_place_the_order_of_the_file_stands(shown: Split) -> None:
    assert numbers(shown(frame(None), frame(None))) == [[0, 1]]


def test_a_frame_that_does_not_say_where_it_lies_is_not_put_among_those_that_do(
    shown: Split,
) -> None:
    assert numbers(shown(frame(None), frame(3.0), frame(1.0))) == [[0], [2, 1]]


def test_times_become_stacks_of_their_own(shown: Split) -> None:
    def at(height: float, time: int) -> Dataset:
        return frame(height, content={"TemporalPositionIndex": time})

    sets = shown(at(0, 2), at(0, 1), at(3, 2), at(3, 1))
    assert numbers(sets) == [[1, 3], [0, 2]]
    assert [one.description for one in sets] == ["DWI (time 1)", "DWI (time 2)"]
    assert sets[0].uid != sets[1].uid


def test_a_film_of_one_place_stays_one_film(shown: Split) -> None:
    film = [frame(7.0, content={"TemporalPositionIndex": time}) for time in (1, 2, 3)]
    sets = shown(*film)
    assert numbers(sets) == [[0, 1, 2]]
    assert sets[0].notes == (), "that its images share a place is no oddity"


def diffusion(height: float, b: float, direction: list[float] | None = None) -> Dataset:
    group = item(DiffusionBValue=b, DiffusionDirectionality="DIRECTIONAL" if direction else "NONE")
    if direction:
        gradient = item(DiffusionGradientOrientation=direction)
        group.DiffusionGradientDirectionSequence = of(gradient)
    return frame(height, MRDiffusionSequence=group)


def test_diffusion_weightings_and_directions_are_told_apart(shown: Split) -> None:
    x, y = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
    at = [(height, b, d) for height in (4, 0) for b, d in ((0, None), (1000, x), (1000, y))]
    sets = shown(*(diffusion(*one) for one in at))
    assert numbers(sets) == [[3, 0], [5, 2], [4, 1]]
    assert [one.description for one in sets] == [
        "DWI (b 0 s/mm²)",
        "DWI (b 1000 s/mm², direction 0 1 0)",
        "DWI (b 1000 s/mm², direction 1 0 0)",
    ]


def test_a_dynamic_scan_that_broke_off_keeps_its_times_apart(shown: Split) -> None:
    whole = [(h, t) for t in (1, 2) for h in (0.0, 1.0, 2.0)][:5]
    sets = shown(*(frame(h, content={"TemporalPositionIndex": t}) for h, t in whole))
    assert numbers(sets) == [[0, 1, 2], [3, 4]]


def test_directions_and_stack_ids_are_never_mixed(shown: Split) -> None:
    mixed = shown(frame(0.0), frame(0.0, CORONAL), frame(1.0), frame(1.0, CORONAL))
    assert sorted(map(sorted, numbers(mixed))) == [[0, 2], [1, 3]]
    two = [frame(float(n), content={"StackID": "ab"[n % 2]}) for n in range(4)]
    stacks = shown(*two)
    assert numbers(stacks) == [[0, 2], [1, 3]]
    assert [one.description for one in stacks] == ["DWI (stack a)", "DWI (stack b)"]


def test_magnitude_and_phase_are_never_one_stack(shown: Split) -> None:
    kinds = [
        frame(
            float(place),
            MRImageFrameTypeSequence=item(
                FrameType=["ORIGINAL", "PRIMARY", "M", "NONE"], ComplexImageComponent=kind
            ),
        )
        for place in (0, 1)
        for kind in ("MAGNITUDE", "PHASE")
    ]
    sets = shown(*kinds)
    assert numbers(sets) == [[0, 2], [1, 3]]
    assert [one.description for one in sets] == ["DWI (MAGNITUDE)", "DWI (PHASE)"]


@pytest.mark.parametrize("keyword", FRAME_TYPES)
def test_the_frame_type_is_read_from_the_sequence_of_each_modality(
    shown: Split, keyword: str
) -> None:
    assert tag_for_keyword(keyword) is not None
    kinds = [
        frame(float(place), **{keyword: item(FrameType=["ORIGINAL", "PRIMARY", kind, "NONE"])})
        for place in (0, 1)
        for kind in ("STATIC", "DYNAMIC")
    ]
    assert numbers(shown(*kinds)) == [[0, 2], [1, 3]]


def test_the_objects_own_dimension_tells_frames_apart(shown: Split) -> None:
    pointers = [
        item(DimensionIndexPointer=0x00209057),
        item(DimensionIndexPointer=0x00189307, DimensionDescriptionLabel="Segment"),
    ]
    frames = [
        frame(float(place), content={"DimensionIndexValues": [place + 1, segment]})
        for place in (0, 1)
        for segment in (1, 2)
    ]
    sets = shown(*frames, DimensionIndexSequence=Sequence(pointers))
    assert numbers(sets) == [[0, 2], [1, 3]]
    assert [one.description for one in sets] == ["DWI (Segment 1)", "DWI (Segment 2)"]


def test_frames_at_one_place_that_nothing_tells_apart_stay_together_and_are_noted(
    shown: Split,
) -> None:
    (one,) = shown(frame(0.0), frame(0.0), frame(1.0), frame(1.0))
    assert [ref.frame for ref in one.frames] == [0, 1, 2, 3]
    assert one.notes == ("Series 4 has several images at one position (2 repeat a position).",)


def test_groups_that_do_not_describe_each_frame_are_not_believed() -> None:
    lying = item(
        NumberOfFrames=3, PerFrameFunctionalGroupsSequence=Sequence([frame(1.0), frame(0.0)])
    )
    assert frame_stacks(lying) == ()


def real(shared_data: Path, name: str) -> Iterator[Path]:
    return (shared_data / "dicom" / "mixed").rglob(name)


@pytest.mark.parametrize("name", ["mf.dcm", "6_1.dcm", "IM_0027_fMAP.dcm"])
def test_frames_of_real_objects_ascend_along_their_normal(shared_data: Path, name: str) -> None:
    path = next(real(shared_data, name), None)
    if path is None:
        pytest.skip(f"{name} is not there")
    entry = read_entry(path)
    assert entry is not None
    sets = display_sets([entry])
    assert sum(len(one.frames) for one in sets) == entry.instance.frames
    for one in sets:
        planes = [decode(ref).plane for ref in one.frames]
        along = [float(plane.position_lps_mm @ planes[0].normal) for plane in planes]  # type: ignore[union-attr]
        assert along == sorted(along)
