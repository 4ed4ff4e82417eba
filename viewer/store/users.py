"""UserStore: who may log in and sign; passwords only as argon2id hashes, failures counted and slowed down."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import Connection, Row, func, insert, select, update

from viewer.base.errors import LoginError
from viewer.base.i18n import _, plural
from viewer.review.audit import AuditKind
from viewer.store.audit_log import AuditLog, reading
from viewer.store.schema import users

SHORTEST_PASSWORD = 8
"""Letters; the least NIST SP 800-63B asks for."""

LONGEST_NAME = 64
FREE_FAILURES = 2
"""Wrong passwords in a row that cost no wait: anybody mistypes."""

LONGEST_WAIT_S = 60
"""The wait doubles with each further failure up to this; there is no lockout, which could hold up a decision."""

_HASHER = PasswordHasher()
"""argon2id with the parameters of RFC 9106 for machines with little memory."""

_NOBODYS = _HASHER.hash("a password that nobody has")


class Role(Enum):
    """An administrator may also manage users and the settings of the site."""

    READER = "reader"
    ADMINISTRATOR = "administrator"


def role_text(role: Role) -> str:
    """The role in the reader's language."""
    return {Role.READER: _("Reader"), Role.ADMINISTRATOR: _("Administrator")}[role]


@dataclass(frozen=True)
class User:
    """name: as typed at login. printed_name: as it stands in reports."""

    name: str
    printed_name: str
    role: Role
    active: bool = True


class UserStore:
    """The users of one database; every change of one is recorded. clock: the time, with zone."""

    def __init__(
        self, log: AuditLog, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._log = log
        self._clock = clock

    def all(self) -> tuple[User, ...]:
        """Every user, inactive ones too, by name."""
        with reading(self._log.engine) as connection:
            rows = connection.execute(select(users).order_by(users.c.name)).all()
        return tuple(_user(row) for row in rows)

    def create(self, name: str, printed_name: str, password: str, role: Role) -> User:
        """Add a user; the first one is an administrator whatever is asked.

        Raises LoginError for a name that is taken or too long, or a password that is too short.
        """
        key = _key(name)
        _check_name(key, printed_name)
        hashed = hashed_password(password)
        with self._log.writing() as act:
            if _row(act.connection, key) is not None:
                raise LoginError(
                    _("There is already a user {name}; choose another user name.").format(name=key)
                )
            first = act.connection.execute(select(func.count()).select_from(users)).scalar() == 0
            user = User(key, printed_name.strip(), Role.ADMINISTRATOR if first else role)
            act.connection.execute(insert(users).values(**_columns(user), password_hash=hashed))
            act.note(AuditKind.USER_CHANGE, detail=_told(user) | {"what": "created"})
        return user

    def check(self, name: str, password: str) -> User:
        """The active user whose name and password these are.

        Raises LoginError otherwise, and while the wait after wrong passwords lasts; each is recorded.
        """
        key = _key(name)
        with reading(self._log.engine) as connection:
            row = _row(connection, key)
        self._refuse_too_soon(row)
        right = _verifies(_NOBODYS if row is None else row.password_hash, password)
        if row is None or not right or not row.active:
            self._count_failure(row)
            raise LoginError(_("User name or password is wrong."))
        if row.failures or _HASHER.check_needs_rehash(row.password_hash):
            with self._log.writing() as act:
                fresh = {"failures": 0, "last_failure": "", "password_hash": _HASHER.hash(password)}
                act.connection.execute(update(users).where(users.c.name == key).values(**fresh))
        return _user(row)

    def wait_s(self, name: str) -> float:
        """Seconds until the next try for this name is heard."""
        with reading(self._log.engine) as connection:
            row = _row(connection, _key(name))
        return 0.0 if row is None else self._wait_s(row)

    def change_password(self, name: str, password: str) -> None:
        """Set a new password; raises LoginError for one that is too short."""
        hashed = hashed_password(password)
        self._change(name, "password changed", password_hash=hashed, failures=0, last_failure="")

    def change_role(self, name: str, role: Role) -> None:
        """Make a user a reader or an administrator; the last administrator stays one."""
        self._change(name, f"role {role.value}", role=role.value)

    def set_active(self, name: str, active: bool) -> None:
        """Let a user in or keep one out; the last administrator stays active."""
        self._change(name, "active" if active else "inactive", active=active)

    def _change(self, name: str, what: str, **columns: object) -> None:
        key = _key(name)
        with self._log.writing() as act:
            act.connection.execute(update(users).where(users.c.name == key).values(**columns))
            row = _row(act.connection, key)
            if row is None:
                raise LoginError(_("There is no user {name}.").format(name=key))
            _refuse_no_administrator(act.connection)
            act.note(AuditKind.USER_CHANGE, detail=_told(_user(row)) | {"what": what})

    def _refuse_too_soon(self, row: Row[Any] | None) -> None:
        wait = 0.0 if row is None else self._wait_s(row)
        if row is None or wait <= 0:
            return
        self._log.note(AuditKind.LOGIN_FAILURE, detail={"user": row.name, "why": "too soon"})
        words = plural(
            "Wait {n} second, then try again.", "Wait {n} seconds, then try again.", int(wait) + 1
        )
        raise LoginError(words)

    def _wait_s(self, row: Row[Any]) -> float:
        if not row.last_failure:
            return 0.0
        until = datetime.fromisoformat(row.last_failure) + wait_after(row.failures)
        return max((until - self._clock()).total_seconds(), 0.0)

    def _count_failure(self, row: Row[Any] | None) -> None:
        """An unknown name is not written down: it is often a password typed into the wrong field."""
        with self._log.writing() as act:
            if row is not None:
                counted = {
                    "failures": users.c.failures + 1,
                    "last_failure": self._clock().isoformat(),
                }
                act.connection.execute(
                    update(users).where(users.c.name == row.name).values(**counted)
                )
            detail = {"user": "unknown" if row is None else row.name, "why": "wrong"}
            act.note(AuditKind.LOGIN_FAILURE, detail=detail)


def wait_after(failures: int) -> timedelta:
    """How long after the last of so many wrong passwords the next one is heard."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    return timedelta(seconds=min(2 ** min(failures - FREE_FAILURES, 10), LONGEST_WAIT_S))


def hashed_password(password: str) -> str:
    """The argon2id hash of a password; raises LoginError for one that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise LoginError(
            plural(
                "A password needs at least {n} letter.",
                "A password needs at least {n} letters.",
                SHORTEST_PASSWORD,
            )
        )
    return _HASHER.hash(password)


def _verifies(hashed: str, password: str) -> bool:
    try:
        return _HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _check_name(key: str, printed_name: str) -> None:
    if not key or len(key) > LONGEST_NAME or any(letter.isspace() for letter in key):
        words = _("A user name has 1 to {n} letters and no space.")
        raise LoginError(words.format(n=LONGEST_NAME))
    if not printed_name.strip():
        raise LoginError(_("Enter the name as it is printed in reports."))


def _refuse_no_administrator(connection: Connection) -> None:
    query = select(users.c.id).where(users.c.role == Role.ADMINISTRATOR.value, users.c.active)
    if connection.execute(query).first() is None:
        raise LoginError(_("One active administrator must remain."))


def _key(name: str) -> str:
    return name.strip().casefold()


def _row(connection: Connection, key: str) -> Row[Any] | None:
    return connection.execute(select(users).where(users.c.name == key)).first()


def _user(row: Row[Any]) -> User:
    return User(row.name, row.printed_name, Role(row.role), row.active)


def _columns(user: User) -> dict[str, object]:
    return {
        "name": user.name,
        "printed_name": user.printed_name,
        "role": user.role.value,
        "active": user.active,
        "failures": 0,
        "last_failure": "",
    }


def _told(user: User) -> dict[str, str]:
    return {"user": user.name, "role": user.role.value}
