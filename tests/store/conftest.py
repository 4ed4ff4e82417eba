"""The store's tests run twice: on SQLite, and on a real PostgreSQL started for them where one is installed."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from store_desks import LI, ROE, Desk

POSTGRES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
PORT = "54329"
"""Of the socket's name only: the server listens on no network address."""

_numbers = count(1)


def as_somebody(*command: object) -> list[str]:
    """PostgreSQL refuses to run as root: give its own user, or nobody."""
    plain = [str(part) for part in command]
    if os.geteuid() != 0:
        return plain
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", *plain]


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a throwaway server."""
    if sys.platform == "win32" or not POSTGRES:
        pytest.skip("PostgreSQL is not installed on this machine")
    if os.geteuid() == 0 and shutil.which("setpriv") is None:
        pytest.skip("PostgreSQL does not run as root, and setpriv is missing")
    programs, folder = POSTGRES[-1], Path(tempfile.mkdtemp(prefix="pg_", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    data, quiet = folder / "data", {"check": True, "stdout": subprocess.DEVNULL}
    subprocess.run(
        as_somebody(programs / "initdb", "-A", "trust", "-U", "test", "-E", "UTF8", "-D", data),
        **quiet,  # type: ignore[call-overload]
    )
    options = f"-k {folder} -p {PORT} -c listen_addresses='' -c fsync=off"
    control = (programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log")
    subprocess.run(as_somebody(*control, "-o", options, "start"), **quiet)  # type: ignore[call-overload]
    try:
        yield f"postgresql://test@/postgres?host={folder}&port={PORT}"
    finally:
        subprocess.run(as_somebody(*control, "-m", "immediate", "stop"), **quiet)  # type: ignore[call-overload]
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """An empty place for cases."""
    if request.param == "sqlite":
        return tmp_path / "cases.sqlite"
    url: str = request.getfixturevalue("postgres")
    return new_database(url)


def new_database(url: str) -> str:
    """A schema of its own: much cheaper than a database of its own."""
    import psycopg  # noqa: PLC0415  (a machine without PostgreSQL never comes here)

    name = f"cases_{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    return f"{url}&options=-csearch_path%3D{name}"


@pytest.fixture
def desk(where: Path | str, tmp_path: Path) -> Iterator[Desk]:
    """Dr Li's."""
    made = Desk(where, tmp_path, LI)
    yield made
    made.engine.dispose()


@pytest.fixture
def other_desk(where: Path | str, desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """Dr Roe's, on the same database."""
    made = Desk(where, tmp_path, ROE)
    yield made
    made.engine.dispose()
