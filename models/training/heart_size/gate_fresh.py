"""The gate measured once more, on images that nobody looked at while it was chosen.

The figures of gate_measure were seen while features, limit and head were chosen, so that they flatter.
Here: the validation films of the training source, AP films of the NIH patients that the gate was not
fitted on, other films of those patients stored wrongly, and other photographs, brains and CT crops.

    python -m models.training.heart_size.gate_fresh --shared ../shared/data --run ...
"""

import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

import skimage.data

from models.training.common.gate_images import Grey, Named, grey, turned
from models.training.heart_size import gate_data
from models.training.heart_size.data import split
from models.training.heart_size.gate_files import save
from models.training.heart_size.gate_measure import measured

PHOTOGRAPHS = (
    "brick.png",
    "clock_motion.png",
    "hubble_deep_field.jpg",
    "ihc.png",
    "motorcycle_left.png",
    "retina.jpg",
)
"""Of scikit-image, neither fitted on nor in the first test."""

SEEN_TURNED = 3
"""Of the PA films of the test patients, every third was stored wrongly in the first test."""

EACH = 4
"""Of the films that were not, every fourth is used, for time's sake."""

PER_KIND = 30


def write(shared: Path, folder: Path) -> None:
    """Pictures of both kinds, as gate_measure reads them; what an earlier call wrote is removed."""
    shutil.rmtree(folder, ignore_errors=True)
    own, nih = shared / "chest_xray_heart", shared / "chest_xray_pneumonia"
    sources = {
        "validation": [(own / "png" / name, Path(name).stem) for name in split(own)["validation"]],
        "nih AP": [
            (nih / "images" / row["file"], row["patient"])
            for row in gate_data.nih_rows(nih, "AP", "test")
        ],
    }
    for source, films in sources.items():
        (folder / "pass" / source).mkdir(parents=True)
        for number, (path, patient) in enumerate(films):
            shutil.copyfile(path, folder / "pass" / source / f"{patient}+{number}{path.suffix}")
    for number, (kind, image) in enumerate(_bad(shared)):
        save(image, folder / "refuse" / kind / f"{number:05d}.png")


def _bad(shared: Path) -> Iterator[Named]:
    films = gate_data.nih_films(shared / "chest_xray_pneumonia", "PA", "test")
    unseen = [film for number, film in enumerate(films) if number % SEEN_TURNED]
    yield from turned(unseen[::EACH])
    for name in PHOTOGRAPHS:
        yield "photograph", grey(Path(skimage.data.__file__).parent / name)
    places = {
        "brain MR, whole head": "brain_mr_tumour/*/*.webp",
        "brain MR, skull stripped": "brain_mr_infarct/images/*.png",
        "CT crop": "chest_ct_nodule/lidc/*/*.png",
    }
    for kind, pattern in places.items():
        yield from ((kind, image) for image in _unseen(sorted(shared.glob(pattern))))


def _unseen(paths: list[Path]) -> list[Grey]:
    """Of the half that was not fitted on, pictures between those of the first test (gate_data takes
    every n-th from the first on)."""
    own = [path for path in paths if not path.stem.endswith(("mask", "votes"))]
    half = own[len(own) // 2 :]
    return [grey(path) for path in half[1 :: max(2, len(half) // PER_KIND)][:PER_KIND]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.heart_size.gate_fresh")
    parser.add_argument("--shared", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--run", type=Path, default=Path("../training_runs/heart_size"))
    parser.add_argument("--package", type=Path, default=Path("models/chest_xray_heart_size"))
    asked = parser.parse_args()
    pictures = asked.run / "gate_fresh"
    write(asked.shared, pictures)
    measured(asked.package, pictures, asked.run / "gate_fresh.json")


if __name__ == "__main__":
    main()
