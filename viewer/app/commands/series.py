"""Series menu: through slices, series and studies; playing."""

from time import monotonic

from viewer.app.cine import SPEED_STEP
from viewer.app.open_study import show_display_set
from viewer.app.play import change_speed, pause, play
from viewer.app.show_tags import show_tags
from viewer.app.topic import Topic, has_image
from viewer.app.workbench import Workbench
from viewer.domain.display_set import DisplaySet
from viewer.domain.study import Study

topic = Topic("series", "Series", 3)
PAGE = 10
"""Slices of one page key."""


@topic.command("Next slice", "Down", "Right", icon="chevron-down", enabled=has_image)
def next_slice(workbench: Workbench) -> None:
    """One slice on."""
    _move(workbench, 1)


@topic.command("Previous slice", "Up", "Left", icon="chevron-up", enabled=has_image)
def previous_slice(workbench: Workbench) -> None:
    """One slice back."""
    _move(workbench, -1)


@topic.command("Ten slices on", "PgDown", enabled=has_image)
def next_page(workbench: Workbench) -> None:
    """Ten slices on."""
    _move(workbench, PAGE)


@topic.command("Ten slices back", "PgUp", enabled=has_image)
def previous_page(workbench: Workbench) -> None:
    """Ten slices back."""
    _move(workbench, -PAGE)


@topic.command("First slice", "Home", enabled=has_image)
def first_slice(workbench: Workbench) -> None:
    """The first of the stack."""
    workbench.session.go_to(0)


@topic.command("Last slice", "End", enabled=has_image)
def last_slice(workbench: Workbench) -> None:
    """The last of the stack."""
    shown = workbench.session.shown
    if shown is not None:
        workbench.session.go_to(len(shown.display_set.frames) - 1)


topic.new_group()


@topic.command("Next series", "Shift+Down", icon="chevrons-down", enabled=has_image)
def next_series(workbench: Workbench) -> None:
    """The next display set of any open study."""
    _step(workbench, 1)


@topic.command("Previous series", "Shift+Up", icon="chevrons-up", enabled=has_image)
def previous_series(workbench: Workbench) -> None:
    """The display set before."""
    _step(workbench, -1)


@topic.command("Next study", "Ctrl+Down", enabled=has_image)
def next_study(workbench: Workbench) -> None:
    """The first display set of the next study."""
    _step_study(workbench, 1)


@topic.command("Previous study", "Ctrl+Up", enabled=has_image)
def previous_study(workbench: Workbench) -> None:
    """The first display set of the study before."""
    _step_study(workbench, -1)


topic.new_group()


def _is_stack(workbench: Workbench) -> bool:
    shown = workbench.session.shown
    return shown is not None and len(shown.display_set.frames) > 1


def _is_playing(workbench: Workbench) -> bool:
    return workbench.session.cine is not None


@topic.command(
    "Play or pause", ".", icon="film", enabled=_is_stack, checked=_is_playing, toolbar=True
)
def play_or_pause(workbench: Workbench) -> None:
    """Play the series in a loop at the rate of the file, or stop at the image on the screen."""
    if _is_playing(workbench):
        pause(workbench)
    else:
        play(workbench, monotonic())


@topic.command("Play faster", "Ctrl+Right", enabled=_is_playing)
def play_faster(workbench: Workbench) -> None:
    """A quarter faster."""
    change_speed(workbench, SPEED_STEP, monotonic())


@topic.command("Play slower", "Ctrl+Left", enabled=_is_playing)
def play_slower(workbench: Workbench) -> None:
    """A quarter slower."""
    change_speed(workbench, 1 / SPEED_STEP, monotonic())


topic.new_group()


@topic.command("DICOM attributes", "Ctrl+I", icon="tags", enabled=has_image, toolbar=True)
def attributes(workbench: Workbench) -> None:
    """All attributes of the image on the screen, searchable."""
    shown = workbench.session.shown
    if shown is not None:
        show_tags(workbench, shown.ref.path)


def _move(workbench: Workbench, slices: int) -> None:
    shown = workbench.session.shown
    if shown is not None:
        workbench.session.go_to(shown.position + slices)


def _step(workbench: Workbench, step: int) -> None:
    shown = workbench.session.shown
    places: list[tuple[Study, DisplaySet]] = [
        (study, display_set)
        for study in workbench.session.index.studies
        for display_set in study.display_sets
    ]
    uids = [display_set.uid for _study, display_set in places]
    if shown is not None and shown.display_set.uid in uids:
        there = uids.index(shown.display_set.uid) + step
        if 0 <= there < len(places):
            show_display_set(workbench, *places[there])


def _step_study(workbench: Workbench, step: int) -> None:
    shown = workbench.session.shown
    studies = [study for study in workbench.session.index.studies if study.display_sets]
    uids = [study.display_sets[0].uid for study in studies]
    if shown is None or not shown.study.display_sets:
        return
    here = shown.study.display_sets[0].uid
    there = uids.index(here) + step if here in uids else 0
    if 0 <= there < len(studies):
        show_display_set(workbench, studies[there], studies[there].display_sets[0])


PLUGIN = topic
