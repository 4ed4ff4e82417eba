"""Time of a painted frame: windowing a 3000 x 3000 film in a 1000 x 1000 view, scrolling cached CT slices.

By hand: `QT_QPA_PLATFORM=offscreen python tests/benchmarks/display.py`. Prints medians in ms of
wall time and of the CPU time of all threads (Qt draws on several), which does not depend on neighbours, and
as a yardstick in the same run the ratio to windowing the whole film with numpy in floats.
"""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.imaging.view_transform import view_transform
from viewer.ui.viewport.image_painter import ImagePainter

VIEW_PX = 1000
ROUNDS = 40


def frame(side: int, seed: int) -> Frame:
    values = np.random.default_rng(seed).integers(0, 4000, (side, side), dtype=np.uint16)
    return Frame(FrameRef("1", seed, Path("file")), values, Photometric.MONOCHROME2, 12, False)


def painted(image: ImagePainter, canvas: QImage, presentation: Presentation) -> None:
    assert image.frame is not None
    transform = view_transform(image.frame, presentation, VIEW_PX, VIEW_PX)
    painter = QPainter(canvas)
    view = QRectF(0, 0, VIEW_PX, VIEW_PX)
    image.paint(painter, transform.view_from_image, transform.zoom, presentation, view)
    painter.end()


@dataclass(frozen=True)
class Cost:
    """Medians, ms."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall:.1f} ms (CPU {self.cpu:.1f})"


def median_ms(work: Callable[[int], object]) -> Cost:
    times = []
    for number in range(ROUNDS):
        wall, cpu = time.perf_counter(), time.process_time()
        work(number)
        times.append(((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000))
    walls, cpus = zip(*times, strict=True)
    return Cost(statistics.median(walls), statistics.median(cpus))


def main() -> None:
    """Print the three figures."""
    _application = QApplication([])
    canvas = QImage(VIEW_PX, VIEW_PX, QImage.Format.Format_RGB32)
    film, image = frame(3000, 0), ImagePainter()
    image.set_frame(film)
    view = Presentation(voi=VoiWindow(2000, 3000))
    painted(image, canvas, view)
    window = median_ms(
        lambda n: painted(image, canvas, replace(view, voi=VoiWindow(2000 + n, 3000)))
    )
    plain = median_ms(
        lambda n: np.clip((film.stored - (500.0 + n)) * (255 / 3000), 0, 255).astype(np.uint8)
    )
    slices = [frame(512, number) for number in range(ROUNDS)]

    def scroll(number: int) -> None:
        image.set_frame(slices[number])
        painted(image, canvas, view)

    print(f"windowing a 3000 x 3000 film: {window} a painted frame (goal 8)")
    print(f"  ratio to plain numpy over the whole film ({plain}): {window.wall / plain.wall:.2f}")
    print(f"scrolling cached 512 x 512 slices: {median_ms(scroll)} a painted frame (goal 4)")


if __name__ == "__main__":
    main()
