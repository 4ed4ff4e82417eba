"""Heat maps: brought into the image's grid, coloured on a fixed scale 0 to 1, blended over the image."""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from viewer.base.paths import resource
from viewer.domain.image import Heatmap

ColourTable = NDArray[np.uint8]
STEPS = 255


@cache
def colour_table(name: str) -> ColourTable:
    """A colour map of resources/colour_maps ("inferno", "cividis").

    Returns
    -------
    ndarray, shape (256, 3), uint8, RGB, read-only; row 0 is the colour of 0.0, row 255 of 1.0
    """
    path = resource("colour_maps", f"{name}.csv")
    table = np.loadtxt(path, delimiter=",", skiprows=1, dtype=np.uint8)
    table.setflags(write=False)
    return table


def blend(
    image: NDArray[np.uint8], heat: NDArray[np.float32], opacity: float, colours: ColourTable
) -> NDArray[np.uint8]:
    """The image under the heat map; the lower a value, the more of the image is seen.

    Parameters
    ----------
    image : ndarray, shape (rows, columns) or (rows, columns, 3), uint8; display values
    heat : ndarray, shape (rows, columns), float32, 0 to 1 in the grid of the image
    opacity : 0 to 1, of the heat map where it is 1
    colours : ndarray, shape (256, 3), uint8

    Returns
    -------
    ndarray, shape (rows, columns, 3), uint8
    """
    strength = np.clip(heat, 0, 1).astype(np.float32)
    grey = image if image.ndim == 3 else image[..., None]
    share = (strength * np.float32(opacity))[..., None]
    over = colours[np.rint(strength * STEPS).astype(np.uint8)].astype(np.float32)
    blended: NDArray[np.uint8] = np.rint(grey * (1 - share) + over * share).astype(np.uint8)
    return blended


def resample(heatmap: Heatmap, rows: int, columns: int) -> NDArray[np.float32]:
    """The map in the image's grid, bilinear; 0 outside of the map, the edge pixel to its outer edge.

    Returns
    -------
    ndarray, shape (rows, columns), float32, 0 to 1; value at the centre of each image pixel
    """
    to_map = heatmap.image_from_map_px.inverse()
    column, row = np.arange(columns, dtype=np.float64), np.arange(rows, dtype=np.float64)[:, None]
    x = to_map.a * column + to_map.b * row + to_map.tx
    y = to_map.c * column + to_map.d * row + to_map.ty
    return _bilinear(heatmap.values, x, y)


def _bilinear(
    values: NDArray[np.float32], x: NDArray[np.float64], y: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Values at (x, y) of the map, (0, 0) the centre of its top left pixel."""
    last_row, last_column = values.shape[0] - 1, values.shape[1] - 1
    inside = (x >= -0.5) & (x <= last_column + 0.5) & (y >= -0.5) & (y <= last_row + 0.5)
    x, y = np.clip(x, 0, last_column), np.clip(y, 0, last_row)
    left, top = np.floor(x).astype(np.intp), np.floor(y).astype(np.intp)
    right, bottom = np.minimum(left + 1, last_column), np.minimum(top + 1, last_row)
    along, down = (x - left).astype(np.float32), (y - top).astype(np.float32)
    upper = values[top, left] * (1 - along) + values[top, right] * along
    lower = values[bottom, left] * (1 - along) + values[bottom, right] * along
    return np.where(inside, upper * (1 - down) + lower * down, 0).astype(np.float32)
