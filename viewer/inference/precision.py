"""Precision: the full network, or the INT8 one that some packages offer; to the site another network.

A package in another precision is a package like any other: with the hash of the graph that really runs,
its own golden tests, and the figures that were measured on it. What was not measured on it is left out.
"""

from collections.abc import Iterator
from dataclasses import replace
from enum import Enum

from viewer.base.i18n import _
from viewer.inference.manifest import Manifest
from viewer.inference.manifest_parts import (
    GateSpec,
    OperatingPointSpec,
    ReferenceSpec,
    VariantSpec,
)
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import CPU_PROVIDER, Device, usable_providers

DISTANCE = "distance"
"""The one number of the input that the network itself gives."""


class Precision(Enum):
    """What a site asks of the packages that offer a choice; the value names the manifest's variant."""

    FULL = "full"
    INT8 = "int8"


def usable(wanted: Precision, device: Device) -> Precision:
    """What is asked of the packages on this computer: INT8 is for the CPU, on CUDA the full network runs."""
    on_cpu_alone = usable_providers(device) == (CPU_PROVIDER,)
    return wanted if on_cpu_alone else Precision.FULL


def in_precision(package: ModelPackage, wanted: Precision) -> ModelPackage:
    """A package as read, in the precision wanted; as it is where it does not offer that."""
    name = wanted.value
    if name not in package.manifest.variants:
        return package
    algorithm = replace(
        package.algorithm,
        version=f"{package.algorithm.version}+{name}",
        sha256=package.manifest.network_file(name).sha256,
    )
    manifest = _manifest(package.manifest, package.manifest.variants[name])
    return replace(package, manifest=manifest, algorithm=algorithm, variant=name)


def every_precision(package: ModelPackage) -> Iterator[ModelPackage]:
    """The package as read, then in each precision it offers."""
    yield package
    for name in package.manifest.variants:
        yield in_precision(package, Precision(name))


def _manifest(manifest: Manifest, variant: VariantSpec) -> Manifest:
    return replace(
        manifest,
        golden=variant.golden,
        runtime=replace(manifest.runtime, tolerance=variant.tolerance),
        operating_points=tuple(_point(one, variant) for one in manifest.operating_points),
        gate=_gate(manifest.gate, variant),
        reference=_reference(manifest.reference),
    )


def _point(point: OperatingPointSpec, variant: VariantSpec) -> OperatingPointSpec:
    """The same thresholds; sensitivity and specificity as measured on the variant."""
    measured = variant.points.get(point.name, {})
    return replace(point, performance=None, performance_of=measured)


def _gate(gate: GateSpec | None, variant: VariantSpec) -> GateSpec | None:
    if gate is None or variant.gate is None:
        return gate
    return replace(gate, measured=variant.gate.measured)


def _reference(reference: ReferenceSpec | None) -> ReferenceSpec | None:
    """Made by the full network: scores are shown beside it, never judged by it; distances are left out."""
    if reference is None:
        return None
    inputs = {key: one for key, one in reference.input_histogram.items() if key != DISTANCE}
    differs = reference.differs or _("the reference was made by the full network, not by INT8")
    return replace(reference, input_histogram=inputs, differs=differs)
