"""The workbench put together: one database, one model store, one runner, one cache."""

from collections.abc import Callable
from functools import partial

from viewer.app.drawings import Drawings
from viewer.app.frame_cache import FrameCache
from viewer.app.installed_models import installed_models
from viewer.app.jobs import JobRunner
from viewer.app.session import Session
from viewer.app.settings import SETTINGS_NAME, Settings
from viewer.app.workbench import Dialogs, Workbench
from viewer.base.i18n import use_language
from viewer.base.paths import data_folder, settings_folder
from viewer.dicom.decoder import decode
from viewer.domain.study import Study
from viewer.inference.model_store import ModelStore
from viewer.inference.session import SessionPool
from viewer.review.case import Case
from viewer.review.reading import ReadingMode
from viewer.store.cases import CaseStore
from viewer.store.database import DATABASE_NAME, open_database
from viewer.store.drawings import DrawingStore
from viewer.store.heatmaps import HeatmapStore

MakeDialogs = Callable[[Session, Settings], Dialogs]


def compose(
    jobs: JobRunner, make_dialogs: MakeDialogs, models: ModelStore | None = None
) -> Workbench:
    """Open settings, database and models; raises ViewerError where one cannot be read."""
    settings = Settings(settings_folder() / SETTINGS_NAME)
    use_language(settings.values.display.language)
    engine = open_database(data_folder() / DATABASE_NAME)
    cases = CaseStore(engine)
    drawn = DrawingStore(engine)
    session = Session(
        partial(_load_case, cases, settings),
        lambda study: Drawings(drawn.load(study), partial(drawn.save, study)),
    )
    settings.changed.subscribe(lambda values: session.set_reading_mode(values.reading.mode))
    session.set_reading_mode(settings.values.reading.mode)
    session.set_overlay(opacity=settings.values.display.opacity)
    return Workbench(
        session=session,
        settings=settings,
        jobs=jobs,
        frames=FrameCache(jobs, decode, settings.values.display.cache_mb * 2**20),
        models=installed_models() if models is None else models,
        sessions=SessionPool(),
        cases=cases,
        heatmaps=HeatmapStore(engine),
        dialogs=make_dialogs(session, settings),
    )


def _load_case(cases: CaseStore, settings: Settings, study: Study) -> Case:
    """The stored case; one that nobody has begun takes the site's reading mode."""
    case = cases.load(study)
    blind = settings.values.reading.mode is ReadingMode.READ_FIRST
    return Case(study.uid, blind=True) if blind and not case.history else case
