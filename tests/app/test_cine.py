"""Playing: by the clock, in a loop, frames skipped rather than time lost, ended by the reader's hand."""

from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from pydicom.data import get_testdata_file

from viewer.app import cine
from viewer.app.commands import series
from viewer.app.open_study import open_paths
from viewer.app.play import change_speed, play, step
from viewer.app.session import Shown
from viewer.app.workbench import Workbench

FILM = "examples_ybr_color.dcm"
RATE = 1000 / 33.333


@pytest.fixture
def film(bench: Workbench) -> Workbench:
    """A film of 30 images at 30/s, from the first image, all decoded."""
    open_paths(bench, [Path(get_testdata_file(FILM))])
    here(bench)
    bench.session.go_to(0)
    bench.frames.prefetch(here(bench).display_set.frames)
    return bench


def here(bench: Workbench) -> Shown:
    assert bench.session.shown is not None
    return bench.session.shown


def said(bench: Workbench) -> list[str]:
    sentences: list[str] = []
    bench.session.events.notice.subscribe(sentences.append)
    return sentences


def test_the_film_follows_the_clock_at_the_rate_of_the_file(film: Workbench) -> None:
    play(film, 100.0)
    for n in range(1, 12):
        step(film, 100.0 + (n + 0.5) / RATE)
        assert here(film).position == n


def test_after_the_last_image_comes_the_first(film: Workbench) -> None:
    play(film, 0.0)
    step(film, 29.5 / RATE)
    assert here(film).position == 29
    step(film, 30.5 / RATE)
    assert here(film).position == 0


def test_a_late_step_skips_images_and_keeps_the_time(film: Workbench) -> None:
    play(film, 0.0)
    step(film, 7.5 / RATE)
    assert here(film).position == 7


def test_a_step_too_early_changes_nothing(film: Workbench) -> None:
    play(film, 0.0)
    step(film, 0.2 / RATE)
    assert here(film).position == 0


def test_an_image_still_being_decoded_holds_the_film_until_it_is_there_or_a_second_has_passed(
    bench: Workbench,
) -> None:
    open_paths(bench, [Path(get_testdata_file(FILM))])
    bench.session.go_to(0)
    assert bench.frames.get(here(bench).ref) is None
    play(bench, 0.0)
    step(bench, 0.5)
    assert here(bench).position == 0
    step(bench, cine.LONGEST_WAIT_S + 0.01)
    assert here(bench).position == 0 + int((cine.LONGEST_WAIT_S + 0.01) * RATE) % 30


def test_faster_and_slower_go_on_from_the_image_on_the_screen(film: Workbench) -> None:
    play(film, 0.0)
    step(film, 10.5 / RATE)
    change_speed(film, 2.0, 50.0)
    assert film.session.cine is not None
    assert film.session.cine.rate == pytest.approx(2 * RATE)
    step(film, 50.0 + 3.5 / (2 * RATE))
    assert here(film).position == 13


@pytest.mark.parametrize("factor", [1e9, 1e-9])
def test_speed_stays_within_what_can_be_seen(film: Workbench, factor: float) -> None:
    play(film, 0.0)
    change_speed(film, factor, 0.0)
    assert film.session.cine is not None
    assert cine.SLOWEST <= film.session.cine.rate <= cine.FASTEST


def test_going_to_an_image_by_hand_ends_the_film(film: Workbench) -> None:
    play(film, 0.0)
    film.session.go_to(20)
    step(film, 5.5 / RATE)
    assert film.session.cine is None
    assert here(film).position == 20


def test_another_study_ends_the_film(film: Workbench, tmp_path: Path) -> None:
    play(film, 0.0)
    open_paths(film, [write_film(tmp_path / "jane.dcm", np.zeros((8, 8), np.uint16))])
    series.next_study(film)
    series.previous_study(film)
    series.next_study(film)
    shown = here(film)
    step(film, 5.5 / RATE)
    assert film.session.cine is None
    assert here(film) == shown


def test_the_reader_is_told_whose_rate_it_is(film: Workbench) -> None:
    sentences = said(film)
    series.play_or_pause(film)
    assert sentences[-1] == "Playing at 30 images/s; the file states 30."
    series.play_faster(film)
    assert sentences[-1] == "Playing at 37.5 images/s; the file states 30."
    series.play_or_pause(film)
    assert film.session.cine is None


def test_the_default_rate_is_called_so(bench: Workbench) -> None:
    sentences = said(bench)
    open_paths(bench, [Path(get_testdata_file("MR_small.dcm"))])
    play(bench, 0.0)
    assert sentences[-1] == "Playing at 15 images/s; the file states no rate, 15 is the default."


def test_a_single_image_is_not_played(bench: Workbench) -> None:
    open_paths(bench, [Path(get_testdata_file("MR_small.dcm"))])
    (command,) = [one for one in series.PLUGIN.commands if one.key == "series.play_or_pause"]
    assert not command.enabled(bench)
