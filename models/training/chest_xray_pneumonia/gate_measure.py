"""The gate measured for this package through the viewer's own path: both views must pass, the same pictures not.

Runs in the viewer's environment, after the step `pictures`. Of each kind that must be refused at most
PER_KIND pictures are read.
"""

from pathlib import Path

from models.training.heart_size import gate_measure

PER_KIND = 12


def thin(folder: Path, most: int) -> None:
    """Leave at most so many files, evenly chosen."""
    files = sorted(folder.iterdir())
    if len(files) <= most:
        return
    kept = {round(i * (len(files) - 1) / (most - 1)) for i in range(most)}
    for number, path in enumerate(files):
        if number not in kept:
            path.unlink()


def main() -> None:
    given = gate_measure.asked("chest_xray_pneumonia", "chest_xray_pneumonia")
    folder = given.run / "gate_pictures"
    gate_measure.from_dicom(given.shared, given.others, folder / "refuse")
    for kind in (folder / "refuse").iterdir():
        thin(kind, PER_KIND)
    gate_measure.measured(given.package, folder, given.run / "gate.json")


if __name__ == "__main__":
    main()
