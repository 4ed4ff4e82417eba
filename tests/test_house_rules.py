"""House rules that no other tool checks; each failure names the remedy."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

VIEWER = Path(__file__).resolve().parents[1] / "viewer"
MODULES = sorted(VIEWER.rglob("*.py"))
LONGEST_MODULE = 400
SHOWN_BY = {
    "QLabel",
    "QPushButton",
    "QCheckBox",
    "QAction",
    "setText",
    "setToolTip",
    "setPlaceholderText",
    "setWindowTitle",
    "setAccessibleName",
    "addItem",
    "addMenu",
    "notify",
}
"""Calls whose text the reader sees."""

PROPER_NAMES = {"SecondRead"}


def name(module: Path) -> str:
    return str(module.relative_to(VIEWER))


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            if isinstance(called, ast.Attribute):
                yield called.attr, node
            elif isinstance(called, ast.Name):
                yield called.id, node


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_the_first_line_says_what_a_module_is(module: Path) -> None:
    assert ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))), "write one"


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_no_module_grows_beyond_reading(module: Path) -> None:
    lines = len(module.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE, "find the noun that wants to leave"


def test_threads_start_only_in_jobs() -> None:
    starters = re.compile(r"ThreadPoolExecutor\(|threading\.Thread\(|QThread|\bThread\(")
    guilty = [
        name(module) for module in MODULES if starters.search(module.read_text(encoding="utf-8"))
    ]
    assert guilty == ["app/jobs.py"], "submit a Job instead"


NETWORK_LIBRARIES = (
    "socket|http|urllib|urllib3|requests|ssl|ftplib|pynetdicom|dicomweb_client|asyncio"
)
NETWORK_HOMES = ("dicom/network/", "dicom/sources/")


def test_only_the_network_packages_know_a_network_library() -> None:
    network = re.compile(rf"^\s*(import|from) ({NETWORK_LIBRARIES})\b", re.M)
    guilty = [
        name(module)
        for module in MODULES
        if network.search(module.read_text(encoding="utf-8"))
        and not module.relative_to(VIEWER).as_posix().startswith(NETWORK_HOMES)
    ]
    assert guilty == [], "patient data leaves the machine through viewer/dicom/network alone"


def test_only_the_application_layer_asks_for_a_connection() -> None:
    """Each connection is a job of viewer/app: the reader's act, the outbox, or the site's listener."""
    services = ("echo", "find", "qido", "retrieve", "get", "move", "wado", "storing", "stow")
    services = (*services, "commitment", "services", "receiver", "association", "web")
    users = re.compile(rf"^from viewer\.dicom\.network\.({'|'.join(services)}) import", re.M)
    guilty = [
        name(module)
        for module in MODULES
        if users.search(module.read_text(encoding="utf-8"))
        and not module.relative_to(VIEWER).as_posix().startswith(("app/", *NETWORK_HOMES))
    ]
    assert guilty == [], "go through a command of viewer/app"


@pytest.mark.parametrize("module", sorted((VIEWER / "ui").rglob("*.py")), ids=name)
def test_every_text_on_the_screen_is_translated(module: Path) -> None:
    tree = ast.parse(module.read_text(encoding="utf-8"))
    bare = [
        argument.value
        for called, call in calls(tree)
        if called in SHOWN_BY
        for argument in call.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and re.search(r"[A-Za-z]{2}", argument.value)
        and argument.value not in PROPER_NAMES
    ]
    assert bare == [], "put it through _()"


def test_there_is_no_utils() -> None:
    assert [name(module) for module in MODULES if "util" in module.stem] == [], "name the noun"
