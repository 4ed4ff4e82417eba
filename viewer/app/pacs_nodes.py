"""The nodes of the site: listed, changed, checked; their secrets are kept apart from the settings."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from viewer.app.jobs import Job, Lane
from viewer.app.node_secrets import keep_secret, secret_of
from viewer.app.workbench import Workbench
from viewer.base.errors import SettingsError, ViewerError
from viewer.base.i18n import _
from viewer.dicom.network.node import Login, Node
from viewer.dicom.network.services import check

CHECK_KEY = "pacs echo"


def nodes(workbench: Workbench) -> tuple[Node, ...]:
    """All nodes, each with its secret."""
    return tuple(with_secret(node) for node in workbench.settings.values.pacs.nodes)


def node_named(workbench: Workbench, name: str) -> Node | None:
    """The node of that name, with its secret."""
    found = (node for node in workbench.settings.values.pacs.nodes if node.name == name)
    return next(map(with_secret, found), None)


def with_secret(node: Node) -> Node:
    """The node with the secret that is kept for it."""
    return node if node.login is Login.NONE else replace(node, secret=secret_of(node.name))


def save_nodes(workbench: Workbench, changed: Sequence[Node]) -> None:
    """Keep these nodes instead of the present ones; raises SettingsError for names that are missing or double."""
    names = [node.name for node in changed]
    if "" in names or len(set(names)) < len(names):
        raise SettingsError(_("Each node needs a name of its own."))
    before = workbench.settings.values.pacs
    for gone in {node.name for node in before.nodes} - set(names):
        keep_secret(gone, "")
    for node in changed:
        keep_secret(node.name, node.secret if node.login is not Login.NONE else "")
    plain = tuple(replace(node, secret="") for node in changed)
    result = before.result_node if before.result_node in names else ""
    workbench.settings.change(pacs=replace(before, nodes=plain, result_node=result))


def check_node(
    workbench: Workbench,
    node: Node,
    on_answer: Callable[[str], None],
    on_fault: Callable[[str], None],
) -> None:
    """Echo: ask the node whether it is there and knows us; the answer is a sentence."""

    def answered(seconds: float) -> None:
        words = _("{name} answered after {milliseconds} ms.")
        on_answer(words.format(name=node.name, milliseconds=round(seconds * 1000)))

    def failed(error: ViewerError) -> None:
        on_fault(str(error))

    job = Job(CHECK_KEY, Lane.NETWORK, lambda _context: check(node), answered, failed)
    workbench.jobs.submit(job)
