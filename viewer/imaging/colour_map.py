"""Colour maps for grey images: display values to the colours of a table; values stay what they are."""

import numpy as np
from numpy.typing import NDArray

from viewer.base.i18n import _
from viewer.domain.display_set import Acquisition
from viewer.imaging.heatmap import colour_table

COLOUR_MAPS = {
    "hot_iron": "Hot iron",
    "pet": "PET rainbow",
    "inferno": "Inferno",
    "cividis": "Cividis",
}
"""Files of resources/colour_maps and their titles; the first two are DICOM PS3.6 B.1.1 and B.1.2."""

FUNCTIONAL = frozenset({"PT", "NM"})
"""Modalities whose grey means an amount of something; besides them, derived images may be coloured."""

DERIVED = "DERIVED"


def map_title(name: str) -> str:
    """What a colour map is called."""
    return _(COLOUR_MAPS[name]) if name else _("Grey scale")


def may_be_coloured(acquisition: Acquisition) -> bool:
    """Whether colours are offered: PET, scintigraphy, and images derived from others (PS3.3 C.7.6.1.1.2)."""
    return acquisition.modality in FUNCTIONAL or acquisition.image_type[:1] == (DERIVED,)


def coloured(values: NDArray[np.uint8], name: str) -> NDArray[np.uint8]:
    """Display values through a colour map.

    Parameters
    ----------
    values : ndarray, shape (rows, columns), uint8, display values; (rows, columns, 3) is returned as it is
    name : of COLOUR_MAPS; "" leaves grey as it is

    Returns
    -------
    ndarray, shape (rows, columns, 3), uint8, RGB; or `values`
    """
    if not name or values.ndim == 3:
        return values
    colours: NDArray[np.uint8] = colour_table(name)[values]
    return colours
