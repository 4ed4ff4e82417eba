"""One command for each package: calibrate, measure on all test patients, ship or take out.

    python -m models.training.int8 --shared ../shared/data chest_ct_nodule

The ways to quantize are compared on the validation patients; the best goes to the test. Put into the package
only if no figure (Dice, AUROC, sensitivity and specificity at `second_read`) falls by more than `MOST`, at
least 95 % of the unseen native images pass its gate, and it refuses of each kind as many as the full network.
Else a variant that is there is taken out. `--measure-only` writes nothing; `--keep-gate` leaves all that the
gate hangs on in float32. To be run again for each new
network: a variant made of another one is refused by `secondread models check`.
"""

import argparse
import hashlib
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from models.training.int8 import package
from models.training.int8.cases import CASES, Asked, Case, Gate
from models.training.int8.package import Measured
from models.training.int8.quantize import KEEPING_GATE, WAYS, Way, instructions, quantized, seconds
from viewer.inference.manifest import MANIFEST_NAME, load_manifest
from viewer.inference.model_store import check_package
from viewer.inference.variant_checks import LARGEST_FALL as MOST
from viewer.inference.variant_checks import LEAST_PASSED, ROUNDING

METHOD = (
    "static quantization (onnxruntime, QDQ, unsigned 8-bit activations, 7-bit weights per channel) "
    "calibrated on training images: {way}"
)


def measured(
    folder: Path, case: Case, asked: Asked, ways: Sequence[Way] = WAYS
) -> tuple[Measured, list[str]]:
    """The best way on the test patients, and all that speaks against it."""
    full, manifest = folder / "model.onnx", load_manifest(folder / MANIFEST_NAME)
    way, network = _best_way(folder, case, asked, ways)
    test = [case.figures(one, manifest, asked.shared, "test") for one in (full, network)]
    known = Measured(
        network,
        hashlib.sha256(full.read_bytes()).hexdigest(),
        METHOD.format(way=way.words),
        _time(full, network, case, asked.shared),
        *test,
        gate=None,
        data=case.data,
    )
    against = [
        f"{metric} falls by {fall:.4f}"
        for metric, fall in known.falls.items()
        if fall > MOST + ROUNDING
    ]
    if manifest.gate is None or against:
        return known, against
    gates = [
        case.gate(package.stand_in(folder, one, asked.work / name), asked)
        for name, one in (("full", full), ("int8", network))
    ]
    return Measured(**{**vars(known), "gate": gates[1]}), list(_against_gate(*gates))


def _best_way(folder: Path, case: Case, asked: Asked, ways: Sequence[Way]) -> tuple[Way, Path]:
    """By the largest fall of Dice and AUROC on the validation patients; the first of equals.

    Not by rates: of few patients they move in steps, and by chance.
    """
    manifest = load_manifest(folder / MANIFEST_NAME)
    full = case.figures(folder / "model.onnx", manifest, asked.shared, "validation")
    tried: list[tuple[float, Way, Path]] = []
    for number, way in enumerate(ways):
        out = asked.work / f"{number}.onnx"
        quantized(folder / "model.onnx", case.calibration(asked.shared), way, out)
        found = case.figures(out, manifest, asked.shared, "validation").compared
        falls = {
            key: float(one["value"]) - float(found[key]["value"])
            for key, one in full.compared.items()
        }
        _say(f"validation, {way.words}: " + _list(falls))
        tried.append((max(falls[key] for key in full.figures), way, out))
    _fall, way, out = min(tried, key=lambda one: one[0])
    return way, out


def _time(full: Path, network: Path, case: Case, shared: Path) -> str:
    image = np.repeat(next(case.calibration(shared)), case.batch, axis=0)
    found = seconds({"full": full, "int8": network}, image, threads=1)
    ratio = found["full"] / found["int8"]
    many = f"{case.batch} images" if case.batch > 1 else "one image"
    return (
        f"{ratio:.1f} times as fast as the full network, {many} at a time on one thread of a CPU with "
        f"{instructions()}"
    )


def _against_gate(full: Gate, found: Gate) -> Iterator[str]:
    if found.least_passed < LEAST_PASSED:
        yield f"the gate lets pass only {found.least_passed:.4f} of native images"
    for kind, one in full.refused.items():
        if found.refused[kind]["refused"] < one["refused"]:
            yield f"{kind}: refused {found.refused[kind]['refused']}, the full network {one['refused']}"


def ship(
    name: str, asked: Asked, models: Path, ways: Sequence[Way] = WAYS, measure_only: bool = False
) -> bool:
    """Measure one package and change it; whether it offers INT8 now."""
    folder = models / name
    if not measure_only:
        package.without(folder)
    found, against = measured(folder, CASES[name], asked, ways)
    _say(json.dumps({"time": found.time, "performance": found.performance()}, indent=1))
    _say(f"{found.network.stat().st_size / 1e6:.1f} MB; {found.method}")
    if found.gate is not None:
        _say("\n".join(found.gate.sentences))
    if against or measure_only:
        _say(f"{name}: not shipped. " + "; ".join(against))
        return False
    package.add(folder, found)
    problems = check_package(folder)
    if problems:
        package.without(folder)
        _say(f"{name}: not shipped. " + "; ".join(problems))
        return False
    _say(f"{name}: shipped.")
    return True


def _list(falls: dict[str, float]) -> str:
    return ", ".join(f"{key} falls by {fall:.4f}" for key, fall in falls.items())


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Each package that is named, one after the other."""
    parser = argparse.ArgumentParser(prog="python -m models.training.int8", description=__doc__)
    parser.add_argument("--shared", type=Path, required=True, help="folder with the data sets")
    parser.add_argument("--models", type=Path, default=Path("models"))
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="films of other parts")
    parser.add_argument("--keep-gate", action="store_true", help="in float32, all it hangs on")
    parser.add_argument("--measure-only", action="store_true", help="leave the packages alone")
    parser.add_argument("packages", nargs="+", choices=list(CASES))
    given = parser.parse_args()
    for name in given.packages:
        with tempfile.TemporaryDirectory() as work:
            asked = Asked(given.shared, Path(work), given.others)
            ways = KEEPING_GATE if given.keep_gate else WAYS
            ship(name, asked, given.models, ways, given.measure_only)


if __name__ == "__main__":
    main()
