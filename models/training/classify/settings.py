"""What a run was asked to do; everything that decides its result, so that it can be repeated."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

PARTS = ("train", "val", "test")
SHARES = {"train": 0.7, "val": 0.15, "test": 0.15}
"""Of the patients, where the data names no split."""

OPSET, MIN_ONNXRUNTIME, TOLERANCE = 18, "1.18", 1e-3
MEAN, STD = 0.5, 0.25
"""Centre and spread of a percentile-scaled image, rounded."""

HIGHEST_ECE = 0.05
"""Calibration error on the test patients up to which a score is called a probability."""

POINTS = {"second_read": ("specificity", 0.90), "screening": ("sensitivity", 0.90)}
"""Operating points: the rate that the threshold keeps on the validation patients."""


class DataError(Exception):
    """The data cannot be used; the text says what is wrong and what to do."""


@dataclass(frozen=True)
class Options:
    """See `python -m models.training.classify --help` for each."""

    data: Path
    out: Path
    run: Path
    network: str = "small"
    size: int = 128
    epochs: int = 40
    patience: int = 8
    batch: int = 32
    learning_rate: float = 1e-3
    seed: int = 20261122
    flip: bool = False
    augment: float = 1.0
    threads: int = 2
    patients: str = ""
    each_file: bool = False
    normal: str = ""
    modality: tuple[str, ...] = ()
    body_part: tuple[str, ...] = ()
    view: tuple[str, ...] = ()
    about: Path | None = None

    @property
    def operations(self) -> list[dict[str, object]]:
        """The manifest's input.operations: what the viewer does, done here too."""
        return [
            {"op": "invert_monochrome1"},
            {"op": "clip_percentiles", "low": 1.0, "high": 99.0},
            {"op": "scale_to_unit"},
            {"op": "resize", "rows": self.size, "columns": self.size, "aspect": "pad"},
            {"op": "standardise", "mean": MEAN, "std": STD},
        ]

    @property
    def learning(self) -> str:
        """What a checkpoint depends on; one of another run is not resumed."""
        apart = (
            "out",
            "run",
            "epochs",
            "patience",
            "threads",
            "about",
            "modality",
            "body_part",
            "view",
        )
        kept = {key: str(value) for key, value in asdict(self).items() if key not in apart}
        return json.dumps(kept, sort_keys=True)
