"""The gate of this recipe: on the deepest features of the encoder, pooled to 4 x 4 places.

Its head learned good films against films stored wrongly (mirrored, turned, inverted) and against
other images; see models.training.common.gate.
"""

from pathlib import Path

import numpy as np

from models.training.common import gate
from models.training.common.artefact import Identity
from models.training.heart_size import gate_data, settings
from viewer.inference.preprocessing import preprocess

TAP = gate.Tap("add_5", pooled=(4, 4))
"""End of the encoder of the trained graph, 112 channels at a sixteenth of the film."""


def add(trained: Path, shared: Path, destination: Path) -> Path:
    """Fit on films for fitting and on images that are none, no test film, no named test file; write
    the trained file with it."""
    random = np.random.default_rng(gate.SEED)
    films = gate_data.good_films(shared)
    good = [film for each in films for film in (each, *gate_data.otherwise_stored(each, random))]
    bad = [image for _name, image in gate_data.bad_images(shared, random)]
    look = gate.Features(trained, TAP)
    found = (look(_prepared(images), most=1) for images in (good, bad))
    fitted = gate.fit(*found, TAP.directions)
    identity = Identity(settings.MODEL_ID, settings.VERSION)
    return gate.add(trained, fitted, TAP, identity, destination)


def _prepared(images: list[np.ndarray]) -> np.ndarray:
    """(n, 1, SIZE, SIZE) float32, as the viewer prepares them."""
    tensors = (
        preprocess(
            np.ascontiguousarray(image, dtype=np.float32),
            monochrome1=False,
            operations=settings.OPERATIONS,
        ).tensor
        for image in images
    )
    return np.stack(list(tensors))[:, None]
