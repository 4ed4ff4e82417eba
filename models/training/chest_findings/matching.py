"""Films with and without a finding that no one could tell apart by file size and view.

The set's "No Finding" films were picked among small files: the size alone tells them from pneumonia.
"""

from collections.abc import Sequence

import numpy as np

from models.training.chest_findings import settings
from models.training.chest_findings.data import Film


def truth(films: Sequence[Film], label: str) -> np.ndarray:
    """(n,) bool; whether the report names the finding."""
    return np.array([label in film.findings for film in films])


def pairs(films: Sequence[Film], label: str) -> np.ndarray:
    """(n, 2) rows of `films`: one with the finding, and one without, of one view and file size.

    Each film is used once; the closest in size is taken, and none beyond settings.CALIPER_BYTES.
    """
    positive, views, sizes = truth(films, label), _views(films), _sizes(films)
    free, found = set(np.flatnonzero(~positive).tolist()), []
    for row in np.random.default_rng(settings.SEED).permutation(np.flatnonzero(positive)):
        near = [o for o in free if views[o] == views[row] and _close(sizes, o, row)]
        if near:
            other = min(near, key=lambda o: (abs(sizes[o] - sizes[row]), o))
            free.remove(other)
            found.append((int(row), other))
    return np.array(found, dtype=int).reshape(-1, 2)


def weights(films: Sequence[Film], label: str) -> np.ndarray:
    """(n,) how much each film counts in training: in each class of view and file size, those with
    the finding weigh as much as those without (coarsened exact matching, Iacus et al., Political
    Analysis 2012;20:1); a class that holds one kind only weighs nothing."""
    positive = truth(films, label)
    classes = np.array([f"{film.view} {film.size // settings.STRATUM_BYTES}" for film in films])
    found = np.zeros(len(films))
    for name in np.unique(classes):
        sides = [(classes == name) & positive, (classes == name) & ~positive]
        smaller = min(side.sum() for side in sides)
        for side in sides:
            found[side] = smaller / max(side.sum(), 1)
    return found


def _close(sizes: np.ndarray, one: int, other: int) -> bool:
    return bool(abs(sizes[one] - sizes[other]) <= settings.CALIPER_BYTES)


def _views(films: Sequence[Film]) -> list[str]:
    return [film.view for film in films]


def _sizes(films: Sequence[Film]) -> np.ndarray:
    return np.array([film.size for film in films])
