"""What this site made of a model, beside what its manifest declares: state, threshold in force, by whom."""

from viewer.app.operating_points import in_force, threshold_words
from viewer.app.precisions import precision_words
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.inference.model_package import ModelPackage
from viewer.review.site_model import ModelState, SiteModel, state_text


def site_words(workbench: Workbench, package: ModelPackage) -> str:
    """For the model card: the threshold that proposes here now, who chose it, and whether the model runs.

    What other workstations decided is read anew.
    """
    site = workbench.site_models
    site.refresh()
    state = site.state(package)
    parts = [
        precision_words(package, workbench.settings.values.inference),
        threshold_words(in_force(workbench, package)),
        _decided_words(site.decision(package)),
        *site.notes((package,)),
    ]
    if state is not ModelState.ON:
        parts.insert(0, _("this model is {state}").format(state=state_text(state)))
    return "; ".join(part for part in parts if part)


def _decided_words(decided: SiteModel | None) -> str:
    if decided is None:
        return _("this site has decided nothing on it")
    if decided.acceptance_sha256:
        said = _("accepted on local data by {by}, {day:%Y-%m-%d}, report {sha}: {reason}")
    else:
        said = _("decided by {by}, {day:%Y-%m-%d}, not accepted on local data: {reason}")
    return said.format(
        by=decided.by or _("unnamed"),
        day=decided.at,
        sha=decided.acceptance_sha256[:10],
        reason=decided.reason,
    )
