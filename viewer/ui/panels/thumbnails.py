"""Thumbnails: one small picture a display set, made in the background, kept while the program runs."""

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QPixmap

from viewer.app.jobs import Job, Lane
from viewer.app.workbench import Workbench
from viewer.dicom.decoder import decode
from viewer.domain.display_set import DisplaySet, FrameRef
from viewer.imaging.thumbnail import thumbnail
from viewer.ui.viewport.image_painter import grey_or_rgb_image

SIDE_PX = 128


class Thumbnails:
    """Makes what is wanted, once; `on_ready` gets the display set's UID and the picture."""

    def __init__(self, workbench: Workbench, on_ready: Callable[[str, QPixmap], None]) -> None:
        self._workbench = workbench
        self._on_ready = on_ready
        self._done: dict[str, QPixmap] = {}
        self._asked: dict[str, FrameRef] = {}

    def want(self, display_set: DisplaySet) -> None:
        """Bring the picture of the middle frame; made anew once a series that grew is complete."""
        uid = display_set.uid
        if uid in self._done:
            self._on_ready(uid, self._done[uid])
        middle = display_set.frames[len(display_set.frames) // 2]
        growing = self._workbench.session.indexing is not None
        if self._asked.get(uid) == middle or (uid in self._asked and growing):
            return
        self._asked[uid] = middle
        self._workbench.jobs.submit(
            Job(
                f"thumbnail {uid}",
                Lane.THUMBNAIL,
                lambda _context: np.ascontiguousarray(thumbnail(decode(middle), SIDE_PX)),
                lambda values: self._take(uid, QPixmap.fromImage(grey_or_rgb_image(values))),
            )
        )

    def _take(self, uid: str, pixmap: QPixmap) -> None:
        self._done[uid] = pixmap
        self._on_ready(uid, pixmap)
