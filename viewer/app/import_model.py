"""Taking in a model from the window, a package or a bare ONNX classifier: it is then ready to run at once."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from viewer.app.bare_model import BareModel, bare_model
from viewer.app.installed_models import model_folders
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.run_inference import run_applicable_models
from viewer.app.site_settings import agreed
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.inference.importing.answers import Given
from viewer.inference.importing.labels import slug
from viewer.inference.importing.package import write_package
from viewer.inference.installing import install, is_package
from viewer.inference.model_package import ModelPackage, read_package
from viewer.inference.model_store import ModelStore
from viewer.inference.unpacking import holds_manifest, is_zip
from viewer.review.audit import AuditKind

JOB_KEY = "import_model"


NETWORK = ".onnx"


def is_model(path: Path) -> bool:
    """Whether what was dropped is a network or a package and no images, by what it is called or holds."""
    packed = path.is_file() and holds_manifest(path)
    return packed or path.suffix.lower() == NETWORK or (is_package(path) and not is_zip(path))


def take_in(workbench: Workbench, path: Path) -> None:
    """Install a package, or ask what a bare network does not say and make one of it.

    Once there are accounts, an administrator agrees. Raises ModelError for a file that is neither.
    """
    if is_package(path):
        if _agreed(workbench):
            install_package(workbench, path)
        return
    model = bare_model(path)
    given = workbench.dialogs.ask_import(model)
    if given is not None and _agreed(workbench):
        import_model(workbench, model, given)


def _agreed(workbench: Workbench) -> bool:
    return agreed(workbench, _("Models are added by an administrator."))


def install_package(workbench: Workbench, source: Path) -> None:
    """Check it, golden tests included, and copy it to the reader's own models, in a job."""
    workbench.session.notify(_("Checking {name}…").format(name=source.name))
    said = _("{name} is checked and installed; it runs on the images it applies to.")
    _submit(workbench, lambda: install(source, model_folders()[0]), said)


def import_model(workbench: Workbench, model: BareModel, given: Given) -> None:
    """Write the package into the reader's own models in a job; then it may run at once."""
    folder = model_folders()[0] / slug(str(given.get("name", model.file.stem)))

    def make() -> Path:
        write_package(model.network, given, folder, date.today().isoformat())
        return folder

    said = _("{name} is imported, not measured here; it runs on the images it applies to.")
    _submit(workbench, make, said)


def _submit(workbench: Workbench, make: Callable[[], Path], said: str) -> None:
    """make: writes the package and gives its folder."""

    def work(_context: JobContext) -> tuple[ModelPackage, ModelStore]:
        made = read_package(make())
        return made, ModelStore(workbench.models.folders)

    def done(found: tuple[ModelPackage, ModelStore]) -> None:
        _taken_in(workbench, *found, said)

    workbench.jobs.submit(Job(JOB_KEY, Lane.TRANSFER, work, done, workbench.session.fail))


def _taken_in(workbench: Workbench, made: ModelPackage, store: ModelStore, said: str) -> None:
    """The models are those found now; the study on the screen gets the new one as if it were just opened."""
    session, manifest = workbench.session, made.manifest
    model = {
        "model": f"{manifest.model_id} {manifest.version}",
        "model_sha256": made.algorithm.sha256,
    }
    workbench.log.note(AuditKind.MODEL_CHANGE, detail={**model, "state": "installed"})
    workbench.models.take(store)
    session.notify(said.format(name=f"{manifest.name} {manifest.version}"))
    if session.shown is not None:
        run_applicable_models(workbench, session.shown.study)
    session.events.runs.emit(None)
