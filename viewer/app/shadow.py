"""Shadow: models the site tries out run when a report is signed, so that no trace of them can reach the reader."""

from functools import partial

from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.operating_points import in_force
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import ModelRun
from viewer.domain.study import Study
from viewer.inference.analysis import decide
from viewer.inference.applicability import Applicable
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device
from viewer.review.site_model import ModelState


def run_in_shadow(workbench: Workbench, study: Study) -> None:
    """Run every model in shadow that applies to a signed study; the runs are kept and shown nowhere."""
    tried = workbench.site_models.in_state(workbench.models.packages, ModelState.SHADOW)
    for package in (in_force(workbench, one) for one in tried):
        for display_set in study.display_sets:
            view = workbench.session.case_of(study).stated_views.get(display_set.uid, "")
            if isinstance(decide(package, display_set.acquisition, display_set, view), Applicable):
                _start(workbench, study, package, display_set, view)


def _start(
    workbench: Workbench, study: Study, package: ModelPackage, display_set: DisplaySet, view: str
) -> None:
    device = Device(workbench.settings.values.inference.device)

    def work(context: JobContext) -> ModelRun:
        analysis = analyze_display_set(
            package,
            display_set,
            workbench.sessions,
            device,
            view,
            context.report,
            context.on_cancel,
        )
        return analysis.run

    workbench.jobs.submit(
        Job(
            f"shadow {package.algorithm.model_id} {display_set.uid}",
            Lane.INFER,
            work,
            partial(_keep, workbench, study),
            workbench.session.fail,
        )
    )


def _keep(workbench: Workbench, study: Study, run: ModelRun) -> None:
    try:
        workbench.shadow.save(study, run)
    except ViewerError as error:
        workbench.session.fail(error)
