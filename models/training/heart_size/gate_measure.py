"""The gate measured through the viewer's own path, every picture under a header that says PA film of the chest.

Runs in the viewer's environment. Adds to the pictures of `gate_pictures` those made from DICOM files:
other body parts, slices of CT, and lateral films projected from CT volumes.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from models.training.common import figures
from models.training.heart_size.gate_files import save
from viewer.app.evaluation.labels import LabelledImage
from viewer.app.evaluation.outcome import Outcome, evaluate_image
from viewer.app.jobs import ignore
from viewer.dicom.decoder import decode
from viewer.dicom.indexer import index
from viewer.domain.finding import RunState
from viewer.imaging.display import shows_low_as_white
from viewer.imaging.modality_lut import modality_values
from viewer.inference.model_store import load_package
from viewer.inference.session import Device, SessionPool

VOLUMES = {"chest": "chest_ct_8mm_tumour", "head": "head_ct_tilted_mixed_thickness"}
MM = {"chest": 8.0, "head": 5.0}
"""Distance of the slices, for the shape of a projection; roughly, where a series mixes them."""

SCREENSHOT = Path("resources/help/second-read.png")
PLANE_MM = 0.8

VIEWS = {
    "chest": (("lateral view", 2),),
    "head": (("lateral view", 2), ("frontal view", 1)),
}
"""Of each volume, with the axis that is summed over."""


def from_dicom(shared: Path, others: Iterable[Path], folder: Path) -> None:
    """Write the pictures of DICOM files into `folder`, by kind."""
    for path in others:
        save(_grey(path), folder / "other body part or animal" / f"{path.stem}.png")
    screenshot = Image.open(SCREENSHOT)
    (folder / "screenshot").mkdir(parents=True, exist_ok=True)
    screenshot.convert("RGB").save(folder / "screenshot" / "colour.png")
    save(np.asarray(screenshot.convert("L"), np.float32), folder / "screenshot" / "grey.png")
    save(np.full((400, 400), 7, np.float32), folder / "blank" / "0.png")
    for name, place in VOLUMES.items():
        files = sorted((shared / "dicom" / place).rglob("*.dcm"))
        slices = [_grey(path) for path in files]
        for number in range(0, len(slices), 3):
            save(slices[number], folder / f"CT slice, {name}" / f"{number}.png")
        for kind, picture in _projected(name, np.stack(slices)):
            save(picture, folder / f"{kind}, projected from {name} CT" / "0.png")


def measured(package: Path, pictures: Path, out: Path) -> dict[str, object]:
    """Shares that pass, by source; that are refused, by kind, with the reasons; written to `out`."""
    found = {
        "passed": {f.name: _passed(package, f) for f in sorted((pictures / "pass").iterdir())},
        "refused": {f.name: _refused(package, f) for f in sorted((pictures / "refuse").iterdir())},
    }
    out.write_text(json.dumps(found, indent=1) + "\n")
    return found


def _passed(package: Path, folder: Path) -> dict[str, object]:
    outcomes = list(_outcomes(package, folder))
    passed = np.array([one.state is RunState.DONE for one in outcomes])
    patients = [one.image.patient for one in outcomes]
    return {
        **figures.rates(np.ones_like(passed), passed, patients)["sensitivity"],
        "patients": len(set(patients)),
        "reasons": dict(Counter(_first(one.reason) for one in outcomes if one.reason)),
    }


def _refused(package: Path, folder: Path) -> dict[str, object]:
    outcomes = list(_outcomes(package, folder))
    refused = [one for one in outcomes if one.state is RunState.NOT_APPLICABLE]
    reasons = dict(Counter(_first(one.reason) for one in refused))
    return {"n": len(outcomes), "refused": len(refused), "reasons": reasons}


def _outcomes(package: Path, folder: Path) -> Iterator[Outcome]:
    loaded, pool = load_package(package), SessionPool()
    for path in sorted(folder.iterdir()):
        image = LabelledImage(path, path.stem.split("+")[0], {}, {}, {"PatientAge": "050Y"})
        yield evaluate_image(loaded, image, pool, Device.CPU)


def _first(reason: str) -> str:
    """The words before figures begin, to count by."""
    return reason.split(" (")[0].split(":")[0].split(".")[0]


def _grey(path: Path) -> np.ndarray:
    (study,) = index((path,), ignore, ignore).studies
    frame = decode(study.display_sets[0].frames[0])
    values = modality_values(frame)
    low, high = np.percentile(values, [0.5, 99.5])
    clipped = np.clip(values, low, high)
    return high + low - clipped if shows_low_as_white(frame) else clipped


def _projected(name: str, volume: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """Sums through the body, from the front and from the side, as an X-ray would sum it."""
    for kind, axis in VIEWS[name]:
        flat = (volume - volume.min()).sum(axis=axis).astype(np.float32)
        size = (flat.shape[1], round(flat.shape[0] * MM[name] / PLANE_MM))
        smooth = Image.fromarray(flat).resize(size, Image.Resampling.BICUBIC)
        yield kind, np.asarray(smooth, dtype=np.float32)


def asked(recipe: str, package: str) -> argparse.Namespace:
    """What the command line says: shared, run, package, others."""
    parser = argparse.ArgumentParser(prog=f"python -m models.training.{recipe}.gate_measure")
    parser.add_argument("--shared", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--run", type=Path, default=Path("../training_runs") / recipe)
    parser.add_argument("--package", type=Path, default=Path("models") / package)
    parser.add_argument("others", type=Path, nargs="*", help="radiographs of other body parts")
    return parser.parse_args()


def main() -> None:
    arguments = asked("heart_size", "chest_xray_heart_size")
    pictures = arguments.run / "gate_pictures"
    from_dicom(arguments.shared, arguments.others, pictures / "refuse")
    measured(arguments.package, pictures, arguments.run / "gate.json")


if __name__ == "__main__":
    main()
