"""What the frozen network sees in each film: kept in the run, for the linear layers to learn from."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from models.training.chest_findings import data
from models.training.chest_findings.data import Film
from models.training.chest_xray_pneumonia import settings
from models.training.chest_xray_pneumonia.network import CHANNELS, Cropped, in_lungs
from models.training.common.artefact import Identity, Shipped, write
from models.training.heart_size import settings as organ_settings
from viewer.inference.preprocessing import preprocess

ORGANS = Path("models/chest_xray_heart_size/model.onnx")
"""The shipped network that finds the lungs; its graph becomes part of this package's."""


@dataclass(frozen=True, eq=False)
class Seen:
    """Of n films, in the order of data.films.

    pooled (n, 2, VIEWS * CHANNELS): as it is, and mirrored; usual (VIEWS, CHANNELS, GRID, GRID): maps of
    the average film; boxed: names of the m films with boxes, their maps (m, VIEWS, CHANNELS, GRID,
    GRID), frames (m, 4), and centres (m, 2, 2) of the lungs found (right, left; column, row; shares)
    """

    pooled: np.ndarray
    usual: np.ndarray
    boxed: np.ndarray
    maps: np.ndarray
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


class Look:
    """The two networks, as the viewer runs them."""

    def __init__(self, run: Path) -> None:
        side = settings.SIZE
        example = (torch.zeros(1, 1, side, side), torch.rand(1, 3, 256, 256))
        path = write(
            Cropped(),
            example,
            run / "cropped.onnx",
            ("maps", "lungs", "frame"),
            Identity(settings.MODEL_ID, settings.VERSION),
            inputs=("image", "organs"),
        )
        self._organs = Shipped(ORGANS, ["probabilities"])
        self._cropped = Shipped(path, ["maps", "lungs", "frame"])

    def organs(self, grey: np.ndarray) -> np.ndarray:
        """(1, 3, s, s) probabilities of heart, right and left lung."""
        return self._organs(_tensor(grey, organ_settings.OPERATIONS))[0]

    def maps(self, grey: np.ndarray, organs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(VIEWS, CHANNELS, GRID, GRID) at the weight of the lungs, and the crop's frame (4,)."""
        image = _tensor(grey, settings.OPERATIONS)
        maps, lungs, frame = self._cropped.given({"image": image, "organs": organs})
        return in_lungs(torch.from_numpy(maps), torch.from_numpy(lungs)).numpy(), frame[0]


def _computed(folder: Path, run: Path) -> Seen:
    look, films = Look(run), data.films(folder)
    pooled = np.zeros((len(films), 2, len(settings.VIEWS) * CHANNELS), np.float32)
    usual = np.zeros((len(settings.VIEWS), CHANNELS, settings.GRID, settings.GRID))
    wanted = {box.name for box in data.boxes(folder)}
    boxed: list[tuple[str, np.ndarray, np.ndarray, np.ndarray]] = []
    for row, film in enumerate(films):
        grey = _grey(folder, film)
        organs = look.organs(grey)
        maps, frame = look.maps(grey, organs)
        mirrored, _frame = look.maps(grey[:, ::-1], np.ascontiguousarray(organs[..., ::-1]))
        pooled[row] = [each.mean(axis=(2, 3)).ravel() for each in (maps, mirrored)]
        usual += maps / len(films)
        if film.name in wanted:
            boxed.append((film.name, maps, frame, centres(organs)))
        print(f"\rfilm {row + 1} of {len(films)}", end="", flush=True)
    print()
    names, shown, frames, middles = (np.array(each) for each in zip(*boxed, strict=True))
    return Seen(pooled, usual.astype(np.float32), names, shown, frames, middles)


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
