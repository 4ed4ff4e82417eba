"""The gate's test as pictures on the disk: those of the heart size recipe, and AP films, which must pass here."""

from pathlib import Path

from models.training.heart_size import gate_pictures


def write(shared: Path, folder: Path) -> None:
    """Folders `pass` and `refuse`; nothing of it was fitted on."""
    gate_pictures.write(shared, folder)
    gate_pictures.copy(gate_pictures.nih_sources(shared, "AP"), folder / "pass" / "nih AP")
