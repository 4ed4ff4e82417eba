"""`secondread analyze`: every model that is switched on, on every display set, to JSON; proposals only."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.headless.analysis_json import Json, display_set_json, document, run_json
from viewer.app.headless.heatmap_files import write_heatmaps
from viewer.app.headless.site_word import SiteWord, site_word
from viewer.app.installed_models import installed_models
from viewer.app.jobs import ignore
from viewer.app.operating_points import threshold_words
from viewer.base.errors import ViewerError
from viewer.base.i18n import _
from viewer.dicom.indexer import index
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import ModelRun, RunState
from viewer.domain.study import Study, StudyIndex
from viewer.inference.analysis import Analysis
from viewer.inference.model_package import ModelPackage
from viewer.inference.model_store import ModelStore
from viewer.inference.session import Device, SessionPool
from viewer.review.site_model import ModelState, state_text
from viewer.review.statements import score_text, statement

OK, FAILED = 0, 1
THRESHOLDS = {False: "in force at this site", True: "of the manifests"}
"""By whether the models were to run as shipped; each finding says its own."""


@dataclass(frozen=True)
class _Task:
    """What is asked of every display set. packages: those to run, at the thresholds in force."""

    models: ModelStore
    packages: tuple[ModelPackage, ...]
    pool: SessionPool
    device: Device
    stated_view: str
    heatmaps_folder: Path | None


def run_analyze(
    paths: Sequence[Path],
    json_out: Path,
    heatmaps_dir: Path | None = None,
    device: str = "auto",
    view: str = "",
    as_shipped: bool = False,
    database: str = "",
) -> int:
    """Analyse files and folders with the models the site has switched on, at its thresholds and precision.

    Parameters
    ----------
    json_out : the file to write; findings in it are PROPOSED, none is confirmed
    heatmaps_dir : folder for 16-bit PNG maps with geometry, or None
    device : "auto", "cpu" or "cuda"
    view : what the reader states where a file does not state its view, for example "PA"
    as_shipped : run every installed model at its manifest's threshold, the full network, whatever the site decided
    database : file or URL of the site's decisions, "" for the program's own

    Returns
    -------
    int : 0; or 1 when nothing could be read, a network failed, or the output cannot be written
    """
    try:
        found = index(paths, ignore, ignore)
        models = installed_models()
        if not found.studies:
            return _failure(_("No DICOM images were found under the paths given."))
        run = _as_shipped(models) if as_shipped else _told_by_site(models, database, device)
        asked = _Task(models, run, SessionPool(), Device(device), view.upper(), heatmaps_dir)
        studies, states = _analyzed(found, asked)
        written = document(studies, models, _problems(found), found.skipped)
        written["thresholds"] = THRESHOLDS[as_shipped]
        _write(json_out, written)
    except (ViewerError, OSError) as error:
        return _failure(str(error))
    return FAILED if RunState.FAILED in states else OK


def _told_by_site(models: ModelStore, database: str, device: str) -> tuple[ModelPackage, ...]:
    """Those that run at this site, as they run there; which do not, and what each proposes above, is said."""
    site = site_word(database)
    models.prefer(site.precision(device))
    for package in models.packages:
        _say(_site_line(package, site))
    on = (one for one in models.packages if site.state(one) is ModelState.ON)
    return tuple(site.in_force(package) for package in on)


def _site_line(package: ModelPackage, site: SiteWord) -> str:
    name, state = f"{package.algorithm.name} {package.algorithm.version}", site.state(package)
    if state is not ModelState.ON:
        words = _("{model} does not run: {state} at this site.")
        return words.format(model=name, state=state_text(state))
    line = f"{name}: {threshold_words(site.in_force(package))}."
    return " ".join(filter(None, (line, site.note(package))))


def _as_shipped(models: ModelStore) -> tuple[ModelPackage, ...]:
    """Without the models that their maker puts into shadow: they say nothing before a site accepts them."""
    default_on = ModelState.ON.value
    return tuple(one for one in models.packages if one.manifest.default_state == default_on)


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")


def _analyzed(found: StudyIndex, asked: _Task) -> tuple[list[Json], set[RunState]]:
    states: set[RunState] = set()
    studies = [_study(study, asked, states.add) for study in found.studies]
    return studies, states


def _study(study: Study, asked: _Task, note: Callable[[RunState], None]) -> Json:
    shown = [_display_set(one, asked, note) for one in study.display_sets]
    return {"study_instance_uid": study.uid, "display_sets": shown}


def _display_set(display_set: DisplaySet, asked: _Task, note: Callable[[RunState], None]) -> Json:
    analyses = list(_analyses(display_set, asked))
    for analysis in analyses:
        note(analysis.run.state)
    runs = [run_json(one.run, _heatmaps(one, asked.heatmaps_folder)) for one in analyses]
    return display_set_json(display_set, runs, _no_model(asked, analyses))


def _analyses(display_set: DisplaySet, asked: _Task) -> Iterator[Analysis]:
    for package in asked.packages:
        analysis = analyze_display_set(
            package,
            display_set,
            asked.pool,
            asked.device,
            asked.stated_view,
            ignore,
            ignore,
        )
        _tell(display_set, analysis.run)
        yield analysis


def _heatmaps(analysis: Analysis, folder: Path | None) -> tuple[str, ...]:
    return write_heatmaps(folder, analysis.run, analysis.heatmaps) if folder else ()


def _no_model(asked: _Task, analyses: Sequence[Analysis]) -> str:
    """Why no model applies, in one sentence; "" when one does."""
    if not asked.models.packages:
        return _("No model is installed.")
    if not asked.packages:
        return _("AI not run: this site has switched no model on.")
    if any(one.run.state is not RunState.NOT_APPLICABLE for one in analyses):
        return ""
    return " ".join(dict.fromkeys(one.run.reason for one in analyses))


def _problems(found: StudyIndex) -> list[Json]:
    return [{"path": str(one.path), "reason": one.reason} for one in found.problems]


def _tell(display_set: DisplaySet, run: ModelRun) -> None:
    """One line for each run on the standard error stream, so that a batch shows its way."""
    scores = "; ".join(score_text(finding) for finding in (*run.findings, *run.below))
    number = display_set.series_number or ""
    said = " ".join((statement(run), scores, *run.warnings))
    line = f"{display_set.modality} {number}: {said}"
    sys.stderr.write(f"{line.rstrip()}\n")


def _write(path: Path, content: Json) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _failure(sentence: str) -> int:
    sys.stderr.write(f"secondread: {sentence}\n")
    return FAILED
