"""Accounts: who sits before the program; coming, going, locking the screen and proving oneself, each recorded."""

from viewer.app.session import Session
from viewer.app.settings import Settings
from viewer.base.errors import LoginError
from viewer.base.i18n import _
from viewer.review.audit import AuditKind
from viewer.store.audit_log import AuditLog
from viewer.store.locks import LockStore
from viewer.store.users import Role, User, UserStore


class Accounts:
    """The acts of users; who is logged in stands in the session.

    A site of one needs no ceremony: without users nobody is asked, and the first signing makes the
    first account. With several users, or where the site asks for it, the program begins with a login.
    """

    def __init__(
        self,
        session: Session,
        settings: Settings,
        users: UserStore,
        log: AuditLog,
        locks: LockStore,
    ) -> None:
        self.users = users
        self._session = session
        self._settings = settings
        self._log = log
        self._locks = locks
        self._exist = False

    @property
    def user(self) -> User | None:
        """Who is logged in."""
        return self._session.presence.user

    @property
    def exist(self) -> bool:
        """Whether there is any account; none is ever removed, and the commands ask at every event."""
        self._exist = self._exist or bool(self.users.all())
        return self._exist

    @property
    def must_log_in(self) -> bool:
        """Whether nobody may see a study before a login."""
        known = [user for user in self.users.all() if user.active]
        return len(known) > 1 or (bool(known) and self._settings.values.site.require_login)

    @property
    def suggested_name(self) -> str:
        """The user name to offer: of who is logged in, or the only one there is."""
        if self.user is not None:
            return self.user.name
        active = [user.name for user in self.users.all() if user.active]
        return active[0] if len(active) == 1 else ""

    def log_in(self, name: str, password: str) -> User:
        """Let a user in; another one who was logged in is logged out. Raises LoginError."""
        user = self.users.check(name, password)
        self._enter(user)
        return user

    def log_out(self) -> None:
        """Let the user go; the cases of this program are free for others."""
        if self.user is not None:
            self._log.note(AuditKind.LOGOUT)
            self._locks.release_all()
            self._session.presence.set_user(None)

    def lock(self) -> None:
        """Hide everything until a password is given; nobody can be locked out without an account."""
        if self.exist and not self._session.presence.locked:
            self._log.note(AuditKind.LOCK)
            self._session.presence.set_locked(True)

    def unlock(self, name: str, password: str) -> User:
        """Show everything again, to the same user or to another one, who is then logged in. Raises LoginError."""
        user = self.users.check(name, password)
        self._enter(user)
        self._log.note(AuditKind.UNLOCK)
        self._session.presence.set_locked(False)
        return user

    def create_first(self, name: str, printed_name: str, password: str) -> User:
        """Make the first account and log it in. Raises LoginError, also where there is one already."""
        if self.exist:
            raise LoginError(_("There is an account already; log in with it."))
        user = self.users.create(name, printed_name, password, Role.ADMINISTRATOR)
        self._enter(user)
        return user

    def change_password(self, old: str, new: str) -> None:
        """Change the password of who is logged in, who gives the old one once more. Raises LoginError."""
        if self.user is None:
            raise LoginError(_("Log in first."))
        self.users.check(self.user.name, old)
        self.users.change_password(self.user.name, new)

    def prove_administrator(self, name: str, password: str, act: str = "") -> User:
        """An administrator, by password; who is logged in stays so. Raises LoginError.

        act: what is asked for, as the record of a refusal tells it.
        """
        return proved_administrator(self.users, self._log, (name, password), act)

    def _enter(self, user: User) -> None:
        """An account whose role or name was changed meanwhile is taken as it is now."""
        if self.user is None or self.user.name != user.name:
            self.log_out()
            self._session.presence.set_user(user)
            self._log.note(AuditKind.LOGIN)
            self._locks.beat()
        elif self.user != user:
            self._session.presence.set_user(user)


def proved_administrator(
    users: UserStore, log: AuditLog, given: tuple[str, str], act: str = ""
) -> User:
    """The administrator whose name and password were given; anybody else is refused, which is recorded.

    Raises LoginError.
    """
    user = users.check(*given)
    if user.role is not Role.ADMINISTRATOR:
        log.note(AuditKind.REFUSAL, detail={"user": user.name, "act": act})
        raise LoginError(_("{name} is not an administrator.").format(name=user.name))
    return user
