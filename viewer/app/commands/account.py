"""Account menu: locking the screen, who is logged in, users, the site's settings and the audit log."""

from viewer.app import case_locks
from viewer.app.site_settings import agreed, change_site
from viewer.app.topic import Topic
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.review.audit import AuditKind
from viewer.store.lock_rows import held_words

topic = Topic("account", "Account", 9)


def _has_account(workbench: Workbench) -> bool:
    return workbench.accounts.exist


@topic.command("Lock the screen", "Ctrl+L", icon="lock", enabled=_has_account)
def lock(workbench: Workbench) -> None:
    """Hide images and findings until a password is given."""
    workbench.accounts.lock()


def _is_held(workbench: Workbench) -> bool:
    shown = workbench.session.shown
    return shown is not None and workbench.session.presence.holder(shown.study) is not None


@topic.command("Take over this case…", enabled=_is_held)
def take_over(workbench: Workbench) -> None:
    """Take the case on the screen from the reader who has it, after a question; recorded and told to them."""
    shown = workbench.session.shown
    holder = None if shown is None else workbench.session.presence.holder(shown.study)
    if shown is None or holder is None:
        return
    question = _("Take it over? {reader} is told and can no longer write to it; nothing is lost.")
    words = f"{held_words(holder)}\n\n{question.format(reader=holder.who)}"
    if workbench.dialogs.ask_consent(_("Take over"), words):
        case_locks.take_over(workbench, shown.study)


@topic.command("Log in…", enabled=_has_account)
def log_in(workbench: Workbench) -> None:
    """Log in, or let another reader log in here."""
    accounts = workbench.accounts
    workbench.dialogs.ask_login(_("Log in"), "", accounts, accounts.log_in)
    case = workbench.session.shown
    if case is not None:
        case_locks.take_case(workbench, case.study)


@topic.command("Change password…", enabled=lambda bench: bench.accounts.user is not None)
def change_password(workbench: Workbench) -> None:
    """Of who is logged in."""
    if workbench.dialogs.ask_new_password(workbench.accounts):
        workbench.session.notify(_("The password was changed."))


topic.new_group()


@topic.command("Users…", enabled=_has_account)
def users(workbench: Workbench) -> None:
    """Add users, change roles and passwords, keep users out; for administrators."""
    if agreed(workbench, _("Users are managed by an administrator.")):
        workbench.dialogs.show_users(workbench.accounts)


@topic.command("Site settings…")
def site_settings(workbench: Workbench) -> None:
    """Login, lock screen and database; once there are accounts, with an administrator's password."""
    values = workbench.settings.values
    chosen = workbench.dialogs.ask_site(values.site)
    if chosen is None or chosen == values.site:
        return
    if agreed(workbench, _("Settings of the site are changed by an administrator.")):
        change_site(workbench, chosen)


@topic.command("Audit log…")
def audit_log(workbench: Workbench) -> None:
    """Who did what, when: to filter, to verify, to export; reading it is recorded."""
    workbench.log.note(AuditKind.AUDIT_READ)
    workbench.dialogs.show_audit(workbench)


PLUGIN = topic
