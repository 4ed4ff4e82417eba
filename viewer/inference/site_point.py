"""A package with the thresholds of a site: an operating point of that name stands in for the manifest's."""

from collections.abc import Mapping
from dataclasses import replace

from viewer.inference.manifest_parts import OperatingPointSpec
from viewer.inference.model_package import ModelPackage

SITE = "site"
"""Name of the operating point, in findings, runs and reports."""


def with_site_thresholds(package: ModelPackage, thresholds: Mapping[str, float]) -> ModelPackage:
    """The same network, proposing above `thresholds` (by finding key); unnamed findings keep the manifest's."""
    if not thresholds:
        return package
    manifest = package.manifest
    others = tuple(replace(point, default=False) for point in manifest.operating_points)
    kept = {**manifest.operating_point.thresholds, **thresholds}
    point = OperatingPointSpec(SITE, True, kept)
    return replace(package, manifest=replace(manifest, operating_points=(*others, point)))
