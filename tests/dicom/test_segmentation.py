"""Segmentations of other programs lie where their files say, pixel by pixel, or are refused in words."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pydicom import dcmread
from segment_files import COLUMNS, ROWS, describe, letter, write_seg, write_slices

from viewer.base.errors import Cancelled, DecodeError, FileProblem
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.dicom.segmentation import read_segmentation
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame
from viewer.domain.segment_place import place_on
from viewer.domain.segmentation import Segmentation, SegmentKind, SegmentMaker
from viewer.domain.study import Study
from viewer.domain.study_object import ObjectKind

LETTERS = np.stack([letter(number) for number in range(4)])
DCMQI = "dicom/mixed/dcmqi/data/segmentations"


def study_of(*paths: Path) -> Study:
    (study,) = index(paths, lambda _batch: None, lambda _fraction: None).studies
    return study


def read(study: Study) -> Segmentation:
    (found,) = [each for each in study.objects if each.kind is ObjectKind.SEGMENTATION]
    return read_segmentation(found, lambda _fraction: None)


def on(segmentation: Segmentation, image: Frame, number: int, *, alone: bool = True) -> NDArray:
    """The segment as the image shows it, drawn pixel by pixel through the placed frames."""
    drawn = np.zeros((image.rows, image.columns), np.uint8)
    for placed in place_on(segmentation, image, alone=alone).placed:
        if number not in segmentation.numbers_in(placed.frame):
            continue
        weights = segmentation.weights(placed.frame, number)
        rows, columns = np.nonzero(weights)
        points = placed.image_from_segment_px.apply(np.stack([columns, rows], 1).astype(float))
        assert np.abs(points - np.rint(points)).max(initial=0) < 1e-2
        across, down = np.rint(points).astype(int).T
        drawn[down, across] = weights[rows, columns]
    return drawn


def images(study: Study) -> dict[str, Frame]:
    refs = [ref for shown in study.display_sets for ref in shown.frames]
    return {ref.sop_instance_uid: decode(ref) for ref in refs}


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("BINARY", SegmentKind.BINARY),
        ("FRACTIONAL", SegmentKind.PROBABILITY),
        ("LABELMAP", SegmentKind.LABEL_MAP),
    ],
)
def test_a_letter_lies_on_its_own_oblique_slice_unmirrored(tmp_path, kind, expected) -> None:
    slices = write_slices(tmp_path)
    write_seg(tmp_path / "seg.dcm", slices, LETTERS, kind)
    study = study_of(tmp_path)
    segmentation = read(study)
    assert segmentation.kind is expected
    shown = images(study)
    for slice_, mask in zip(slices, LETTERS, strict=True):
        drawn = on(segmentation, shown[slice_.SOPInstanceUID], 1)
        assert np.array_equal(drawn == 255, mask)
        assert set(np.unique(drawn)) <= {0, 255}


def test_sources_in_any_order_make_no_difference(tmp_path: Path) -> None:
    slices = write_slices(tmp_path)
    turned = [slices[place] for place in (2, 0, 3, 1)]
    write_seg(tmp_path / "seg.dcm", turned, LETTERS[[2, 0, 3, 1]])
    study = study_of(tmp_path)
    segmentation, shown = read(study), images(study)
    for slice_, mask in zip(slices, LETTERS, strict=True):
        assert np.array_equal(on(segmentation, shown[slice_.SOPInstanceUID], 1) > 0, mask)


def test_slices_without_segment_show_nothing_though_frames_are_left_out(tmp_path: Path) -> None:
    slices = write_slices(tmp_path)
    masks = LETTERS.copy()
    masks[[0, 2]] = False
    write_seg(tmp_path / "seg.dcm", slices, masks)
    study = study_of(tmp_path)
    segmentation, shown = read(study), images(study)
    assert len(segmentation.frames) == 2
    for slice_, mask in zip(slices, masks, strict=True):
        assert np.array_equal(on(segmentation, shown[slice_.SOPInstanceUID], 1) > 0, mask)


def test_a_probability_keeps_its_values(tmp_path: Path) -> None:
    slices = write_slices(tmp_path)
    share = LETTERS * np.linspace(0.2, 1.0, 4)[:, None, None]
    write_seg(tmp_path / "seg.dcm", slices, share.astype(np.float32), "FRACTIONAL")
    study = study_of(tmp_path)
    segmentation, shown = read(study), images(study)
    for slice_, part in zip(slices, share, strict=True):
        drawn = on(segmentation, shown[slice_.SOPInstanceUID], 1)
        assert np.abs(drawn / 255 - part).max() < 0.01


def test_who_made_a_segment_is_read(tmp_path: Path) -> None:
    slices = write_slices(tmp_path)
    both = np.stack([LETTERS, np.roll(LETTERS, 11, axis=2)], axis=-1).astype(np.uint8)
    parts = [describe(1, "By program"), describe(2, "By hand", automatic=False)]
    write_seg(tmp_path / "seg.dcm", slices, both, "BINARY", parts)
    study = study_of(tmp_path)
    segmentation = read(study)
    first, second = segmentation.segments
    assert (first.maker, first.algorithm) == (SegmentMaker.AUTOMATIC, "Finder 2.1")
    assert (second.maker, second.label, second.meaning) == (
        SegmentMaker.MANUAL,
        "By hand",
        "Nodule",
    )
    assert first.colour != second.colour
    last = images(study)[slices[3].SOPInstanceUID]
    assert np.array_equal(on(segmentation, last, 2) > 0, np.roll(LETTERS[3], 11, axis=1))


def test_bone_of_a_real_chest_ct_lies_on_the_bone(shared_data: Path, tmp_path: Path) -> None:
    files = sorted((shared_data / "dicom/chest_ct_8mm_tumour").rglob("*.dcm"))[4:9]
    sources = [dcmread(file) for file in files]
    bone = np.stack(
        [source.pixel_array > np.percentile(source.pixel_array, 97) for source in sources]
    )
    write_seg(tmp_path / "seg.dcm", sources, bone)
    study = study_of(tmp_path / "seg.dcm", *files)
    segmentation, shown = read(study), images(study)
    for source, mask in zip(sources, bone, strict=True):
        assert np.array_equal(on(segmentation, shown[source.SOPInstanceUID], 1) > 0, mask)


def test_frames_of_an_enhanced_source_are_told_apart(shared_data: Path, tmp_path: Path) -> None:
    file = shared_data / "dicom/mixed/dcm_qa_enh/In/Siemens/XA10/6_1.dcm"
    source = dcmread(file)
    first, shared = (
        source.PerFrameFunctionalGroupsSequence[0],
        source.SharedFunctionalGroupsSequence[0],
    )
    for keyword in ("PixelMeasuresSequence", "PlaneOrientationSequence"):
        setattr(shared, keyword, getattr(first, keyword))  # where highdicom looks for them
    pixels = source.pixel_array
    masks = np.zeros(pixels.shape, np.bool_)
    for number in range(len(masks)):
        masks[number, 3 + number : 9, 2 : 20 + 3 * number] = True
    write_seg(tmp_path / "seg.dcm", [source], masks)
    study = study_of(tmp_path / "seg.dcm", file)
    segmentation = read(study)
    for number, mask in enumerate(masks):
        image = decode(FrameRef(str(source.SOPInstanceUID), number, file))
        assert np.array_equal(on(segmentation, image, 1, alone=False) > 0, mask)


@pytest.mark.parametrize("size", ["23x38x3", "24x38x3"])
def test_a_segmentation_of_single_slices_lies_on_the_enhanced_image_of_the_same_place(
    shared_data: Path, size: str
) -> None:
    folder = shared_data / DCMQI / size
    study = study_of(folder / "seg/label.seg", folder / "image", folder / "multiframe/mf.dcm")
    segmentation = read(study)
    sizes: dict[bool, list[int]] = {True: [], False: []}
    for shown in study.display_sets:
        for ref in shown.frames:
            image = decode(ref)
            enhanced = ref.path.name == "mf.dcm"
            drawn = on(segmentation, image, 1, alone=not enhanced)
            sizes[enhanced].append(int((drawn > 0).sum()))
            by_position = [
                placed.by_position
                for placed in place_on(segmentation, image, alone=not enhanced).placed
            ]
            assert by_position == [enhanced]
    assert sizes[True] == sizes[False] and sum(sizes[True]) > 0


def test_real_liver_lies_in_tissue_not_in_air(shared_data: Path) -> None:
    folder = shared_data / DCMQI
    study = study_of(folder / "ct-3slice", folder / "liver.dcm")
    segmentation = read(study)
    (liver,) = segmentation.segments
    assert (liver.label, liver.maker) == ("Liver", SegmentMaker.SEMIAUTOMATIC)
    for image in images(study).values():
        drawn = on(segmentation, image, 1) > 0
        assert drawn.sum() > 30_000
        transform = image.modality
        values = image.stored[drawn] * transform.slope + transform.intercept
        assert 40 < np.median(values) < 160


def test_a_label_map_that_states_its_background_leaves_it_out(shared_data: Path) -> None:
    folder = shared_data / DCMQI
    study = study_of(folder / "24x38x3/image", folder / "sparse-labelmap-noppv.dcm")
    segmentation = read(study)
    assert [(each.number, each.is_background) for each in segmentation.segments] == [
        (0, True),
        (1, False),
    ]
    padded = read(study_of(folder / "sparse-labelmap-ppv5.dcm"))
    assert padded.padding == 5
    assert all(5 not in padded.numbers_in(frame) for frame in padded.frames)


def test_a_film_without_planes_is_matched_by_its_instance_alone(shared_data: Path) -> None:
    study = study_of(shared_data / "dicom/mixed/highdicom/data/test_files/seg_image_cr_binary.dcm")
    segmentation = read(study)
    (frame,) = segmentation.frames
    uid = frame.sources[0][0]
    film = Frame(FrameRef(uid, 0, Path("x")), np.zeros((16, 16), np.uint8), None, 8, False)
    other = Frame(FrameRef("1.2", 0, Path("x")), np.zeros((16, 16), np.uint8), None, 8, False)
    larger = Frame(FrameRef(uid, 0, Path("x")), np.zeros((32, 32), np.uint8), None, 8, False)
    assert len(place_on(segmentation, film, alone=True).placed) == 1
    assert place_on(segmentation, other, alone=True).placed == ()
    placement = place_on(segmentation, larger, alone=True)
    assert (placement.placed, placement.misfits) == ((), 1)


def test_a_segmentation_that_names_an_image_it_does_not_fit_is_not_drawn(tmp_path: Path) -> None:
    slices = write_slices(tmp_path)
    seg = write_seg(tmp_path / "seg.dcm", slices, LETTERS)
    for group in seg.PerFrameFunctionalGroupsSequence:
        place = group.PlanePositionSequence[0]
        place.ImagePositionPatient = [value + 2.0 for value in place.ImagePositionPatient]
    seg.save_as(tmp_path / "seg.dcm", enforce_file_format=True)
    study = study_of(tmp_path)
    segmentation = read(study)
    placements = [place_on(segmentation, image, alone=True) for image in images(study).values()]
    assert all(placement.placed == () for placement in placements)
    assert all(placement.misfits == 1 for placement in placements)


def test_another_frame_of_reference_is_another_place(tmp_path: Path) -> None:
    slices = write_slices(tmp_path)
    write_seg(tmp_path / "seg.dcm", slices, LETTERS, FrameOfReferenceUID="1.2.99")
    study = study_of(tmp_path)
    segmentation = read(study)
    for image in images(study).values():
        assert place_on(segmentation, image, alone=True).placed == ()


def test_a_part_of_the_image_in_a_finer_grid_lies_where_its_plane_says(tmp_path: Path) -> None:
    slices = write_slices(tmp_path)
    seg = write_seg(tmp_path / "seg.dcm", slices[:1], LETTERS[:1])
    seg.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing = [0.75, 0.375]
    seg.save_as(tmp_path / "seg.dcm", enforce_file_format=True)
    study = study_of(tmp_path)
    image = images(study)[slices[0].SOPInstanceUID]
    (placed,) = place_on(read(study), image, alone=True).placed
    corner = placed.image_from_segment_px.apply(np.array([[0.0, 0.0], [20.0, 10.0]]))
    assert np.allclose(corner, [[0, 0], [10, 5]])


@pytest.mark.parametrize(
    ("changes", "error", "reason"),
    [
        ({"SegmentationType": "SURFACE"}, FileProblem, "of the type “SURFACE”"),
        ({"DimensionOrganizationType": "TILED_FULL"}, FileProblem, "whole slide in tiles"),
        ({"NumberOfFrames": 3}, DecodeError, "holds 3 frames but says of 4"),
        ({"Rows": 4000}, DecodeError, "holds .* bytes of pixels"),
    ],
)
def test_what_cannot_be_shown_says_why(tmp_path: Path, changes, error, reason: str) -> None:
    slices = write_slices(tmp_path)
    write_seg(tmp_path / "seg.dcm", slices, LETTERS, **changes)
    with pytest.raises(error, match=rf"seg\.dcm .*{reason}"):
        read(study_of(tmp_path))


def test_a_tiled_slide_is_refused_in_words(shared_data: Path) -> None:
    folder = shared_data / "dicom/mixed/highdicom/data/test_files"
    with pytest.raises(FileProblem, match="whole slide in tiles"):
        read(study_of(folder / "seg_image_sm_dots_tiled_full.dcm"))


def test_reading_stops_when_the_reader_gives_up(tmp_path: Path) -> None:
    slices = write_slices(tmp_path)
    write_seg(tmp_path / "seg.dcm", slices, LETTERS)
    (found,) = study_of(tmp_path).objects

    def report(fraction: float) -> None:
        if fraction > 0:
            raise Cancelled

    with pytest.raises(Cancelled):
        read_segmentation(found, report)


def test_the_phantom_is_no_mirror_image_of_itself() -> None:
    mask = letter(0)
    assert mask.shape == (ROWS, COLUMNS)
    assert not np.array_equal(mask, mask[:, ::-1]) and not np.array_equal(mask, mask[::-1])
