"""What every measuring tool promises; a new module in measure/tools is under this contract at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from viewer.base import registry
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import NO_SPACING, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Photometric
from viewer.domain.measurement import SHOWN_UNITS, Measurement
from viewer.domain.presentation import Rescale
from viewer.measure import tools
from viewer.measure.tool import MeasuringTool, PointsPx, RegionTool, known_tools

PLACES = np.array([[8.0, 6.0], [31.0, 9.5], [29.0, 33.25], [6.5, 28.0]])
"""Handles in general position, four at most."""

TALL = PixelSpacing(1.0, 0.5, SpacingEvidence.PIXEL_SPACING)
DETECTOR = PixelSpacing(0.2, 0.1, SpacingEvidence.IMAGER_PIXEL_SPACING)
RAMP = np.arange(40 * 48).reshape(40, 48)


def frame(stored: np.ndarray, spacing: PixelSpacing, **fields: object) -> Frame:
    kind = Photometric.RGB if stored.ndim == 3 else Photometric.MONOCHROME2
    ref = FrameRef("1.2", 0, Path("image.dcm"))
    return Frame(ref, stored, kind, 16, stored.dtype.kind == "i", spacing=spacing, **fields)


FRAMES = {
    "CT": frame(RAMP.astype(np.int16), TALL, modality=Rescale(2.0, -1024.0), unit="HU"),
    "radiograph": frame(RAMP.astype(np.uint16), DETECTOR),
    "without spacing": frame(RAMP.astype(np.uint16), NO_SPACING),
    "colour": frame(np.zeros((40, 48, 3), np.uint8), NO_SPACING),
}


@pytest.fixture(params=sorted(known_tools()))
def tool(request: pytest.FixtureRequest) -> MeasuringTool:
    """Each registered tool in turn."""
    return known_tools()[request.param]


@pytest.fixture(params=sorted(FRAMES))
def image(request: pytest.FixtureRequest) -> Frame:
    return FRAMES[request.param]


@pytest.fixture
def handles(tool: MeasuringTool) -> PointsPx:
    """As many handles as the tool needs."""
    assert tool.handles.minimum <= len(PLACES), "give the contract more places"
    return PLACES[: tool.handles.minimum].copy()


def test_the_key_is_the_name_of_its_module() -> None:
    names = {name.rsplit(".", 1)[1] for name in registry.plugin_modules(tools)}
    assert set(known_tools()) == names


def test_it_has_a_title_and_an_icon_name(tool: MeasuringTool) -> None:
    assert tool.title
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", tool.icon)


def test_no_two_tools_share_title_icon_or_shortcut() -> None:
    for said in ("title", "icon", "shortcut"):
        words = [getattr(tool, said) for tool in known_tools().values() if getattr(tool, said)]
        assert len(words) == len(set(words)), said


def test_its_rule_can_be_met(tool: MeasuringTool) -> None:
    rule = tool.handles
    assert rule.minimum >= 1
    assert rule.maximum is None or rule.maximum >= rule.minimum
    assert rule.allows(rule.minimum)
    assert not rule.allows(rule.minimum - 1)


def test_every_number_is_finite_and_says_what_it_rests_on(
    tool: MeasuringTool, handles: PointsPx, image: Frame
) -> None:
    for stated in tool.measure(handles, image):
        assert isinstance(stated, Measurement)
        assert type(stated.value) is float and np.isfinite(stated.value)
        assert stated.name and stated.evidence
        assert stated.unit in SHOWN_UNITS


def test_no_millimetre_is_stated_without_spacing(tool: MeasuringTool, handles: PointsPx) -> None:
    for name in ("without spacing", "colour"):
        units = {stated.unit for stated in tool.measure(handles, FRAMES[name])}
        assert not units & {"mm", "mm2"}


def test_millimetres_at_the_detector_are_always_said_to_be_there(
    tool: MeasuringTool, handles: PointsPx
) -> None:
    for stated in tool.measure(handles, FRAMES["radiograph"]):
        if stated.unit in ("mm", "mm2"):
            assert "at the detector" in stated.evidence


def test_measuring_leaves_frame_and_handles_as_they_were(
    tool: MeasuringTool, handles: PointsPx, image: Frame
) -> None:
    before, stored = handles.copy(), image.stored.copy()
    tool.measure(handles, image)
    tool.outline(handles)
    tool.moved(handles, 0, (1.0, 2.0), image.spacing)
    tool.completed(handles, image.spacing)
    np.testing.assert_array_equal(handles, before)
    np.testing.assert_array_equal(image.stored, stored)


def test_the_same_handles_give_the_same_numbers(
    tool: MeasuringTool, handles: PointsPx, image: Frame
) -> None:
    assert tool.measure(handles, image) == tool.measure(handles.copy(), image)


def test_too_few_handles_measure_nothing_and_can_be_drawn(tool: MeasuringTool) -> None:
    for count in range(tool.handles.minimum):
        assert tool.measure(PLACES[:count], FRAMES["CT"]) == ()
        for line in tool.outline(PLACES[:count]):
            assert np.isfinite(line.points_px).all()


def test_handles_all_in_one_place_are_survived(tool: MeasuringTool, image: Frame) -> None:
    handles = np.full((tool.handles.minimum, 2), 5.0)
    for stated in tool.measure(handles, image):
        assert np.isfinite(stated.value)
    for line in tool.outline(handles):
        assert np.isfinite(line.points_px).all()
    assert np.isfinite(tool.moved(handles, 0, (7.0, 8.0), image.spacing)).all()


def test_handles_far_outside_of_the_image_are_survived(tool: MeasuringTool, image: Frame) -> None:
    for stated in tool.measure(PLACES[: tool.handles.minimum] * 1000 + 5000, image):
        assert np.isfinite(stated.value)


def test_a_dragged_handle_goes_where_it_is_dragged(tool: MeasuringTool, handles: PointsPx) -> None:
    for index in range(len(handles)):
        moved = tool.moved(handles, index, (12.5, 17.0), TALL)
        assert moved.shape == handles.shape
        np.testing.assert_array_equal(moved[index], [12.5, 17.0])


def test_lines_are_drawn_through_the_handles_of_a_line(
    tool: MeasuringTool, handles: PointsPx
) -> None:
    for line in tool.outline(handles):
        assert line.points_px.ndim == 2 and line.points_px.shape[1] == 2
        assert len(line.points_px) >= 2
        assert line.closed == tool.handles.closed


def placed(tool: MeasuringTool) -> Iterator[PointsPx]:
    """As the window draws: each handle appended, put in its place, then completed by the tool."""
    handles = np.zeros((0, 2))
    while not tool.handles.allows(len(handles)):
        place = PLACES[len(handles)]
        handles = np.vstack([handles, place])
        handles = tool.moved(handles, len(handles) - 1, (place[0], place[1]), TALL)
        handles = tool.completed(handles, TALL)
        yield handles


def test_drawing_handle_by_handle_ends_in_a_whole_annotation(tool: MeasuringTool) -> None:
    *_before, last = placed(tool)
    assert tool.handles.allows(len(last))
    assert tool.outline(last) or tool.handles.maximum == 1


def test_a_tool_that_states_a_mean_can_say_which_pixels_it_is_of(
    tool: MeasuringTool, handles: PointsPx
) -> None:
    found = {stated.name: stated for stated in tool.measure(handles, FRAMES["CT"])}
    assert ("Mean" in found) == isinstance(tool, RegionTool)
    if isinstance(tool, RegionTool):
        image = FRAMES["CT"]
        assert tool.region(handles, image.rows, image.columns).count == found["Pixels"].value
