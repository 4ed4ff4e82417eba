"""The frame cache: each frame decoded once, the budget kept, errors told."""

from pathlib import Path

import numpy as np
import pytest

from viewer.app.frame_cache import FrameCache
from viewer.app.jobs import InlineRunner, Job, Lane
from viewer.base.errors import DecodeError, ViewerError
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric

FRAME_BYTES = 100 * 100 * 2


def ref(place: int) -> FrameRef:
    return FrameRef(f"1.2.{place}", 0, Path("file"))


class Decoder:
    def __init__(self) -> None:
        self.calls: list[str] = []

    def __call__(self, wanted: FrameRef) -> Frame:
        self.calls.append(wanted.sop_instance_uid)
        if wanted == ref(13):
            raise DecodeError("frame 13 is broken")
        stored = np.zeros((100, 100), np.uint16)
        return Frame(wanted, stored, Photometric.MONOCHROME2, 16, False)


@pytest.fixture
def decoder() -> Decoder:
    return Decoder()


def bring(cache: FrameCache, place: int) -> tuple[list[Frame], list[ViewerError]]:
    frames: list[Frame] = []
    errors: list[ViewerError] = []
    cache.request(ref(place), "view", frames.append, errors.append)
    return frames, errors


def test_a_frame_is_decoded_once(decoder: Decoder) -> None:
    cache = FrameCache(InlineRunner(), decoder, 10 * FRAME_BYTES)
    first, _none = bring(cache, 1)
    second, _none = bring(cache, 1)
    assert first[0] is second[0]
    assert decoder.calls == ["1.2.1"]


def test_the_frame_used_longest_ago_leaves_first(decoder: Decoder) -> None:
    cache = FrameCache(InlineRunner(), decoder, 2 * FRAME_BYTES)
    for place in (1, 2, 1, 3):
        bring(cache, place)
    assert cache.get(ref(2)) is None
    assert cache.get(ref(1)) is not None


def test_a_broken_frame_is_told_and_the_others_still_come(decoder: Decoder) -> None:
    cache = FrameCache(InlineRunner(), decoder, 10 * FRAME_BYTES)
    assert str(bring(cache, 13)[1][0]) == "frame 13 is broken"
    cache.prefetch([ref(12), ref(13), ref(14)])
    assert cache.get(ref(12)) is not None
    assert cache.get(ref(14)) is not None


def test_frames_ahead_are_shared_among_the_threads_nearest_first(decoder: Decoder) -> None:
    jobs = Noting()
    cache = FrameCache(jobs, decoder, 100 * FRAME_BYTES)
    bring(cache, 3)
    cache.prefetch([ref(place) for place in (3, 4, 2, 5, 1)])
    parts = [job.key for job in jobs.submitted if job.lane is Lane.PREFETCH]
    assert len(parts) == len(set(parts)) == min(Lane.PREFETCH.threads, 4) > 1
    assert decoder.calls[:2] == ["1.2.3", "1.2.4"]
    assert sorted(decoder.calls) == ["1.2.1", "1.2.2", "1.2.3", "1.2.4", "1.2.5"]
    assert cache.held_bytes == 5 * FRAME_BYTES


def test_frames_ahead_are_given_up_when_none_is_missing(decoder: Decoder) -> None:
    jobs = Noting()
    cache = FrameCache(jobs, decoder, 100 * FRAME_BYTES)
    cache.prefetch([ref(1)])
    before = len(jobs.submitted)
    cache.prefetch([ref(1)])
    assert len(jobs.submitted) == before
    assert "prefetch 0" in jobs.cancelled


class Noting(InlineRunner):
    """Notes what it is asked."""

    def __init__(self) -> None:
        self.submitted: list[Job] = []
        self.cancelled: list[str] = []

    def submit(self, job: Job) -> None:
        self.submitted.append(job)
        super().submit(job)

    def cancel(self, key: str) -> None:
        self.cancelled.append(key)
