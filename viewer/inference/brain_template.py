"""The template head of the MNI space, its tissues, and the grid of planes that are read in it."""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from viewer.base.paths import resource
from viewer.inference.alignment import Grid, Matrix

Values = NDArray[np.float32]
Mask = NDArray[np.bool_]

TEMPLATE = "mni152_head_2mm"
"""Name of the template in resources/templates."""

AIR_MM = 10.0
"""Around the template's head that is compared too."""

ACROSS_LPS_MM, DOWN_LPS_MM = (-78.0, 77.0), (-74.0, 114.0)
"""First and last column and row of a plane of the MNI space, 1 mm apart, upper edge the front, right
edge the patient's left: the field of the slices the network learned, found by matching their mean with
the template (levels 16 to 18 mm, scale 0.99 to 1.00)."""

WHITE, GREY, FLUID = (135.0, 152.0), (160.0, 255.0), (0.0, 80.0)
"""Grey values of the template where it is white matter, grey matter, and fluid of the ventricles."""

DEEP_MM = 10.0
"""Tissues are compared this deep in the brain."""


@dataclass(frozen=True, eq=False)
class Template:
    """head : FLAIR-like grey values; brain : (i, j, k), bool; compared : head with air around it."""

    head: Grid
    brain: Mask
    compared: Mask

    @property
    def spacing_mm(self) -> float:
        return float(self.head.space_mm_from_ijk[0, 0])


@cache
def template_head() -> Template:
    with np.load(resource("templates", f"{TEMPLATE}.npz")) as kept:
        values, brain = kept["head"].astype(np.float32), kept["brain"].astype(bool)
        outline, matrix = kept["outline"].astype(bool), kept["lps_mm_from_ijk"].astype(np.float64)
    far = ndimage.distance_transform_edt(~outline, matrix[0, 0])
    return Template(Grid(values, matrix), brain, np.asarray(far <= AIR_MM, bool))


def tissues(template: Template, levels_mm: tuple[float, float]) -> tuple[Mask, Mask, Mask]:
    """White matter, grey matter and fluid on the planes, each of their shape."""
    shape, matrix = plane_grid(levels_mm)
    from_template = np.linalg.inv(template.head.space_mm_from_ijk) @ matrix
    values, _seen = sampled(template.head, from_template, shape)
    depth = ndimage.distance_transform_edt(template.brain, template.spacing_mm)
    deep, _seen = sampled(Grid(depth.astype(np.float32), matrix), from_template, shape)
    white, grey, fluid = (
        (values >= low) & (values <= high) & (deep >= DEEP_MM) for low, high in (WHITE, GREY, FLUID)
    )
    return white, grey, fluid


def plane_grid(levels_mm: tuple[float, float]) -> tuple[tuple[int, int, int], Matrix]:
    """How many planes, rows and columns, and (plane, row, column) to LPS mm of the template's space."""
    first, last = levels_mm
    matrix = np.zeros((4, 4))
    matrix[2, 0] = matrix[1, 1] = matrix[0, 2] = matrix[3, 3] = 1.0
    matrix[:3, 3] = ACROSS_LPS_MM[0], DOWN_LPS_MM[0], first
    rows, columns = (round(end - start) + 1 for start, end in (DOWN_LPS_MM, ACROSS_LPS_MM))
    return (round(last - first) + 1, rows, columns), matrix


def sampled(source: Grid, source_from_ijk: Matrix, shape: tuple[int, ...]) -> tuple[Values, Mask]:
    """The series at every voxel of a grid, and which of them lie in it."""
    ijk = np.indices(shape).reshape(3, -1)
    places = source_from_ijk[:3, :3] @ ijk + source_from_ijk[:3, 3:]
    last = np.array(source.values.shape)[:, None] - 0.5
    seen = ((places > -0.5) & (places < last)).all(axis=0)
    values = ndimage.map_coordinates(source.values, places, order=1, mode="nearest") * seen
    return values.reshape(shape).astype(np.float32), seen.reshape(shape)
