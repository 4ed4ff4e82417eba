"""The gate of slice networks: good slices as other scanners make them, and what only claims to be one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.common import gate
from models.training.common.gate_images import Grey, Named, grey, made_up, photographs, turned
from models.training.common.slice_measures import Operations
from viewer.inference.preprocessing import preprocess

AIR_SHARE = 0.06
"""Of a slice's range; darker is air."""

HEADS, STRIPPED = "brain_mr_tumour/*/*.webp", "brain_mr_infarct/images/*.png"
CT_CROPS, CHEST_FILMS = "chest_ct_nodule/lidc/*/*.png", "chest_xray_heart/png/*.png"
"""Pictures of the shared data sets."""

WRONG = 220
"""Slices of the training patients that are also stored wrongly, in every way, for the head."""

CONTRASTS: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {
    "T1-like": ((0, 0.1, 0.35, 0.65, 0.9, 1), (0.02, 0.1, 0.8, 0.5, 0.4, 0.3)),
    "T2-like": ((0, 0.06, 0.15, 0.4, 0.7, 1), (0.5, 1.0, 0.85, 0.3, 0.5, 0.9)),
}
"""What other sequences make of the tissues of FLAIR, by their rank: on T1 white matter is brighter than
grey and lesions are dark, on T2 the fluid is bright. First the rank, then the brightness."""

JITTER = 0.08
"""Of those brightnesses, drawn for each slice, so that the head learns no single curve."""


def fitted(
    trained: Path,
    tap: gate.Tap,
    operations: Operations,
    pixel_mm: tuple[float, float] | None,
    natives: Sequence[Grey],
    others: Iterable[Grey],
) -> gate.Gate:
    """Fit on slices of the training patients and on what is none of them."""
    random = np.random.default_rng(gate.SEED)
    good = [one for native in natives for one in (native, otherwise_stored(native, random))]
    few = natives[:: -(-len(natives) // WRONG)]
    bad = [*others, *(one for _name, one in wrong_slices(few, random))]
    bad += [one for _name, one in (*photographs("fit"), *made_up("fit", random))]
    look = gate.Features(trained, tap)
    found = (look(prepared(images, operations, pixel_mm)) for images in (good, bad))
    return gate.fit(*found, tap.directions)


def prepared(
    images: Iterable[Grey], operations: Operations, pixel_mm: tuple[float, float] | None
) -> np.ndarray:
    """(n, 1, rows, columns) float32, as the viewer would make them."""
    tensors = (
        preprocess(
            np.ascontiguousarray(image, dtype=np.float32),
            monochrome1=False,
            operations=operations,
            pixel_mm=pixel_mm,
        ).tensor
        for image in images
    )
    return np.stack(list(tensors))[:, None]


def wrong_slices(natives: Iterable[Grey], random: np.random.Generator) -> Iterator[Named]:
    """Each slice turned, inverted, and as other sequences would show it. Mirrored left to right it
    is as good as before: a brain is almost its own mirror image, and the network learned both."""
    for native in natives:
        yield from (one for one in turned([native]) if one[0] != "mirrored")
        for name in CONTRASTS:
            yield name, as_contrast(native, name, random)


def as_contrast(native: Grey, name: str, random: np.random.Generator) -> Grey:
    """The slice with its tissues as another sequence shows them; air stays dark."""
    ranks, levels = CONTRASTS[name]
    shown = native > native.min() + AIR_SHARE * np.ptp(native)
    if not shown.any():
        return native
    order = np.sort(native[shown])
    rank = np.searchsorted(order, native) / len(order)
    drawn = np.clip(np.array(levels) + random.normal(0, JITTER, len(levels)), 0.02, 1.0)
    return np.where(shown, 1000 * np.interp(rank, ranks, drawn), 0).astype(np.float32)


def otherwise_stored(native: Grey, random: np.random.Generator) -> Grey:
    """The same slice of another scanner and another head: pose, coil, contrast, noise, side."""
    low, high = float(native.min()), float(native.max())
    unit = (native - low) / max(high - low, 1e-6)
    rows, columns = unit.shape
    turn, zoom = np.radians(random.uniform(-10, 10)), np.exp(random.uniform(-0.15, 0.15))
    aspect = np.exp(random.uniform(-0.05, 0.05))
    cosine, sine = np.cos(turn) / zoom, np.sin(turn) / zoom
    a, b, d, e = cosine * aspect, sine * aspect, -sine / aspect, cosine / aspect
    x, y = columns / 2, rows / 2
    across, down = random.uniform(-0.05, 0.05, 2) * (columns, rows)
    matrix = (a, b, x - a * x - b * y + across, d, e, y - d * x - e * y + down)
    moved = Image.fromarray(unit.astype(np.float32)).transform(
        (columns, rows), Image.Transform.AFFINE, matrix, Image.Resampling.BILINEAR
    )
    values = np.asarray(moved) ** np.exp(random.uniform(-0.3, 0.3))
    slope = np.linspace(-1, 1, columns) * random.uniform(-0.2, 0.2)
    values = values * np.exp(slope)[None]
    noise = random.normal(0, random.uniform(0, 0.015), values.shape)
    values = np.where(values > 0, values + noise, values).clip(0, None)
    return np.ascontiguousarray(values[:, ::-1] if random.random() < 0.5 else values)


def spread(paths: Sequence[Path], count: int, read: Callable[[Path], Grey] = grey) -> list[Grey]:
    """`count` of the files, evenly spread."""
    return [read(path) for path in paths[:: max(1, len(paths) // count)][:count]]


def fit_half(shared: Path, pattern: str, count: int) -> list[Grey]:
    """`count` pictures of the first half of a data set, which the gate is fitted on; the second half
    is for its test."""
    return spread(_pictures(shared, pattern)[0], count)


def test_half(shared: Path, pattern: str, count: int) -> list[Grey]:
    """`count` pictures of the second half."""
    return spread(_pictures(shared, pattern)[1], count)


def _pictures(shared: Path, pattern: str) -> tuple[list[Path], list[Path]]:
    paths = [p for p in sorted(shared.glob(pattern)) if not p.stem.endswith(("mask", "votes"))]
    middle = len(paths) // 2
    return paths[:middle], paths[middle:]
