"""What start-up does beside the window."""

import gc
import sys
from collections.abc import Iterator

import pytest

from viewer.ui.application import make_responsive


@pytest.fixture
def as_before() -> Iterator[None]:
    seconds = sys.getswitchinterval()
    yield
    sys.setswitchinterval(seconds)
    gc.unfreeze()


@pytest.mark.usefixtures("as_before")
def test_what_startup_made_is_out_of_the_way_of_the_garbage_collector() -> None:
    gc.unfreeze()
    make_responsive()
    assert gc.get_freeze_count() > 10_000
    assert len(gc.get_objects()) < 1_000


@pytest.mark.usefixtures("as_before")
def test_a_worker_lets_the_window_run_within_a_millisecond() -> None:
    make_responsive()
    assert sys.getswitchinterval() < 0.001
