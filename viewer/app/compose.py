"""The workbench put together: one database, one model store, one runner, one cache."""

import platform
import secrets
from collections.abc import Callable
from functools import partial

from viewer.app.accounts import Accounts
from viewer.app.drawings import Drawings
from viewer.app.frame_cache import FrameCache
from viewer.app.installed_models import installed_models
from viewer.app.jobs import JobRunner
from viewer.app.precisions import in_use
from viewer.app.session import Session
from viewer.app.settings import SETTINGS_NAME, Settings, SettingsValues
from viewer.app.settings_audit import record_changes
from viewer.app.shared_settings import SharedSettings
from viewer.app.site_models import SiteModels
from viewer.app.workbench import Dialogs, Workbench
from viewer.base.i18n import use_language
from viewer.base.paths import data_folder, settings_folder
from viewer.dicom.decoder import decode
from viewer.domain.study import Study
from viewer.inference.model_store import ModelStore
from viewer.inference.session import SessionPool
from viewer.review.audit import Actor
from viewer.review.case import Case
from viewer.review.reading import ReadingMode
from viewer.store.audit_log import Anchor, AuditLog
from viewer.store.cases import CaseStore
from viewer.store.database import anchor_path, chosen_place, open_database
from viewer.store.drawings import DrawingStore
from viewer.store.earlier import EarlierCases
from viewer.store.heatmaps import HeatmapStore
from viewer.store.locks import LockStore
from viewer.store.shadow_runs import ShadowStore
from viewer.store.site_models import SiteModelStore
from viewer.store.site_settings import SiteSettingsStore
from viewer.store.users import UserStore

MakeDialogs = Callable[[Session, Settings], Dialogs]


def compose(
    jobs: JobRunner, make_dialogs: MakeDialogs, models: ModelStore | None = None
) -> Workbench:
    """Open settings, database and models; raises ViewerError where one cannot be read."""
    settings = Settings(settings_folder() / SETTINGS_NAME)
    use_language(settings.values.display.language)
    place = chosen_place(settings.values.site.database_url, data_folder())
    engine = open_database(place)
    instance, workstation = secrets.token_hex(8), platform.node()

    def who() -> Actor:
        user = session.presence.user
        name = "" if user is None else user.name
        reader = settings.values.reading.reader if user is None else user.printed_name
        return Actor(name, reader, workstation, instance)

    log = AuditLog(engine, Anchor(anchor_path(place, data_folder())), who)
    cases = CaseStore(engine, log)
    drawn = DrawingStore(engine, log)
    locks = LockStore(log, who)
    session = Session(
        partial(_load_case, cases, settings),
        lambda study: Drawings(drawn.load(study), partial(drawn.save, study)),
    )
    shared = SharedSettings(settings, SiteSettingsStore(log))
    shared.start()
    settings.changed.subscribe(lambda values: session.set_reading_mode(values.reading.mode))
    session.set_reading_mode(settings.values.reading.mode)
    record_changes(settings, log)
    models = installed_models() if models is None else models
    _keep_precision(models, settings, session)
    session.set_overlay(opacity=settings.values.display.opacity)
    return Workbench(
        session=session,
        settings=settings,
        jobs=jobs,
        frames=FrameCache(jobs, decode, settings.values.display.cache_mb * 2**20),
        models=models,
        sessions=SessionPool(),
        cases=cases,
        heatmaps=HeatmapStore(engine),
        log=log,
        locks=locks,
        shared=shared,
        site_models=_site_models(session, settings, log),
        shadow=ShadowStore(log, cases),
        earlier=EarlierCases(log, who),
        accounts=Accounts(session, settings, UserStore(log), log, locks),
        dialogs=make_dialogs(session, settings),
    )


def _keep_precision(models: ModelStore, settings: Settings, session: Session) -> None:
    """The models run in the precision of the settings, from now on and after each change."""

    def keep(values: SettingsValues) -> None:
        if models.prefer(in_use(values.inference)):
            session.events.runs.emit(None)

    settings.changed.subscribe(keep)
    keep(settings.values)


def _site_models(session: Session, settings: Settings, log: AuditLog) -> SiteModels:
    """What the site decided about models; whoever shows an AI's state hears of a change."""
    site_models = SiteModels(SiteModelStore(log), settings)
    site_models.changed.subscribe(session.events.runs.emit)
    return site_models


def _load_case(cases: CaseStore, settings: Settings, study: Study) -> Case:
    """The stored case; one that nobody has begun takes the site's reading mode."""
    case = cases.load(study)
    blind = settings.values.reading.mode is ReadingMode.READ_FIRST
    return Case(study.uid, blind=True) if blind and not case.history else case
