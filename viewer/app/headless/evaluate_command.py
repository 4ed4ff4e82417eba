"""`secondread models evaluate PACKAGE --labels CSV --json OUT`: the viewer's own path on labelled images."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from viewer.app.evaluation.labels import Labels, read_labels
from viewer.app.evaluation.outcome import Outcome, evaluate_image, stated_header
from viewer.app.evaluation.summary import Json, outcome_json, summary
from viewer.app.headless.analysis_json import algorithm_json
from viewer.app.headless.site_word import SiteWord, site_word
from viewer.app.operating_points import threshold_words
from viewer.base.errors import FileProblem, ModelError
from viewer.base.i18n import _
from viewer.domain.finding import RunState
from viewer.inference.model_package import ModelPackage, read_package
from viewer.inference.model_store import check_package
from viewer.inference.precision import Precision, in_precision
from viewer.inference.session import Device, SessionPool

OK, FAILED = 0, 1
NAMES = {"auroc": "AUROC", "dice": "Dice"}
NOTE = (
    "Pictures without a DICOM header were given the stated_header and the table's own columns; "
    "figures are on the images that were not refused, with 95 % bootstrap intervals over patients."
)


def run_models_evaluate(
    folder: Path,
    table: Path,
    json_out: Path,
    device: str = "auto",
    as_shipped: bool = False,
    database: str = "",
    precision: str = "",
) -> int:
    """Measure a package on a table of labelled images.

    Parameters
    ----------
    folder : the model package; it must pass `models check`
    table : CSV with the columns file, patient, one 0/1 column per finding key, `mask_<label key>`
    json_out : the file to write
    as_shipped : measure at the manifest's threshold, whatever this site has in force
    database : file or URL of the site's decisions, "" for the program's own
    precision : "full" or "int8", "" for what runs here

    Returns
    -------
    int : 0; or 1 where no image could be measured, or one failed

    Raises
    ------
    ModelError, FileProblem : the package or the table is not usable; the sentence says why
    """
    package = checked_package(folder)
    site = SiteWord() if as_shipped else site_word(database)
    package = of_precision(package, precision, site.precision(device))
    if not as_shipped:
        package = site.in_force(package)
    keys = [finding.key for finding in package.manifest.findings]
    labels = read_labels(table, keys, [label.key for label in package.manifest.labels])
    _refuse_unwritable(json_out)
    outcomes = list(_outcomes(package, labels, Device(device)))
    found = summary(outcomes, labels, package.manifest)
    _write(json_out, _document(package, table, found, outcomes))
    sys.stdout.write(_("Measured at: {threshold}\n").format(threshold=threshold_words(package)))
    sys.stdout.write(figure_words(found))
    if labels.unused:
        said = _("Columns that were not used: {names}\n")
        sys.stdout.write(said.format(names=", ".join(labels.unused)))
    sys.stdout.write(_("Written to {path}\n").format(path=json_out))
    failed = any(one.state is RunState.FAILED for one in outcomes)
    return FAILED if failed or not found["measured"] else OK


def of_precision(package: ModelPackage, asked: str, here: Precision) -> ModelPackage:
    """The package in the precision asked, "" for what runs here; raises ModelError where it has none such."""
    found = in_precision(package, Precision(asked) if asked else here)
    if asked == Precision.INT8.value and not found.variant:
        raise ModelError(_("{name} offers no INT8 network.").format(name=package.manifest.name))
    return found


def checked_package(folder: Path) -> ModelPackage:
    """A package that passes `models check`; raises ModelError."""
    problems = check_package(folder)
    if problems:
        raise ModelError(problems[0])
    return read_package(folder)


def _outcomes(package: ModelPackage, labels: Labels, device: Device) -> Iterator[Outcome]:
    pool = SessionPool()
    for number, image in enumerate(labels.images, start=1):
        outcome = evaluate_image(package, image, pool, device)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{number}/{len(labels.images)}")
        yield outcome


def _document(package: ModelPackage, table: Path, found: Json, outcomes: Sequence[Outcome]) -> Json:
    return {
        **algorithm_json(package.algorithm),
        "labels": str(table),
        "stated_header": stated_header(package.manifest),
        "note": NOTE,
        **found,
        "rows": [outcome_json(one) for one in outcomes],
    }


def _refuse_unwritable(path: Path) -> None:
    """Raise FileProblem before anything is measured, not after; nothing is left behind."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        there = path.exists()
        path.open("a").close()
        if not there:
            path.unlink()
    except OSError as error:
        raise FileProblem(
            _("{path} cannot be written: {reason}.").format(path=path, reason=error.strerror)
        ) from error


def _write(path: Path, content: Json) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def figure_words(found: Json) -> str:
    """The figures for the eye, a line each."""
    counts = _("{measured} of {images} images measured, {patients} patients").format(**found)
    lines = [counts]
    for title, kind in ((_("refused"), "not_applicable"), (_("failed"), "failed")):
        group = found[kind]
        assert isinstance(group, dict)
        lines += [f"{title} {n}: {reason}" for reason, n in group["reasons"].items()]
    for kind in ("findings", "masks"):
        group = found[kind]
        assert isinstance(group, dict)
        for key, figures in group.items():
            said = [_figure(name, one) for name, one in figures.items() if _has(one)]
            title = _("outline of {key}").format(key=key) if kind == "masks" else key
            lines.append(
                f"{title}{_counted(figures)}: {'; '.join(said) or _('nothing to measure')}"
            )
            if "calibration_error" in figures and figures["calibration_error"] is None:
                lines.append(
                    _("  its score is no probability, so that it has no calibration error")
                )
    if found["measured"]:
        lines.append(_("In brackets: 95 % intervals, by drawing patients again"))
    return "\n".join(lines) + "\n"


def _counted(figures: dict[str, object]) -> str:
    """Images with and without the finding; outlines count theirs beside each figure."""
    if "positives" not in figures:
        return ""
    words = _(" ({positives} images with it, {negatives} without)")
    return words.format(**figures)


def _has(figure: object) -> bool:
    return isinstance(figure, dict) and figure["value"] is not None


def _figure(name: str, figure: dict[str, object]) -> str:
    interval = figure["ci95"]
    assert isinstance(interval, list)
    low, high = interval
    title = NAMES.get(name, name.replace("_", " "))
    return f"{title} {figure['value']} ({low} to {high}, n {figure['n']})"
