"""Makes resources/templates/mni152_head_2mm.npz: the ICBM152 brain in FLAIR's contrast within a mean head.

`python -m models.training.brain_mr_infarct.template --icbm FOLDER --mean FILE --colin FILE --out FILE`, where
FOLDER is nilearn/datasets/data, --mean pydeface/data/mean_reg2mean.nii.gz and --colin ch2.nii.gz of Debian's
mricron-data, which says where the mean head lies in MNI space (nothing of its grey values is kept). Needs
nibabel, which neither the viewer nor the other recipes use.
"""

import argparse
from pathlib import Path

import nibabel
import numpy as np
from scipy import ndimage

from viewer.inference import alignment
from viewer.inference.alignment import ALL, COARSE, FINE, MIDDLE, Grid
from viewer.inference.brain_template import sampled

LPS_FROM_RAS = np.diag([-1.0, -1.0, 1.0, 1.0])
FIRST_LPS_MM, LAST_LPS_MM, STEP_MM = (-92.0, -98.0, -74.0), (92.0, 122.0, 112.0), 2.0
"""Box of the template, and its voxels."""

FLUID, PER_GREY, PER_WHITE = 20.0, 155.0, 130.0
"""Grey value of fluid, and what grey and white matter add to it: on FLAIR white is a little darker."""

SCALP = 1.15
"""The mean head over the T1 brain beneath it: scalp is brighter than brain on FLAIR."""

AIR, COLIN_AIR = 35.0, 25.0
"""Grey values below which the mean head and Colin show air."""


def grid(path: Path) -> Grid:
    """A NIfTI file in LPS mm."""
    image = nibabel.load(path)
    return Grid(np.asarray(image.get_fdata(), np.float32), LPS_FROM_RAS @ image.affine)


def made(icbm: Path, mean: Path, colin: Path) -> dict[str, np.ndarray]:
    """The arrays of the file."""
    space, shape = _box()
    t1, grey, white = (
        grid(icbm / f"mni_icbm152_{one}_tal_nlin_sym_09a_converted.nii.gz")
        for one in ("t1", "gm", "wm")
    )
    outside = Grid(t1.values.clip(0, 1), t1.space_mm_from_ijk)
    brain = ndimage.binary_fill_holes(_resampled(outside, np.eye(4), space, shape) > 0.5)
    average = grid(mean)
    placed = _resampled(_smooth(average, 1.0), _placed(average, grid(colin)), space, shape)
    usual = np.median(_resampled(_smooth(t1, 0.8), np.eye(4), space, shape)[brain])
    head = np.clip(placed * usual / np.median(placed[brain]), 0, 255)
    greys, whites = (
        _resampled(_smooth(one, 0.8), np.eye(4), space, shape) / 255 for one in (grey, white)
    )
    inside = FLUID + PER_GREY * greys + PER_WHITE * whites
    values = np.where(ndimage.binary_erosion(brain), inside, head * SCALP)
    outline = ndimage.binary_fill_holes(ndimage.binary_opening(head > AIR))
    labels, _count = ndimage.label(outline)
    largest = labels == np.bincount(labels.ravel())[1:].argmax() + 1
    return {
        "head": values.clip(0, 255).astype(np.uint8),
        "brain": brain,
        "outline": largest | brain,
        "lps_mm_from_ijk": space,
    }


def _box() -> tuple[np.ndarray, tuple[int, ...]]:
    space = np.diag([STEP_MM, STEP_MM, STEP_MM, 1.0])
    space[:3, 3] = FIRST_LPS_MM
    lengths = (np.array(LAST_LPS_MM) - FIRST_LPS_MM) / STEP_MM
    return space, tuple(int(length) + 1 for length in lengths)


def _smooth(source: Grid, sigma: float) -> Grid:
    return Grid(ndimage.gaussian_filter(source.values, sigma), source.space_mm_from_ijk)


def _resampled(
    source: Grid, source_from_space: np.ndarray, space: np.ndarray, shape: tuple[int, ...]
) -> np.ndarray:
    matrix = np.linalg.inv(source.space_mm_from_ijk) @ source_from_space @ space
    return sampled(source, matrix, shape)[0]


def _placed(average: Grid, colin: Grid) -> np.ndarray:
    """Colin's space, which is MNI's, to the mean head."""
    values = np.ascontiguousarray(ndimage.gaussian_filter(colin.values, 0.8)[::2, ::2, ::2])
    template = Grid(values, colin.space_mm_from_ijk @ np.diag([2.0, 2.0, 2.0, 1.0]))
    body = ndimage.binary_fill_holes(values > COLIN_AIR)
    head = ndimage.binary_dilation(body, iterations=4)
    unflipped = np.eye(3)

    def told() -> None:
        return None

    pairs = [
        alignment.pair(
            alignment.blurred_alike(average, template, one.blur_mm, told), template, head, one, told
        )
        for one in (COARSE, MIDDLE, FINE)
    ]
    start, _likeness = alignment.searched(pairs[0], unflipped, told, average, head, template)
    found = alignment.all_scales(start)
    for pair, level in zip(pairs[1:], (MIDDLE, FINE), strict=True):
        found = alignment.optimised(pair, unflipped, found, ALL, level.tolerance, told)
    return alignment.matrix_of(found, unflipped)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name in ("icbm", "mean", "colin", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    asked = parser.parse_args()
    np.savez_compressed(asked.out, **made(asked.icbm, asked.mean, asked.colin))
