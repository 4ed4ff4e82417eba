"""Users: argon2id, failures counted, recorded and slowed down, never a lockout, always an administrator."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from store_desks import Desk

from viewer.base.errors import LoginError
from viewer.store.schema import users
from viewer.store.users import LONGEST_WAIT_S, Role, UserStore, wait_after

GOOD = "correct horse"


class Clock:
    """Stands still until it is told."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(desk: Desk, clock: Clock) -> UserStore:
    made = UserStore(desk.log, clock)
    made.create("Li", "Dr. Änne Li", GOOD, Role.READER)
    return made


def kinds(desk: Desk) -> list[str]:
    return [record.kind for record in desk.log.records()][1:]


def test_the_first_user_is_an_administrator_the_second_what_was_asked(store: UserStore) -> None:
    store.create("roe", "Dr Roe", GOOD, Role.READER)
    assert [(one.name, one.role) for one in store.all()] == [
        ("li", Role.ADMINISTRATOR),
        ("roe", Role.READER),
    ]


def test_name_and_password_let_in_whatever_the_case_of_the_name(store: UserStore) -> None:
    assert store.check(" LI ", GOOD).printed_name == "Dr. Änne Li"


def test_a_password_lies_in_the_database_only_as_argon2id(store: UserStore, desk: Desk) -> None:
    with desk.engine.connect() as connection:
        hashed = connection.execute(select(users.c.password_hash)).scalar_one()
    assert hashed.startswith("$argon2id$")
    assert GOOD not in repr(list(desk.log.records())) + hashed


@pytest.mark.parametrize(("name", "password"), [("li", "wrong horse"), ("nobody", GOOD)])
def test_wrong_name_and_wrong_password_sound_alike_and_are_recorded(
    store: UserStore, desk: Desk, name: str, password: str
) -> None:
    with pytest.raises(LoginError, match="User name or password is wrong"):
        store.check(name, password)
    record = list(desk.log.records())[-1]
    assert record.kind == "login_failure"
    assert record.detail["user"] == {"li": "li", "nobody": "unknown"}[name]


def test_the_wait_grows_with_each_failure_and_ends(
    store: UserStore, clock: Clock, desk: Desk
) -> None:
    waits = []
    for _try in range(6):
        with pytest.raises(LoginError, match="wrong"):
            store.check("li", "wrong horse")
        waits.append(store.wait_s("li"))
        clock.now += timedelta(seconds=waits[-1])
    assert waits == [0, 0, 2, 4, 8, 16]
    clock.now -= timedelta(seconds=1)
    with pytest.raises(LoginError, match="Wait 2 seconds"):
        store.check("li", GOOD)
    assert kinds(desk).count("login_failure") == 7
    clock.now += timedelta(seconds=1)
    assert store.check("li", GOOD).name == "li"
    assert store.wait_s("li") == 0


def test_a_thousand_failures_cost_a_minute_not_a_lockout() -> None:
    assert wait_after(1000) == timedelta(seconds=LONGEST_WAIT_S)


def test_a_changed_password_replaces_the_old_one_and_is_recorded(
    store: UserStore, desk: Desk
) -> None:
    store.change_password("li", "another horse")
    assert store.check("li", "another horse")
    with pytest.raises(LoginError):
        store.check("li", GOOD)
    assert kinds(desk) == ["user_change", "user_change", "login_failure"]


def test_an_inactive_user_is_kept_out(store: UserStore) -> None:
    store.create("roe", "Dr Roe", GOOD, Role.READER)
    store.set_active("roe", False)
    with pytest.raises(LoginError, match="wrong"):
        store.check("roe", GOOD)
    store.set_active("roe", True)
    assert store.check("roe", GOOD)


def test_the_last_administrator_stays_one(store: UserStore) -> None:
    store.create("roe", "Dr Roe", GOOD, Role.READER)
    for act in (
        lambda: store.change_role("li", Role.READER),
        lambda: store.set_active("li", False),
    ):
        with pytest.raises(LoginError, match="One active administrator"):
            act()
    assert store.all()[0].role is Role.ADMINISTRATOR
    assert store.all()[0].active
    store.change_role("roe", Role.ADMINISTRATOR)
    store.change_role("li", Role.READER)


@pytest.mark.parametrize(
    ("name", "printed", "password", "said"),
    [
        ("li", "Dr Li", GOOD, "already a user li"),
        ("", "Dr Li", GOOD, "1 to 64 letters"),
        ("dr li", "Dr Li", GOOD, "no space"),
        ("x" * 65, "Dr Li", GOOD, "1 to 64 letters"),
        ("xi", " ", GOOD, "printed in reports"),
        ("xi", "Dr Xi", "short", "at least 8 letters"),
    ],
)
def test_a_user_that_cannot_be_made_is_refused_in_words(
    store: UserStore, name: str, printed: str, password: str, said: str
) -> None:
    with pytest.raises(LoginError, match=said):
        store.create(name, printed, password, Role.READER)
    assert len(store.all()) == 1
