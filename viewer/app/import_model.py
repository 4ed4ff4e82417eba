"""Importing a bare ONNX classifier from the window: packaged into the reader's own models, ready to run."""

from datetime import date

from viewer.app.bare_model import BareModel
from viewer.app.installed_models import model_folders
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.inference.importing.answers import Given
from viewer.inference.importing.labels import slug
from viewer.inference.importing.package import write_package
from viewer.inference.model_store import ModelStore

JOB_KEY = "import_model"


def import_model(workbench: Workbench, model: BareModel, given: Given) -> None:
    """Write the package into the reader's own models in a job; then it may run at once."""
    session = workbench.session
    folder = model_folders()[0] / slug(str(given.get("name", model.file.stem)))

    def work(_context: JobContext) -> ModelStore:
        write_package(model.network, given, folder, date.today().isoformat())
        return ModelStore(workbench.models.folders)

    def done(found: ModelStore) -> None:
        workbench.models.take(found)
        session.notify(
            _("{name} is imported, not measured here; it runs on the images it applies to.").format(
                name=folder.name
            )
        )

    workbench.jobs.submit(Job(JOB_KEY, Lane.TRANSFER, work, done, session.fail))
