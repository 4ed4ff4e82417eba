"""What only a segmentation is asked."""

from dataclasses import dataclass

from models.training.common import own_settings

MASK_THRESHOLD = 0.5
"""Probability from which a pixel belongs to a structure; not tuned."""

SMALLEST_SHARE = 0.0005
"""Of the tensor's area; a smaller piece of an outline is dropped."""

MAX_FINDINGS = 8
"""Pieces of one structure that are listed."""

MAX_BATCH, MAX_FRAMES = 8, 400
STRIDE = 32
"""Rows and columns of the tensor must be a multiple of this."""

AXIAL, AS_STORED = "axial", "as_stored"
POSITION = {AXIAL: "axial_face_up", AS_STORED: "as_stored"}
"""Of --position, as the manifest says it."""


@dataclass(frozen=True)
class Options(own_settings.Options):
    """See `python -m models.training.segment --help` for each.

    labels : (key, grey level), of masks that hold several structures; empty for one, or for folders
    """

    size: int = 256
    batch: int = 8
    labels: tuple[tuple[str, int], ...] = ()
    missing_is_empty: bool = False
    position: str = AS_STORED
    sequence: tuple[str, ...] = ()

    @property
    def geometry(self) -> list[dict[str, object]]:
        """Circles in the patient stay circles, where the files say what a pixel measures."""
        return [{"op": "square_pixels"}, *super().geometry]
