"""Writes the block `reference` of a shipped manifest: how scores and inputs lie on the recipe's own images.

Every image goes through the viewer's own path (header, pixels, network, task), so that the numbers are
those a site records. Scores and the gate's distance are of patients that were not trained on; the other
numbers of the input are of all patients. Run in the training environment, from the root:

    python -m models.training.reference brain_mr_infarct --data ../shared/data/brain_mr_infarct
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.training.brain_mr_infarct import data as infarct
from models.training.brain_mr_infarct.words import DATA as INFARCT
from models.training.brain_mr_tumour import data as tumour
from models.training.brain_mr_tumour.words import DATA as TUMOUR
from models.training.chest_ct_nodule import data as nodule
from models.training.chest_ct_nodule import settings as nodule_settings
from models.training.chest_ct_nodule.words import DATA as NODULE
from models.training.heart_size import data as heart
from models.training.heart_size.words import DATA as HEART
from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.evaluation.outcome import stated_header
from viewer.app.jobs import ignore
from viewer.dicom.dicomize import dicomize
from viewer.dicom.indexer import index
from viewer.domain.finding import RunState
from viewer.domain.input_figures import InputFigure, InputKey
from viewer.inference.input_figures import input_figures
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import load_package
from viewer.inference.preprocessing import preprocess
from viewer.inference.session import Device, SessionPool

OF_THE_TENSOR = (InputKey.MEAN, InputKey.SD, InputKey.P5, InputKey.P50, InputKey.P95)
"""Numbers with a reference. Rows and spacing have none: the published images are resampled copies."""

BINS, FEW_BINS, FEW = 10, 6, 200
"""Of a histogram; fewer where it has fewer rows than that."""

TAIL = 1.0
"""Per cent beyond either end of a histogram; counted in its outermost bins."""

SLICE_MM = 5.0
"""Of series made of single slices, whose true places are not published; each slice is read by itself."""


@dataclass(frozen=True)
class Case:
    """What a site would open at once. files: its slices in order. unseen: not trained on."""

    files: tuple[Path, ...]
    unseen: bool


@dataclass(frozen=True)
class Recorded:
    """What the viewer records of one case. scores: finding key and score."""

    scores: tuple[tuple[str, float], ...]
    figures: tuple[InputFigure, ...]
    unseen: bool


@dataclass(frozen=True)
class Recipe:
    """data, input_data, differs, input_differs: as in the manifest. record: package and data folder to rows."""

    data: str
    input_data: str
    record: Callable[[ModelPackage, Path], Iterator[Recorded]]
    differs: str = ""
    input_differs: str = ""


def _through_the_viewer(
    cases: Callable[[Path], Iterator[Case]],
) -> Callable[[ModelPackage, Path], Iterator[Recorded]]:
    def record(package: ModelPackage, folder: Path) -> Iterator[Recorded]:
        pool = SessionPool()
        for case in cases(folder):
            with tempfile.TemporaryDirectory() as written:
                yield from _recorded(package, case, pool, Path(written))

    return record


def _recorded(
    package: ModelPackage, case: Case, pool: SessionPool, folder: Path
) -> Iterator[Recorded]:
    """One row; none where the viewer refuses before the network is asked, as it would at a site."""
    header = {**stated_header(package.manifest), "PatientAge": "050Y"}
    if len(case.files) > 1:
        header |= {"StudyInstanceUID": "2.25.1", "SeriesInstanceUID": "2.25.2"}
        header |= {"FrameOfReferenceUID": "2.25.3", "SliceThickness": str(SLICE_MM)}
    for place, picture in enumerate(case.files):
        where = {"ImagePositionPatient": rf"0\0\{place * SLICE_MM}", "InstanceNumber": str(place)}
        own = where if len(case.files) > 1 else {}
        dicomize(picture, folder / f"{place:03}.dcm", {**header, **own})
    ((display_set,),) = (one.display_sets for one in index((folder,), ignore, ignore).studies)
    run = analyze_display_set(package, display_set, pool, Device.CPU, "", ignore, ignore).run
    if not run.input_figures:
        print(f"{case.files[0]}: {run.state.value}: {run.reason}", file=sys.stderr)
        return
    stated = (*run.findings, *run.below) if run.state is RunState.DONE else ()
    scores = tuple((one.key, one.score.value) for one in stated if one.score is not None)
    yield Recorded(scores, run.input_figures, case.unseen)


def _films(folder: Path) -> Iterator[Case]:
    for part, names in heart.split(folder).items():
        for name in names:
            yield Case((folder / "png" / name,), part != "training")


def _unseen_films(folder: Path) -> Iterator[Case]:
    """Those alone of which neither the findings nor the gate learned."""
    return (case for case in _films(folder) if case.unseen)


def _brains(folder: Path) -> Iterator[Case]:
    for part, names in infarct.split(folder).items():
        for name in sorted(names):
            yield Case((folder / "images" / f"{name}.png",), part != "training")


def _heads(folder: Path) -> Iterator[Case]:
    for part, names in tumour.split(folder).items():
        for name in sorted(names):
            files = sorted((folder / name).glob("*.webp"), key=_slice_number)
            yield Case(tuple(files), part != "training")


def _slice_number(path: Path) -> tuple[int, str]:
    """The last number of the name, so that slice 10 follows slice 9."""
    digits = path.stem.split("_")[-1]
    return (int(digits) if digits.isdigit() else 0, path.stem)


def _patches(package: ModelPackage, folder: Path) -> Iterator[Recorded]:
    """Patches of a stretch of the list together, which is about one scan."""
    session = SessionPool().get(package, Device.CPU)
    names = [output.tensor for output in package.manifest.outputs]
    (finding,) = package.manifest.findings
    for part, patches in nodule.load(folder).items():
        for scan in np.unique(patches.scans):
            batch = np.stack([_patch(one) for one in patches.units[patches.scans == scan]])
            tensors = [
                session.run({package.manifest.input.tensor: rows}, names, ignore).tensors
                for rows in np.array_split(batch, -(-len(batch) // 32))
            ]
            found = {name: np.concatenate([one[name] for one in tensors]) for name in names}
            figures = input_figures(package.manifest, batch, found, {})
            told = tuple((finding.key, float(score)) for score in found[names[0]][:, 0])
            yield Recorded(told, figures, part != "training")


def _patch(units: np.ndarray) -> np.ndarray:
    """As saved, 0 to 1 of a window of HU, to the network's input (1, rows, columns)."""
    low, high = nodule_settings.LOW_HU, nodule_settings.HIGH_HU
    margin = (units.shape[0] - nodule_settings.PIXELS) // 2
    inner = units[margin : margin + nodule_settings.PIXELS, margin:][:, : nodule_settings.PIXELS]
    values = (inner * (high - low) + low).astype(np.float32)
    made = preprocess(values, monochrome1=False, operations=nodule_settings.OPERATIONS)
    return made.tensor[None]


def reference(package: ModelPackage, recipe: Recipe, rows: Sequence[Recorded]) -> dict[str, object]:
    """The block as the manifest has it."""
    unseen = [one for one in rows if one.unseen]
    told = [score for one in unseen for score in one.scores]
    findings = [finding.key for finding in package.manifest.findings]
    scores = {key: [score for own, score in told if own == key] for key in findings}
    keys = [*OF_THE_TENSOR, *([InputKey.DISTANCE] if package.manifest.gate else [])]
    used = {key: unseen if key is InputKey.DISTANCE else rows for key in keys}
    said: dict[str, object] = {
        "data": recipe.data.format(patients=len(unseen), scores=len(told)),
        "score_histogram": {key: _histogram(some) for key, some in scores.items()},
        "input_data": recipe.input_data.format(patients=len(rows)),
        "input_histogram": {
            key.value: _histogram([_value(one, key) for one in used[key]]) for key in keys
        },
    }
    reasons = {"differs": recipe.differs, "input_differs": recipe.input_differs}
    return said | {name: reason for name, reason in reasons.items() if reason}


def _value(row: Recorded, key: InputKey) -> float:
    return {one.key: one.value for one in row.figures}[key.value]


def _histogram(values: Sequence[float]) -> dict[str, object]:
    low, high = (float(f"{end:.3g}") for end in np.percentile(values, [TAIL, 100 - TAIL]))
    if high <= low:
        low, high = low - 0.5, low + 0.5
    bins = BINS if len(values) >= FEW else FEW_BINS
    counts = np.histogram(np.clip(values, low, high), bins, (low, high))[0]
    return {"low": low, "high": high, "counts": [int(n) for n in counts]}


PATCHES_DIFFER = (
    "the reference is of single patches chosen for training, a site's numbers are of all places of a series "
    "that look like a nodule"
)

RECIPES = {
    "chest_xray_heart_size": Recipe(
        f"{HEART}, validation and test patients: {{scores}} films of {{patients}} patients",
        f"{HEART}, all {{patients}} patients; the distance: validation and test patients alone",
        _through_the_viewer(_films),
    ),
    "chest_xray_pneumonia": Recipe(
        f"{HEART}, validation and test patients: {{scores}} scores of {{patients}} patients",
        f"{HEART}, validation and test patients: {{patients}} patients",
        _through_the_viewer(_unseen_films),
        "the reference is of PA films that were gathered for the size of the heart, and nobody says which of "
        "them show an opacity; all films with such labels went into the model",
    ),
    "brain_mr_infarct": Recipe(
        f"{INFARCT}, validation and test patients: {{scores}} scores of {{patients}} patients",
        f"{INFARCT}, all {{patients}} patients; the distance: validation and test patients alone",
        _through_the_viewer(_brains),
    ),
    "brain_mr_tumour": Recipe(
        f"{TUMOUR}, validation and test patients: {{scores}} scores of {{patients}} patients",
        f"{TUMOUR}, all {{patients}} patients; the distance: validation and test patients alone",
        _through_the_viewer(_heads),
        "every head of the reference has a tumour, and slices without one are mostly left out",
    ),
    "chest_ct_nodule": Recipe(
        f"{NODULE}, stretches not trained on: {{scores}} patches of {{patients}} stretches",
        f"{NODULE}, all {{patients}} stretches of the list, each about one scan; the distance: stretches "
        "not trained on",
        _patches,
        PATCHES_DIFFER,
        PATCHES_DIFFER,
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m models.training.reference")
    parser.add_argument("model", choices=RECIPES)
    parser.add_argument("--data", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--package", type=Path, help="default models/<model>")
    parser.add_argument("--run", type=Path, help="folder of the run; export then keeps the block")
    asked = parser.parse_args()
    folder = asked.package or Path("models") / asked.model
    package, recipe = load_package(folder), RECIPES[asked.model]
    block = reference(package, recipe, tuple(recipe.record(package, asked.data)))
    write(folder / "manifest.json", block)
    if asked.run is not None:
        keep(asked.run, folder / "model.onnx", block)
    print(json.dumps(block, indent=1))


def write(manifest: Path, block: dict[str, object]) -> None:
    """Put the block into a manifest; everything else stays as it is."""
    content = {**json.loads(manifest.read_text(encoding="utf-8")), "reference": block}
    text = json.dumps(content, indent=2, ensure_ascii=False)
    manifest.write_text(text + "\n", encoding="utf-8")


def keep(run: Path, network: Path, block: dict[str, object]) -> None:
    """Write it beside the run, with the hash of the network it was measured with."""
    sha256 = hashlib.sha256(network.read_bytes()).hexdigest()
    content = {"network_sha256": sha256, "reference": block}
    (run / "reference.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
