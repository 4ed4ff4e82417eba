"""What must hold before a variant may run: made of this very network, and as good as it, its gate included."""

from collections.abc import Iterator

from viewer.base.errors import ModelError
from viewer.base.i18n import _
from viewer.inference.manifest import Manifest
from viewer.inference.manifest_parts import VariantSpec

LARGEST_FALL = 0.005
"""Fall of a figure beside the full network's that is borne."""

LEAST_PASSED = 0.95
"""Share of unseen native images that the gate must let pass."""

ROUNDING = 1e-9
"""Figures are decimal, floats are not."""


def variant_problems(manifest: Manifest) -> Iterator[str]:
    """A sentence for each thing that speaks against a variant of the manifest."""
    for name, variant in manifest.variants.items():
        for problem in _problems(manifest, name, variant):
            yield _("variant {variant}: {problem}").format(variant=name, problem=problem)


def _problems(manifest: Manifest, name: str, variant: VariantSpec) -> Iterator[str]:
    yield from _files(manifest, name, variant)
    yield from _falls(variant)
    yield from _points(manifest, variant)
    yield from _gate(manifest, variant)


def _files(manifest: Manifest, name: str, variant: VariantSpec) -> Iterator[str]:
    try:
        manifest.network_file(name)
        full = manifest.onnx_file.sha256
    except ModelError as error:
        yield str(error)
        return
    if variant.made_from != full:
        yield _(
            "it was made of another network (SHA-256 {made}…) than the one in this package ({full}…); make "
            "it anew from this one (python -m models.training.int8)"
        ).format(made=variant.made_from[:12], full=full[:12])
    listed = {file.path for file in manifest.files}
    for golden in variant.golden:
        if golden.file not in listed:
            yield _("the golden test {file} is not among the files").format(file=golden.file)


def _falls(variant: VariantSpec) -> Iterator[str]:
    for figure in variant.performance:
        if figure.fall > LARGEST_FALL + ROUNDING:
            yield _("{metric} falls from {full:.4f} to {value:.4f}; allowed is {most:g}").format(
                metric=figure.metric, full=figure.full, value=figure.value, most=LARGEST_FALL
            )


def _points(manifest: Manifest, variant: VariantSpec) -> Iterator[str]:
    known = {(point.name, key) for point in manifest.operating_points for key in point.thresholds}
    named = {(point, key) for point, measured in variant.points.items() for key in measured}
    for point, key in sorted(named - known):
        yield _("points names unknown {point}, {key}").format(point=point, key=key)


def _gate(manifest: Manifest, variant: VariantSpec) -> Iterator[str]:
    if (manifest.gate is None) is not (variant.gate is None):
        yield _("a gate is measured on the variant exactly where the package has one")
    elif variant.gate is not None and variant.gate.passed < LEAST_PASSED:
        yield _("its gate lets pass {found:.3f} of native images; {least:g} is needed").format(
            found=variant.gate.passed, least=LEAST_PASSED
        )
