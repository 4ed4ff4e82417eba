"""Operating points: which threshold of a model is in force, as the site set it, and how well it does there."""

from dataclasses import replace

from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.inference.manifest_parts import Estimate, OperatingPointSpec
from viewer.inference.model_package import ModelPackage
from viewer.inference.site_point import SITE

SECOND_READ, SCREENING = "second_read", "screening"
NAMES = (SECOND_READ, SCREENING)
"""Points a site may choose: few false alarms, or few misses."""


def at_point(package: ModelPackage, name: str) -> ModelPackage:
    """The package with the operating point of that name in force; its own default where it has none."""
    points = package.manifest.operating_points
    if name not in {point.name for point in points}:
        return package
    chosen = tuple(replace(point, default=point.name == name) for point in points)
    return replace(package, manifest=replace(package.manifest, operating_points=chosen))


def in_force(workbench: Workbench, package: ModelPackage) -> ModelPackage:
    """The package as it runs here: at the site's own thresholds for it, else at the point of the settings."""
    decided = workbench.site_models.as_decided(package)
    if decided.manifest.operating_point.name == SITE:
        return decided
    return at_point(package, workbench.settings.values.inference.operating_point)


def point_words(workbench: Workbench, finding: Finding) -> str:
    """Name of the point a finding was proposed at and its measured figures; "" without a point."""
    if finding.operating_point is None or finding.algorithm is None:
        return ""
    name = finding.operating_point.name
    title = point_title(name)
    if name == SITE:
        return _("{title}: chosen from local data, see the acceptance report").format(title=title)
    spec = _declared(workbench, finding, name)
    if spec is None or spec.performance is None:
        return _("{title}: sensitivity and specificity not measured").format(title=title)
    return _("{title}: sensitivity {sensitivity}, specificity {specificity}, n = {n}").format(
        title=title,
        sensitivity=_estimate(spec.performance.sensitivity),
        specificity=_estimate(spec.performance.specificity),
        n=spec.performance.n,
    )


def point_title(name: str) -> str:
    """An operating point's name as people read it."""
    return name.replace("_", " ").capitalize()


def _declared(workbench: Workbench, finding: Finding, name: str) -> OperatingPointSpec | None:
    packages = (one for one in workbench.models.packages if one.algorithm == finding.algorithm)
    points = (point for package in packages for point in package.manifest.operating_points)
    return next((point for point in points if point.name == name), None)


def _estimate(value: Estimate) -> str:
    return _("{value:.2f} ({low:.2f} to {high:.2f})").format(
        value=value[0], low=value[1], high=value[2]
    )
