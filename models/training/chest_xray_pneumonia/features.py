"""What the frozen network sees in each film: kept in the run, for the linear layers to learn from."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.training.chest_findings import data
from models.training.chest_findings.data import Film
from models.training.chest_xray_pneumonia import graph, settings
from models.training.chest_xray_pneumonia.network import CHANNELS, Cropped, in_lungs
from models.training.common.artefact import Identity, Shipped, write
from models.training.heart_size import settings as organ_settings
from viewer.inference.preprocessing import preprocess

ORGANS = Path("models/chest_xray_heart_size/model.onnx")
"""The shipped network that finds the lungs; its graph becomes part of this package's."""

INPUTS = ("image", "organs", *settings.TAPS)
"""Of the reader, and of what it reads features with."""

SEEN = ("maps", "lungs", "frame")


@dataclass(frozen=True, eq=False)
class Seen:
    """Of n films, in the order of data.films.

    pooled (n, 2, REGIONS * CHANNELS): as it is, and mirrored; usual (REGIONS, CHANNELS, GRID, GRID): maps
    of the average film at the weight of its lungs; boxed: names of the m films with boxes, their maps (m,
    CHANNELS, GRID, GRID), lungs (m, VIEWS, REGIONS, GRID, GRID), frames (m, 4), and centres (m, 2, 2) of
    the lungs found (right, left; column, row; shares)
    """

    pooled: np.ndarray
    usual: np.ndarray
    boxed: np.ndarray
    maps: np.ndarray
    lungs: np.ndarray
    frames: np.ndarray
    centres: np.ndarray


def seen(folder: Path, run: Path) -> Seen:
    """Computed once."""
    kept = run / "features.npz"
    if not kept.exists():
        run.mkdir(parents=True, exist_ok=True)
        np.savez(kept, **vars(_computed(folder, run)))
    with np.load(kept) as archive:
        return Seen(**{name: archive[name] for name in archive.files})


@dataclass(frozen=True, eq=False)
class Found:
    """By the heart size network in one film: probabilities (1, 3, s, s), and what it saw, by name of the tap."""

    organs: np.ndarray
    taps: dict[str, np.ndarray]


class Look:
    """The two networks, as the viewer runs them."""

    def __init__(self, run: Path) -> None:
        path = write(
            Cropped(),
            example(),
            run / "cropped.onnx",
            SEEN,
            Identity(settings.MODEL_ID, settings.VERSION),
            inputs=INPUTS,
        )
        graph.tapped(graph.load(ORGANS), run / "organs.onnx")
        self._organs = Shipped(run / "organs.onnx", ["probabilities", *settings.TAPS.values()])
        self._cropped = Shipped(path, SEEN)

    def organs(self, grey: np.ndarray) -> Found:
        """Of a film (rows, columns)."""
        probabilities, *taps = self._organs(_tensor(grey, organ_settings.OPERATIONS))
        return Found(probabilities, dict(zip(settings.TAPS, taps, strict=True)))

    def maps(self, grey: np.ndarray, found: Found) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Maps (1, CHANNELS, GRID, GRID), lungs (VIEWS, REGIONS, GRID, GRID) and the crop's frame (4,)."""
        image = _tensor(grey, settings.OPERATIONS)
        given = {"image": image, "organs": found.organs, **found.taps}
        maps, lungs, frame = self._cropped.given(given)
        return maps, lungs, frame[0]


def example() -> tuple[torch.Tensor, ...]:
    """One film of what the reader is given, by INPUTS."""
    side, organs = settings.SIZE, organ_settings.SIZE
    film, masks = torch.zeros(1, 1, side, side), torch.rand(1, 3, organs, organs)
    return film, masks, torch.rand(1, 80, 16, 16), torch.rand(1, 112, 16, 16)


def _computed(folder: Path, run: Path) -> Seen:
    look, films = Look(run), data.films(folder)
    pooled = np.zeros((len(films), 2, len(settings.REGIONS) * CHANNELS), np.float32)
    usual = np.zeros((len(settings.REGIONS), CHANNELS, settings.GRID, settings.GRID))
    wanted = {box.name for box in data.boxes(folder)}
    boxed: list[tuple[str, np.ndarray, np.ndarray, np.ndarray, np.ndarray]] = []
    for row, film in enumerate(films):
        grey = _grey(folder, film)
        found = look.organs(grey)
        maps, lungs, frame = look.maps(grey, found)
        pooled[row, 0], pooled[row, 1] = _mean(maps, lungs), _mean(*_mirrored(look, grey, found))
        usual += weighed(maps, lungs) / len(films)
        if film.name in wanted:
            boxed.append((film.name, maps[0], lungs, frame, centres(found.organs)))
        print(f"\rfilm {row + 1} of {len(films)}", end="", flush=True)
    print()
    return Seen(pooled, usual.astype(np.float32), *map(np.array, zip(*boxed, strict=True)))


def _mirrored(look: Look, grey: np.ndarray, found: Found) -> tuple[np.ndarray, np.ndarray]:
    """Maps and lungs of the mirror image, with the lungs of the film itself: hearts lie left."""
    mirror = np.ascontiguousarray(grey[:, ::-1])
    organs = np.ascontiguousarray(found.organs[..., ::-1])
    return look.maps(mirror, Found(organs, look.organs(mirror).taps))[:2]


def weighed(maps: np.ndarray, lungs: np.ndarray) -> np.ndarray:
    """(REGIONS, CHANNELS, GRID, GRID)."""
    return in_lungs(torch.from_numpy(maps), torch.from_numpy(lungs)).numpy()


def _mean(maps: np.ndarray, lungs: np.ndarray) -> np.ndarray:
    return weighed(maps, lungs).mean(axis=(2, 3)).ravel()


def centres(organs: np.ndarray) -> np.ndarray:
    """(2, 2) of the right and the left lung found: column and row as shares; NaN where there is none."""
    found = []
    for lung in organs[0, 1:] > settings.LUNG:
        rows, columns = np.nonzero(lung)
        middle = (columns.mean(), rows.mean()) if len(rows) else (np.nan, np.nan)
        found.append([(each + 0.5) / lung.shape[0] for each in middle])
    return np.array(found)


def film_tensor(folder: Path, film: Film) -> np.ndarray:
    """(1, 1, SIZE, SIZE) as the viewer would prepare the film."""
    return _tensor(_grey(folder, film), settings.OPERATIONS)


def _grey(folder: Path, film: Film) -> np.ndarray:
    return np.asarray(Image.open(folder / "images" / film.name).convert("L"), dtype=np.float32)


def _tensor(grey: np.ndarray, operations: tuple[dict[str, object], ...]) -> np.ndarray:
    values = np.ascontiguousarray(grey)
    return preprocess(values, monochrome1=False, operations=operations).tensor[None, None]
