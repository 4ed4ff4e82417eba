"""FrameCache: decoded frames within a byte budget; decodes through jobs, newest request first."""

from collections import OrderedDict
from collections.abc import Callable, Sequence

from viewer.app.jobs import Job, JobContext, JobRunner, Lane
from viewer.base.errors import ViewerError
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame

Decode = Callable[[FrameRef], Frame]
PREFETCH_KEY = "prefetch"


class FrameCache:
    """Least recently used frames leave first. GUI thread only; `decode` runs in the lanes."""

    def __init__(self, runner: JobRunner, decode: Decode, budget_bytes: int) -> None:
        self._runner = runner
        self._decode = decode
        self._budget = budget_bytes
        self._frames: OrderedDict[FrameRef, Frame] = OrderedDict()
        self._bytes = 0

    @property
    def held_bytes(self) -> int:
        """Bytes of the decoded frames."""
        return self._bytes

    def get(self, ref: FrameRef) -> Frame | None:
        """The frame if it is decoded already."""
        frame = self._frames.get(ref)
        if frame is not None:
            self._frames.move_to_end(ref)
        return frame

    def request(
        self,
        ref: FrameRef,
        key: str,
        on_ready: Callable[[Frame], None],
        on_failed: Callable[[ViewerError], None],
        lane: Lane = Lane.DECODE,
    ) -> None:
        """Bring the frame; a later request of the same key makes this one void."""
        frame = self.get(ref)
        if frame is not None:
            self._runner.cancel(key)
            on_ready(frame)
            return

        def keep(decoded: Frame) -> None:
            self._put(ref, decoded)
            on_ready(decoded)

        self._runner.submit(Job(key, lane, lambda _context: self._decode(ref), keep, on_failed))

    def prefetch(self, refs: Sequence[FrameRef]) -> None:
        """Decode what is missing of `refs`, about in that order, behind everything else."""
        missing = [ref for ref in refs if ref not in self._frames]
        threads = Lane.PREFETCH.threads
        for thread in range(threads):
            self._prefetch_part(f"{PREFETCH_KEY} {thread}", missing[thread::threads])

    def _prefetch_part(self, key: str, refs: Sequence[FrameRef]) -> None:
        if not refs:
            self._runner.cancel(key)
            return
        self._runner.submit(
            Job(
                key,
                Lane.PREFETCH,
                lambda context: self._decode_all(refs, context),
                on_update=lambda pair: self._put(*pair),
            )
        )

    def _decode_all(self, refs: Sequence[FrameRef], context: JobContext) -> None:
        for place, ref in enumerate(refs):
            context.report(place / len(refs))
            try:
                context.publish((ref, self._decode(ref)))
            except ViewerError:
                continue  # told when the reader comes to this frame

    def _put(self, ref: FrameRef, frame: Frame) -> None:
        if ref in self._frames:
            return
        self._frames[ref] = frame
        self._bytes += frame.stored.nbytes
        while self._bytes > self._budget and len(self._frames) > 1:
            _old_ref, old = self._frames.popitem(last=False)
            self._bytes -= old.stored.nbytes
