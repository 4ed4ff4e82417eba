"""The model card as the reader opens it: what the manifest declares, then the card of the package."""

from collections.abc import Callable, Iterator

from viewer.app.input_check import input_check
from viewer.app.precisions import variant_lines
from viewer.base.i18n import _
from viewer.domain.finding import Algorithm
from viewer.inference.manifest import Manifest, words
from viewer.inference.manifest_parts import Performance, TrainingData
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import ModelStore

CARD_NAME = "MODEL_CARD.md"


SiteWords = Callable[[ModelPackage], str]
"""What the site made of a package; see viewer.app.site_words."""


def model_card(models: ModelStore, algorithm: Algorithm, site: SiteWords) -> str:
    """The card of the very model that made a finding, as Markdown; says so where it is not installed."""
    package = models.made(algorithm)
    if package is not None:
        return package_card(package, site(package))
    return _(
        "# {name} {version}\n\nThis model is not installed here any more, or another build of it is. "
        "It was made by {vendor}; SHA-256 of its weights: `{sha}`."
    ).format(
        name=algorithm.name,
        version=algorithm.version,
        vendor=algorithm.manufacturer,
        sha=algorithm.sha256,
    )


def package_card(package: ModelPackage, in_force: str) -> str:
    """What holds at this site, facts of the manifest as a list, then the text of MODEL_CARD.md."""
    manifest = package.manifest
    facts = [
        (_("In force at this site"), in_force),
        (_("Intended use"), manifest.intended_use),
        *((_("Not for"), use) for use in manifest.not_for),
        *((_("Warning"), warning) for warning in manifest.warnings),
        (_("Regulatory status"), manifest.regulatory_status),
        (_("Applies to"), _applies_to(manifest)),
        *((_("Looks for"), sought) for sought in _looked_for(manifest)),
        (_("Scores"), _meaning_of_scores(manifest)),
        *((_("INT8 network"), one) for one in variant_lines(package)),
        (_("Unfit images"), input_check(manifest)),
        *((_("Unfit images, measured"), one) for one in _measured_check(manifest)),
        *((_("Training data"), _training(data)) for data in manifest.training_data),
        *((_performance_title(package), _performance(one)) for one in manifest.performance),
        (_("Licence of the code"), manifest.licences.code),
        (_("Licence of the weights"), manifest.licences.weights),
        (_("Licence of the data"), manifest.licences.data),
        (_("Made by"), f"{manifest.vendor}, {manifest.release_date}"),
        (_("SHA-256 of the weights"), f"`{package.algorithm.sha256}`"),
    ]
    listed = "\n".join(f"- **{name}:** {words}" for name, words in facts if words)
    card = (package.folder / CARD_NAME).read_text(encoding="utf-8")
    return f"# {manifest.name} {package.algorithm.version}\n\n{listed}\n\n---\n\n{card}"


def _performance_title(package: ModelPackage) -> str:
    return _("Performance of the full network") if package.variant else _("Performance")


def _applies_to(manifest: Manifest) -> str:
    spec = manifest.applicability
    low, high = spec.min_age_years, spec.max_age_years
    parts = [
        "/".join(spec.modality),
        "/".join(spec.body_part).lower(),
        "/".join(spec.view),
        "" if low is None else _("from {years:g} years").format(years=low),
        "" if high is None else _("to {years:g} years").format(years=high),
    ]
    return ", ".join(part for part in parts if part)


def _looked_for(manifest: Manifest) -> Iterator[str]:
    point = manifest.operating_point
    for finding in manifest.findings:
        yield _(
            "{finding}: by its manifest proposed above {score} {threshold:g} (operating point {point})"
        ).format(
            finding=words(finding.display),
            score=finding.score.name.lower(),
            threshold=point.thresholds[finding.key],
            point=point.name,
        )


def _meaning_of_scores(manifest: Manifest) -> str:
    if not manifest.calibrated:
        return _("not calibrated: a score is no probability")
    return _("calibrated ({method}): a score is a probability").format(
        method=manifest.calibration.method
    )


def _measured_check(manifest: Manifest) -> tuple[str, ...]:
    return () if manifest.gate is None else manifest.gate.measured


def _training(data: TrainingData) -> str:
    return _(
        "{name}: {patients} patients, {images} images, split by {unit}, labelled by {labels}; {licence}"
    ).format(
        name=data.name,
        patients=data.patients,
        images=data.images,
        unit=data.split_unit,
        labels=data.labels_by,
        licence=data.licence,
    )


def _performance(one: Performance) -> str:
    low, high = one.ci95
    source = _("same source as training") if one.internal else _("another source")
    return _(
        "{metric} {value:.3f} (95 % interval {low:.3f} to {high:.3f}), n = {n}, {data}, {source}"
    ).format(
        metric=one.metric,
        value=one.value,
        low=low,
        high=high,
        n=one.n,
        data=one.data,
        source=source,
    )
