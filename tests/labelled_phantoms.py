"""A table of labels over pictures of phantoms, as a site measures a model on."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from model_packages import phantom
from PIL import Image

FINDING = "enlarged_cardiac_silhouette"
LARGE, NORMAL = (0.38, 0.86), (0.42, 0.66)


def write_labels(
    folder: Path,
    large: Sequence[tuple[float, float]] = (LARGE,),
    normal: Sequence[tuple[float, float]] = (NORMAL,),
) -> Path:
    """One patient each; hearts by their edges, as `phantom` takes them."""
    lines = [f"file,patient,{FINDING}"]
    for number, heart in enumerate((*large, *normal)):
        values = np.round(phantom(160, 160, heart) * 255).astype(np.uint8)
        Image.fromarray(values).save(folder / f"{number}.png")
        lines.append(f"{number}.png,p{number},{int(number < len(large))}")
    path = folder / "labels.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path
