"""Changing what the site decides; a database is tried before it is taken."""

from functools import partial

from viewer.app.settings import Site
from viewer.app.workbench import Workbench
from viewer.base.i18n import _
from viewer.store.database import open_database


def agreed(workbench: Workbench, words: str) -> bool:
    """Whether an administrator agrees, by password; not asked while there is no account."""
    accounts = workbench.accounts
    if not accounts.exist:
        return True
    act = partial(accounts.prove_administrator, act=words)
    return workbench.dialogs.ask_login(_("Continue"), words, accounts, act) is not None


def change_site(workbench: Workbench, chosen: Site) -> None:
    """Take the settings; raises StoreError for a database that cannot be opened, and then nothing changes."""
    before = workbench.settings.values.site
    moved = chosen.database_url != before.database_url
    if moved and chosen.database_url:
        open_database(chosen.database_url).dispose()
    workbench.settings.change(site=chosen)
    if moved:
        words = _("The other database is used from the next start on; cases are not copied to it.")
        workbench.session.notify(words)
