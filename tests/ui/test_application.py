"""What start-up does beside the window."""

import gc
import logging
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from viewer.ui.application import make_responsive, own_log


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


def test_the_log_holds_what_the_program_says_and_nothing_of_the_libraries(tmp_path: Path) -> None:
    handler = own_log(tmp_path / "log")
    for name in ("viewer.ui.application", "highdicom.base", "pydicom", "root"):
        record = logging.LogRecord(name, logging.WARNING, "", 0, f"said by {name}", None, None)
        handler.handle(record)
    handler.close()
    assert (tmp_path / "log").read_text() == "said by viewer.ui.application\n"
