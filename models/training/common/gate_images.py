"""Images that no network of this project was made for, and wrong ways to store a good one; for gates.

What a gate is fitted on ("fit") and what it is tested on ("test") share no picture.
"""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import skimage.data
from PIL import Image, ImageDraw, ImageFont

Grey = np.ndarray
"""(rows, columns) float32."""
Named = tuple[str, Grey]

PARTS = ("fit", "test")
TURNS: dict[str, Callable[[Grey], Grey]] = {
    "mirrored": np.fliplr,
    "upside down": np.flipud,
    "turned by 180 degrees": lambda grey: np.rot90(grey, 2),
    "turned by 90 degrees": np.rot90,
    "turned by 270 degrees": lambda grey: np.rot90(grey, 3),
    "inverted": lambda grey: grey.max() + grey.min() - grey,
}
"""What a file that lies about itself makes of a good film."""


def turned(images: Iterable[Grey]) -> Iterator[Named]:
    """Each image in every wrong way."""
    for image in images:
        for name, turn in TURNS.items():
            yield name, np.ascontiguousarray(turn(image))


PHOTOGRAPHS = {
    "fit": ("astronaut.png", "chelsea.png", "rocket.jpg", "grass.png", "page.png", "cell.png"),
    "test": ("camera.png", "coffee.png", "coins.png", "gravel.png", "text.png", "moon.png"),
}
"""Of scikit-image: people, animals, things, textures, paper."""


def photographs(part: str) -> Iterator[Named]:
    """Made grey, and each in four positions, for a photograph may be of anything."""
    for name in PHOTOGRAPHS[part]:
        whole = grey(Path(skimage.data.__file__).parent / name)
        for number in range(4):
            yield "photograph", np.ascontiguousarray(np.rot90(whole, number))


def made_up(part: str, random: np.random.Generator) -> Iterator[Named]:
    """Noise, ramps and windows of programs with text."""
    for _count in range(12):
        yield "noise", random.normal(0, 1, (300, 300)).astype(np.float32)
        yield "ramp", _ramp(random)
        yield "screen", _screen(random, dark=part == "test")


def grey(path: Path) -> Grey:
    """A picture's grey values."""
    return np.asarray(Image.open(path).convert("L"), dtype=np.float32)


def _ramp(random: np.random.Generator) -> Grey:
    across, down = np.meshgrid(np.linspace(-1, 1, 300), np.linspace(-1, 1, 300))
    angle, bend = random.uniform(0, 2 * np.pi), random.uniform(-1, 1)
    straight = np.cos(angle) * across + np.sin(angle) * down
    return (straight + bend * (across**2 + down**2)).astype(np.float32)


def _screen(random: np.random.Generator, *, dark: bool) -> Grey:
    """Bars, panels and lines of text."""
    back, ink = (30, 200) if dark else (235, 20)
    picture = Image.new("L", (800, 600), back)
    pen, font = ImageDraw.Draw(picture), ImageFont.load_default(16)
    for _count in range(int(random.integers(3, 9))):
        left, top = (int(each) for each in random.integers(0, 600, 2))
        wide, high = (int(each) for each in random.integers(60, 400, 2))
        shade = int(np.clip(back + random.integers(-40, 60), 0, 255))
        pen.rectangle((left, top, left + wide, top + high), shade, outline=ink)
    for line in range(int(random.integers(8, 28))):
        letters = "".join(chr(int(c)) for c in random.integers(65, 122, 60))
        pen.text((int(random.integers(0, 300)), 20 * line), letters, ink, font)
    return np.asarray(picture, dtype=np.float32)
