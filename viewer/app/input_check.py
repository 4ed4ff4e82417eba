"""Whether a model tells an image that is unlike its training images, in words for the reader."""

from viewer.base.i18n import _
from viewer.inference.manifest import Manifest


def input_check(manifest: Manifest) -> str:
    """Says plainly where there is none: such a model answers whatever its header rules let through."""
    if manifest.gate is None:
        return _(
            "No input check: nothing tells whether an image is like those this model learned from;"
            " another body part, or an image stored mirrored or inverted, gets an answer, too."
        )
    return _(
        "Input check: an image that lies farther than {highest:.2f} from those this model learned"
        " from is refused."
    ).format(highest=manifest.gate.highest)
