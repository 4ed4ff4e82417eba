"""AI menu: overlay, running, undecided findings."""

from dataclasses import replace

from viewer.app.import_model import take_in
from viewer.app.marks import find_place
from viewer.app.open_study import show_display_set
from viewer.app.operating_points import SCREENING, SECOND_READ, point_title
from viewer.app.precisions import said_of_precision
from viewer.app.review_findings import next_undecided
from viewer.app.run_inference import cancel_runs, run_models_on
from viewer.app.second_look import can_look, can_see, cancel_look, show_occlusion, show_seen
from viewer.app.site_settings import agreed
from viewer.app.topic import Topic
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.inference.precision import Precision

topic = Topic("ai", "AI", 5)
OPACITY_STEP = 0.1


def has_ai(workbench: Workbench) -> bool:
    """Whether there is an image whose AI may be seen: not while its case is read first."""
    case = workbench.session.case
    return case is not None and case.ai_visible


def is_running(workbench: Workbench) -> bool:
    """Whether a model runs: for a result, to see how stable one is, or for a second look."""
    session = workbench.session
    return bool(session.running or session.measuring or session.looking)


@topic.command(
    "AI overlay",
    "Space",
    icon="layers",
    enabled=has_ai,
    checked=lambda bench: bench.session.overlay.visible,
    toolbar=True,
)
def overlay(workbench: Workbench) -> None:
    """Heatmap and marks of findings above their threshold, on or off; off takes the selected one's too."""
    workbench.session.set_overlay(visible=not workbench.session.overlay.visible, pointing=False)


@topic.command(
    "Also show what is not above threshold",
    "Shift+Space",
    enabled=has_ai,
    checked=lambda bench: bench.session.overlay.below,
)
def below_threshold(workbench: Workbench) -> None:
    """Ask for maps and marks of a network that proposes no finding."""
    on = not workbench.session.overlay.below
    workbench.session.set_overlay(below=on, visible=on or workbench.session.overlay.visible)


@topic.command("Stronger overlay", "Ctrl+.", enabled=has_ai)
def stronger(workbench: Workbench) -> None:
    """More opaque."""
    set_opacity(workbench, workbench.session.overlay.opacity + OPACITY_STEP)


@topic.command("Weaker overlay", "Ctrl+,", enabled=has_ai)
def weaker(workbench: Workbench) -> None:
    """More transparent."""
    set_opacity(workbench, workbench.session.overlay.opacity - OPACITY_STEP)


def set_opacity(workbench: Workbench, opacity: float) -> None:
    """Opacity of the overlay, kept within 0.1 and 1, remembered in the settings."""
    kept = round(min(max(opacity, OPACITY_STEP), 1.0), 2)
    workbench.settings.change(display=replace(workbench.settings.values.display, opacity=kept))
    workbench.session.set_overlay(opacity=kept)


topic.new_group()


@topic.command("Run AI on this series", "Ctrl+R", icon="play", enabled=has_ai, toolbar=True)
def run(workbench: Workbench) -> None:
    """Run, or run again, the models that apply to the series on the screen."""
    shown = workbench.session.shown
    if shown is not None:
        run_models_on(workbench, shown.study, shown.display_set, again=True)


@topic.command("What the model saw", "Shift+I", enabled=can_see)
def seen(workbench: Workbench) -> None:
    """The input as the network got it, its outlines, and how it was made."""
    show_seen(workbench)


@topic.command("Occlusion map: a second look", "Shift+K", enabled=can_look)
def occlude(workbench: Workbench) -> None:
    """Cover the image place by place and see what the score does."""
    show_occlusion(workbench)


@topic.command("Cancel AI", icon="square", enabled=is_running)
def cancel(workbench: Workbench) -> None:
    """Give up all running models."""
    cancel_runs(workbench)
    cancel_look(workbench)


topic.new_group()


@topic.command(
    "Screening threshold: fewer misses, more false alarms",
    checked=lambda bench: bench.settings.values.inference.operating_point == SCREENING,
)
def screening(workbench: Workbench) -> None:
    """Switch the site between the operating points; results that are there keep the one they were made at."""
    if not agreed(workbench, _("The threshold of the site is changed by an administrator.")):
        return
    values = workbench.settings.values.inference
    name = SECOND_READ if values.operating_point == SCREENING else SCREENING
    workbench.settings.change(inference=replace(values, operating_point=name))
    said = _("From the next run on: {name}. “Run AI on this series” applies it to this one.")
    workbench.session.notify(said.format(name=point_title(name)))
    workbench.session.events.runs.emit(None)


@topic.command(
    "INT8 networks: faster on the CPU",
    checked=lambda bench: bench.settings.values.inference.precision is Precision.INT8,
)
def int8(workbench: Workbench) -> None:
    """Switch the site between full and INT8 networks; results that are there keep the one they were made by."""
    if not agreed(workbench, _("The precision of the site is changed by an administrator.")):
        return
    values = workbench.settings.values.inference
    full = values.precision is Precision.INT8
    chosen = replace(values, precision=Precision.FULL if full else Precision.INT8)
    workbench.settings.change(inference=chosen)
    workbench.session.notify(said_of_precision(workbench.models.packages, chosen))
    workbench.session.events.runs.emit(None)


topic.new_group()


@topic.command("Next undecided finding", "N", icon="arrow-down-to-line", enabled=has_ai)
def next_finding(workbench: Workbench) -> None:
    """Select it and bring its image to the screen."""
    _go(workbench, 1)


@topic.command("Previous undecided finding", "Shift+N", enabled=has_ai)
def previous_finding(workbench: Workbench) -> None:
    """Select it and bring its image to the screen."""
    _go(workbench, -1)


def _go(workbench: Workbench, step: int) -> None:
    session = workbench.session
    if session.case is None:
        return
    case = session.case
    found = next_undecided(case.findings, case.waiting, session.selected, step)
    if found is not None:
        go_to_finding(workbench, found)


def go_to_finding(workbench: Workbench, finding: Finding) -> None:
    """Select a finding of the study on the screen, show the frame it lies on, and where on it."""
    session = workbench.session
    session.set_overlay(pointing=True)
    session.select(finding.tracking_uid)
    place = find_place(session, finding)
    if session.shown is None or place is None:
        return
    display_set, position = place
    if display_set.frames[position] != session.shown.ref:
        show_display_set(workbench, session.shown.study, display_set, position)


topic.new_group()


@topic.command("Import a model…", icon="file-plus")
def import_bare_model(workbench: Workbench) -> None:
    """Install a package (a zip, or its manifest.json), or make one of a bare ONNX classifier."""
    file = workbench.dialogs.choose_model()
    if file is not None:
        take_in(workbench, file)


@topic.command("Monitoring…")
def monitoring(workbench: Workbench) -> None:
    """Agreement, overrides, misses and influence over all signed reports of this machine or reading room."""
    workbench.dialogs.show_monitoring(workbench)


@topic.command("Models of this site…")
def site_models(workbench: Workbench) -> None:
    """Switch models on, off or into shadow, accept them on local data, choose the site's thresholds."""
    workbench.site_models.refresh()
    workbench.dialogs.show_site_models(workbench)


PLUGIN = topic
