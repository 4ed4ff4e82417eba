"""What a manifest must declare for maps of lesions: outputs, labels and parameters; each lack in words."""

from collections.abc import Iterator

from viewer.base.i18n import _
from viewer.inference.manifest import Manifest

POSITION, UPRIGHT, AS_STORED = "position", "axial_face_up", "as_stored"
"""The parameter that says how slices lie before the network; the first value where it is left out."""

PARAMETERS = ("mask_threshold", "smallest_share", "max_findings")


def problems(manifest: Manifest) -> Iterator[str]:
    """One sentence for each lack."""
    gate = manifest.gate.output if manifest.gate else ""
    own = [output for output in manifest.outputs if output.tensor != gate]
    forms = tuple((output.type, output.layout) for output in own)
    channels = {output.channels for output in own}
    if forms != (("probabilities", "NCHW"), ("probabilities", "NC")) or len(channels) != 1:
        yield _("outputs must be maps of probabilities in NCHW, then as many scores in NC")
    if manifest.outputs[0].shape[2:] != manifest.input.shape[2:]:
        yield _("the map must have the size of the input")
    if {spec.key for spec in manifest.findings} != {label.key for label in manifest.labels}:
        yield _("a task of this kind has one finding per label, by the same key")
    if manifest.task.parameters.get(POSITION, UPRIGHT) not in (UPRIGHT, AS_STORED):
        yield _("task.parameters.position must be {one} or {other}").format(
            one=UPRIGHT, other=AS_STORED
        )
    if "brain_space" in manifest.task.parameters and "brain_only" not in manifest.task.parameters:
        yield _("task.parameters.brain_space needs brain_only, by which stripped slices are told")
    for name in PARAMETERS:
        if not isinstance(manifest.task.parameters.get(name), int | float):
            yield _("task.parameters.{name} must be a number").format(name=name)
    if manifest.explanation.method != "native_map":
        yield _("explanation.method of this kind is native_map: the network's own probability")
