"""Operating points: which threshold of a model is in force, as the site set it, and how well it does there."""

from collections.abc import Mapping
from dataclasses import replace

from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.inference.manifest import words
from viewer.inference.manifest_parts import Estimate, OperatingPointSpec
from viewer.inference.model_package import ModelPackage
from viewer.inference.site_point import SITE, with_site_thresholds

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
    decided = workbench.site_models.decision(package)
    point = workbench.settings.values.inference.operating_point
    return at_site_point(package, {} if decided is None else decided.thresholds, point)


def at_site_point(
    package: ModelPackage, thresholds: Mapping[str, float], point: str
) -> ModelPackage:
    """The package at the thresholds the site chose for it (by finding key), else at the point of that name."""
    return with_site_thresholds(package, thresholds) if thresholds else at_point(package, point)


def threshold_words(package: ModelPackage) -> str:
    """What a package proposes above, as it stands, and whose choice that is; "" where it has no finding."""
    manifest = package.manifest
    point = manifest.operating_point
    said = [
        _("{finding} > {threshold:g}").format(
            finding=words(one.display), threshold=point.thresholds[one.key]
        )
        for one in manifest.findings
    ]
    where = _("chosen by this site") if point.name == SITE else point_title(point.name)
    return f"{', '.join(said)} ({where})" if said else ""


def point_words(workbench: Workbench, finding: Finding) -> str:
    """Name of the point a finding was proposed at and its measured figures; "" without a point."""
    if finding.operating_point is None or finding.algorithm is None:
        return ""
    name = finding.operating_point.name
    title = point_title(name)
    if name == SITE:
        return _("{title}: chosen from local data, see the acceptance report").format(title=title)
    spec = _declared(workbench, finding, name)
    measured = None if spec is None else spec.measured(finding.key)
    if measured is None:
        return _("{title}: sensitivity and specificity not measured").format(title=title)
    return _("{title}: sensitivity {sensitivity}, specificity {specificity}, on {counted}").format(
        title=title,
        sensitivity=_estimate(measured.sensitivity),
        specificity=_estimate(measured.specificity),
        counted=f"{measured.n} {measured.unit or _('cases')}",
    )


def point_title(name: str) -> str:
    """An operating point's name as people read it."""
    return name.replace("_", " ").capitalize()


def _declared(workbench: Workbench, finding: Finding, name: str) -> OperatingPointSpec | None:
    package = None if finding.algorithm is None else workbench.models.made(finding.algorithm)
    points = () if package is None else package.manifest.operating_points
    return next((point for point in points if point.name == name), None)


def _estimate(value: Estimate) -> str:
    return _("{value:.2f} ({low:.2f} to {high:.2f})").format(
        value=value[0], low=value[1], high=value[2]
    )
