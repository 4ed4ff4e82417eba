"""States that highdicom wrote and dcmpschk passes, read into domain values; what is broken is said."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset
from pydicom.uid import UID
from softcopy_states import Change, attributes, overlay, window, write_state

from viewer.base.errors import FileProblem
from viewer.dicom.presentation_state import read_presentation_state
from viewer.domain.overlay import Shutter
from viewer.domain.presentation import Rescale, VoiWindow
from viewer.domain.presentation_state import (
    AnnotationUnits,
    GraphicType,
    PresentationState,
    SizeMode,
)

CT = Path(str(get_testdata_file("CT_small.dcm", download=False)))


def item(**values: object) -> Dataset:
    made = Dataset()
    for keyword, value in values.items():
        setattr(made, keyword, value)
    return made


def graphic(kind: str, *data: float, **others: object) -> Dataset:
    stated = {"GraphicAnnotationUnits": "PIXEL", "GraphicFilled": "N", **others}
    return item(
        GraphicType=kind,
        GraphicData=list(data),
        GraphicDimensions=2,
        NumberOfGraphicPoints=len(data) // 2,
        **stated,
    )


def annotated(*graphics: Dataset, texts: tuple[Dataset, ...] = (), **others: object) -> Change:
    parts: dict[str, object] = {"GraphicObjectSequence": list(graphics)} if graphics else {}
    if texts:
        parts["TextObjectSequence"] = list(texts)
    return attributes(
        GraphicAnnotationSequence=[item(GraphicLayer="A", **parts)],
        GraphicLayerSequence=[item(GraphicLayer="A", GraphicLayerOrder=1)],
        **others,
    )


def read(folder: Path, *changes: Change, **given: object) -> PresentationState:
    return read_presentation_state(write_state(CT, folder, *changes, **given))


def test_who_made_it_for_which_image_of_whom(tmp_path: Path) -> None:
    state, source = read(tmp_path), dcmread(CT)
    assert (state.label, state.description) == ("SECOND LOOK", "Window for the lung")
    assert state.creator == "Roe, Jane"
    assert state.study_uid == source.StudyInstanceUID
    assert state.patient_key == ("1CT1", "", "CompressedSamples^CT1", "")
    assert state.names((source.SOPInstanceUID, 0))
    assert not state.names(("1.2.3", 0))


def test_frames_are_counted_from_one_in_the_file(tmp_path: Path) -> None:
    def name_frames(dataset: Dataset) -> None:
        reference = dataset.ReferencedSeriesSequence[0].ReferencedImageSequence[0]
        reference.ReferencedFrameNumber = [1, 3]

    state, uid = read(tmp_path, name_frames), dcmread(CT).SOPInstanceUID
    assert [state.names((uid, frame)) for frame in range(4)] == [True, False, True, False]


def test_grey_transforms_are_read(tmp_path: Path) -> None:
    change = attributes(PresentationLUTShape="INVERSE")
    grey = read(tmp_path, change, **window(-500, 1400)).grey
    assert grey is not None
    assert grey.modality == Rescale(1, -1024)
    assert grey.inverse
    assert [voi for one in grey.voi for voi in one.voi] == [VoiWindow(-500, 1400)]


@pytest.mark.parametrize(
    ("rotation", "flip", "turns"),
    [(0, "N", 0), (90, "N", 1), (270, "N", 3), (0, "Y", 0), (90, "Y", 3), (180, "Y", 2)],
)
def test_a_flip_after_the_turn_is_a_turn_the_other_way_after_the_flip(
    tmp_path: Path, rotation: int, flip: str, turns: int
) -> None:
    state = read(tmp_path, attributes(ImageRotation=rotation, ImageHorizontalFlip=flip))
    assert (state.quarter_turns, state.flip_horizontal) == (turns, flip == "Y")


def area(**values: object) -> Change:
    def change(dataset: Dataset) -> None:
        for keyword, value in values.items():
            setattr(dataset.DisplayedAreaSelectionSequence[0], keyword, value)

    return change


def test_the_displayed_area_is_whole_pixels_from_one_in_either_order(tmp_path: Path) -> None:
    corners = {
        "DisplayedAreaTopLeftHandCorner": [100, 11],
        "DisplayedAreaBottomRightHandCorner": [21, 90],
    }
    magnified = {"PresentationSizeMode": "MAGNIFY", "PresentationPixelMagnificationRatio": 2.0}
    (found,) = read(tmp_path, area(**corners, **magnified)).areas
    assert found.corners_px == (19.5, 9.5, 99.5, 89.5)
    assert (found.mode, found.magnification, found.aspect) == (SizeMode.MAGNIFY, 2.0, 1.0)


def test_the_pixel_aspect_is_stated_vertical_first(tmp_path: Path) -> None:
    (found,) = read(tmp_path, area(PresentationPixelAspectRatio=[2, 1])).areas
    assert found.aspect == 0.5


def test_true_size_is_said_to_be_left_out(tmp_path: Path) -> None:
    state = read(tmp_path, area(PresentationSizeMode="TRUE SIZE"))
    assert any("true size" in words for words in state.omitted)


def test_subtraction_of_a_mask_is_said_to_be_left_out(tmp_path: Path) -> None:
    state = read(tmp_path, attributes(MaskSubtractionSequence=[item(MaskOperation="AVG_SUB")]))
    assert any("mask" in words for words in state.omitted)


def test_pixel_units_begin_at_the_corner_of_the_first_pixel(tmp_path: Path) -> None:
    """0.0\\0.0 is its top left corner (PS3.3 C.10.5), -0.5, -0.5 of SecondRead's pixel centres."""
    state = read(tmp_path, annotated(graphic("POINT", 0, 0), graphic("POLYLINE", 1, 2, 3, 4)))
    point, line = state.annotations[0].graphics
    assert (point.kind, point.points) == (GraphicType.POINT, ((-0.5, -0.5),))
    assert line.points == ((0.5, 1.5), (2.5, 3.5))


def test_display_units_stay_fractions(tmp_path: Path) -> None:
    given = graphic("POINT", 0.25, 0.5, GraphicAnnotationUnits="DISPLAY")
    (found,) = read(tmp_path, annotated(given)).annotations[0].graphics
    assert (found.units, found.points) == (AnnotationUnits.DISPLAY, ((0.25, 0.5),))


@pytest.mark.parametrize(
    "broken",
    [
        graphic("CIRCLE", 1, 2),
        graphic("ELLIPSE", 1, 2, 3, 4),
        graphic("POLYLINE", 1, 2, 3),
        graphic("SPIRAL", 1, 2, 3, 4),
        graphic("POINT", 1, 2, GraphicAnnotationUnits="MATRIX"),
    ],
)
def test_a_broken_graphic_is_left_out_and_said(tmp_path: Path, broken: Dataset) -> None:
    state = read(tmp_path, annotated(broken, graphic("POINT", 5, 5)))
    assert len(state.annotations[0].graphics) == 1
    assert any("graphic" in words for words in state.omitted)


def test_texts_have_a_box_an_anchor_or_both(tmp_path: Path) -> None:
    boxed = item(
        UnformattedTextValue="two\r\nlines",
        BoundingBoxAnnotationUnits="PIXEL",
        BoundingBoxTopLeftHandCorner=[10.0, 20.0],
        BoundingBoxBottomRightHandCorner=[30.0, 40.0],
        BoundingBoxTextHorizontalJustification="CENTER",
    )
    anchored = item(
        UnformattedTextValue="here",
        AnchorPointAnnotationUnits="DISPLAY",
        AnchorPoint=[0.5, 0.5],
        AnchorPointVisibility="Y",
    )
    lost = item(UnformattedTextValue="nowhere")
    state = read(tmp_path, annotated(texts=(boxed, anchored, lost)))
    first, second = state.annotations[0].texts
    assert first.text == "two\nlines"
    assert first.box == ((9.5, 19.5), (29.5, 39.5))
    assert first.justification == "CENTER"
    assert (second.anchor, second.anchor_units) == ((0.5, 0.5), AnnotationUnits.DISPLAY)
    assert any("text" in words for words in state.omitted)


def test_a_layers_colour_is_its_cielab_then_its_grey(tmp_path: Path) -> None:
    layers = [
        item(GraphicLayer="GREY", GraphicLayerOrder=2),
        item(GraphicLayer="WHITE", GraphicLayerOrder=1),
        item(GraphicLayer="NONE", GraphicLayerOrder=3),
    ]
    layers[0].GraphicLayerRecommendedDisplayGrayscaleValue = 0x8080
    layers[1].GraphicLayerRecommendedDisplayCIELabValue = [65535, 32896, 32896]
    layers[1].GraphicLayerRecommendedDisplayGrayscaleValue = 0
    state = read(tmp_path, attributes(GraphicLayerSequence=layers))
    assert [layer.name for layer in state.layers] == ["WHITE", "GREY", "NONE"]
    white, grey, none = (layer.colour for layer in state.layers)
    assert white is not None
    assert min(white) >= 254
    assert (grey, none) == ((128, 128, 128), None)


def test_only_activated_overlays_are_drawn(tmp_path: Path) -> None:
    mask = np.zeros((128, 128), bool)
    mask[3, 5] = True

    def activate_one_of_the_image(dataset: Dataset) -> None:
        dataset.add_new((0x6004, 0x1001), "CS", "A")
        dataset.add_new((0x6006, 0x1001), "CS", "")

    state = read(
        tmp_path, overlay(0x6000, mask, "A"), overlay(0x6002, mask), activate_one_of_the_image
    )
    (plane,) = state.overlays
    assert plane.group == 0x6000
    assert np.argwhere(plane.mask).tolist() == [[3, 5]]
    assert state.image_overlays == {0x6004}


def test_a_bitmap_shutter_is_an_overlay_of_the_state(tmp_path: Path) -> None:
    mask = np.eye(128, dtype=bool)
    change = attributes(
        ShutterShape="BITMAP", ShutterOverlayGroup=0x6002, ShutterPresentationValue=65535
    )
    state = read(tmp_path, overlay(0x6002, mask), change)
    assert state.shutter is not None
    assert state.shutter.hidden is not None
    np.testing.assert_array_equal(state.shutter.hidden.mask, mask)
    assert state.shutter.grey == 255
    assert state.overlays == ()


def test_a_geometric_shutter_is_read_as_that_of_an_image(tmp_path: Path) -> None:
    change = attributes(
        ShutterShape="CIRCULAR",
        CenterOfCircularShutter=[60, 70],
        RadiusOfCircularShutter=40,
        ShutterPresentationValue=0,
    )
    assert read(tmp_path, change).shutter == Shutter(circle_px=(69, 59, 40))


@pytest.mark.parametrize(
    ("number", "name"), [(3, "Pseudo-Color"), (4, "Blending"), (5, "XA/XRF"), (8, "Advanced")]
)
def test_other_kinds_are_named_and_refused(tmp_path: Path, number: int, name: str) -> None:
    change = attributes(SOPClassUID=UID(f"1.2.840.10008.5.1.4.1.1.11.{number}"))
    with pytest.raises(FileProblem, match=name):
        read(tmp_path, change)


def test_a_colour_state_has_no_grey_transforms(tmp_path: Path) -> None:
    change = attributes(SOPClassUID=UID("1.2.840.10008.5.1.4.1.1.11.2"))
    assert read(tmp_path, change).grey is None


def test_a_state_that_names_no_image_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileProblem, match="names no image"):
        read(tmp_path, attributes(ReferencedSeriesSequence=None))


def test_a_state_in_implicit_vr_is_read_alike(tmp_path: Path) -> None:
    explicit = write_state(CT, tmp_path, **window(-500, 1400))
    dataset = dcmread(explicit)
    implicit = tmp_path / "implicit.dcm"
    dataset.file_meta.TransferSyntaxUID = UID("1.2.840.10008.1.2")
    dataset.save_as(implicit, implicit_vr=True, little_endian=True)
    assert read_presentation_state(implicit) == read_presentation_state(explicit)
