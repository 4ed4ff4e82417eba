"""Commands: found by walking the package, each key used once, each icon there, acts do what they say."""

from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from viewer.app.command import topics
from viewer.app.commands import view
from viewer.app.help_texts import WINDOW_KEYS, user_guide
from viewer.app.open_study import open_paths
from viewer.app.shortcuts import key_rows
from viewer.app.topic import Command, Topic
from viewer.app.workbench import Workbench
from viewer.base.paths import resource
from viewer.domain.presentation import Presentation
from viewer.imaging.view_transform import view_transform

ALL = [command for topic in topics().values() for command in topic.commands]


def test_no_key_has_two_meanings() -> None:
    keys = [key for command in ALL for key in command.shortcuts]
    keys += [key for key, _title in WINDOW_KEYS]
    assert [key for key, count in Counter(keys).items() if count > 1] == []


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.key)
def test_each_command_has_a_title_and_its_icon_exists(command: Command) -> None:
    assert command.title
    assert not command.icon or resource("icons", f"{command.icon}.svg").is_file()
    assert command.icon or not command.toolbar


LONGEST_GROUP = 12
"""Commands between two lines of a menu: the measuring tools."""


@pytest.mark.parametrize("topic", topics().values(), ids=lambda topic: topic.key)
def test_a_menu_is_read_in_groups(topic: Topic) -> None:
    bounds = [0, *sorted(topic.group_starts), len(topic.commands)]
    sizes = [last - first for first, last in pairwise(bounds)]
    assert min(sizes) > 0, "a line at the edge of the menu, or two in one place"
    assert max(sizes) <= LONGEST_GROUP


def test_help_names_every_key() -> None:
    named = {row.command: row.keys for row in key_rows({})}
    for command in ALL:
        assert named[command.key] == command.shortcuts


def test_the_guide_says_what_each_state_means() -> None:
    guide = user_guide()
    for words in ("AI not run", "AI not applicable", "AI failed", "No finding above threshold"):
        assert words in guide


@pytest.fixture
def opened(bench: Workbench, two_patients: Path) -> Workbench:
    open_paths(bench, [two_patients])
    return bench


def image_on_view(bench: Workbench) -> np.ndarray:
    shown = bench.session.shown
    assert shown is not None
    frame = bench.frames._decode(shown.ref)
    transform = view_transform(frame, bench.session.presentation, 400, 400)
    corners = np.array([[0.0, 0.0], [frame.columns - 1.0, 0.0], [0.0, frame.rows - 1.0]])
    return transform.view_from_image.apply(corners) - 200


@pytest.mark.parametrize("turns", range(4))
def test_a_flip_mirrors_what_is_seen_whatever_the_turn(opened: Workbench, turns: int) -> None:
    for _turn in range(turns):
        view.rotate(opened)
    before = image_on_view(opened)
    view.flip_horizontally(opened)
    np.testing.assert_allclose(image_on_view(opened), before * [-1, 1], atol=1e-9)
    view.flip_vertically(opened)
    np.testing.assert_allclose(image_on_view(opened), before * [-1, -1], atol=1e-9)


def test_reset_brings_back_the_view_of_the_file(opened: Workbench) -> None:
    for act in (view.rotate, view.flip_vertically, view.invert, view.one_to_one):
        act(opened)
    view.reset(opened)
    assert opened.session.presentation == Presentation()


@pytest.mark.parametrize("command", ALL, ids=lambda command: command.key)
def test_every_command_can_be_asked_for_with_nothing_open(
    bench: Workbench, command: Command
) -> None:
    if command.enabled(bench) and not command.key.startswith("file."):
        command.act(bench)
    assert bench.session.shown is None


def test_overlays_and_shutter_of_a_file_without_them_are_told_not_switched(
    opened: Workbench,
) -> None:
    assert opened.session.shown is not None
    opened.frames.request(opened.session.shown.ref, "test", lambda _frame: None, pytest.fail)
    told: list[str] = []
    opened.session.events.notice.subscribe(told.append)
    view.file_overlays(opened)
    view.shutter(opened)
    assert len(told) == 2
    assert opened.session.presentation == Presentation()
