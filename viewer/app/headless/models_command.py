"""`secondread models list`, `check DIR`, `install DIR`, `import MODEL.onnx`."""

import sys
from datetime import date
from pathlib import Path

from viewer.app.installed_models import installed_models, model_folders
from viewer.base.i18n import _
from viewer.inference.importing.metadata import from_metadata
from viewer.inference.importing.package import read_json, read_network, write_package
from viewer.inference.installing import install, problems_of
from viewer.inference.model_package import ModelPackage

OK, FAILED = 0, 1


def run_models_list() -> int:
    """Print every package, ready or set aside with the reason; 1 when one is set aside."""
    store = installed_models()
    for package in store.every:
        sys.stdout.write(_lines(package))
    for broken in store.quarantined:
        sys.stdout.write(f"{broken.folder.name}: {_('set aside')}: {broken.reason}\n")
    if not (store.packages or store.quarantined):
        folders = ", ".join(str(folder) for folder in model_folders())
        sys.stdout.write(_("No model is installed in {folders}.").format(folders=folders) + "\n")
    return FAILED if store.quarantined else OK


def run_models_check(folder: Path) -> int:
    """Print all that is wrong with one package, folder or zip, golden tests included; 0 when nothing is."""
    problems = problems_of(folder)
    for problem in problems:
        sys.stderr.write(f"secondread: {problem}\n")
    if problems:
        return FAILED
    said = _("{name}: schema, files, graph, thresholds and golden tests are as they should be.")
    sys.stdout.write(said.format(name=folder.resolve().name) + "\n")
    return OK


def run_models_install(source: Path) -> int:
    """Check a package, folder or zip, and put it among the reader's own models.

    Raises
    ------
    ModelError : it fails a check, or that version is there already
    """
    made = install(source, model_folders()[0])
    said = _("{folder}: checked and installed; `secondread models list` shows what runs.")
    sys.stdout.write(said.format(folder=made) + "\n")
    return OK


def run_models_import(
    file: Path, out: Path, metadata: Path | None = None, answers: Path | None = None
) -> int:
    """Make a package of a bare ONNX classifier; an answer counts more than the metadata.

    Raises
    ------
    ModelError : what the network is not, what it does not say and nobody answered
    """
    network = read_network(file)
    told = {} if metadata is None else from_metadata(read_json(metadata))
    given = {"name": file.stem, **told, **({} if answers is None else read_json(answers))}
    write_package(network, given, out, date.today().isoformat())
    said = _(
        "{folder}: imported, not measured here; `secondread models evaluate` measures it, `secondread "
        "models install` puts it among your own models."
    )
    sys.stdout.write(said.format(folder=out) + "\n")
    return OK


def _lines(package: ModelPackage) -> str:
    manifest, algorithm = package.manifest, package.algorithm
    point = manifest.operating_point
    thresholds = ", ".join(f"{key} > {value:g}" for key, value in point.thresholds.items())
    return (
        f"{algorithm.model_id} {algorithm.version}: {_('ready')}: {algorithm.name}\n"
        f"  SHA-256 {algorithm.sha256}\n"
        f"  {point.name}: {thresholds}; {manifest.regulatory_status}\n"
        f"  {package.folder}\n"
    )
