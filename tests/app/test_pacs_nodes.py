"""Nodes: kept with the settings, their secrets apart from them and for the owner alone."""

import json
import stat

import pytest
from pacs_partners import Orthanc

from viewer.app.node_secrets import SECRETS_NAME
from viewer.app.pacs_nodes import check_node, node_named, nodes, save_nodes
from viewer.app.settings import SETTINGS_NAME, Settings
from viewer.app.workbench import Workbench
from viewer.base.errors import SettingsError
from viewer.base.paths import settings_folder
from viewer.dicom.network.node import Login, Node, NodeKind, Tls

WEB = Node(
    "Web",
    NodeKind.WEB,
    url="https://pacs.example/dicom-web",
    login=Login.BASIC,
    user="reader",
    secret="not to be seen",
    tls=Tls(ca="/etc/ca.pem"),
)


def test_nodes_come_back_as_they_were_kept(bench: Workbench) -> None:
    kept = (Node("PACS", ae_title="A", host="h", port=11, commitment=True), WEB)
    save_nodes(bench, kept)
    again = Settings(settings_folder() / SETTINGS_NAME).values.pacs.nodes
    assert [node.name for node in again] == ["PACS", "Web"]
    assert again[0] == kept[0]
    assert nodes(bench) == kept


def test_a_secret_is_in_no_settings_and_in_no_repr(bench: Workbench) -> None:
    save_nodes(bench, [WEB])
    assert WEB.secret not in (settings_folder() / SETTINGS_NAME).read_text(encoding="utf-8")
    assert WEB.secret not in repr(WEB)
    secrets = settings_folder() / SECRETS_NAME
    assert json.loads(secrets.read_text(encoding="utf-8")) == {"Web": WEB.secret}
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o600


def test_a_removed_node_takes_its_secret_with_it(bench: Workbench) -> None:
    save_nodes(bench, [WEB])
    save_nodes(bench, [])
    assert json.loads((settings_folder() / SECRETS_NAME).read_text(encoding="utf-8")) == {}
    assert node_named(bench, "Web") is None


@pytest.mark.parametrize("names", [("", "B"), ("A", "A")])
def test_names_that_are_missing_or_double_are_refused(
    bench: Workbench, names: tuple[str, ...]
) -> None:
    with pytest.raises(SettingsError):
        save_nodes(bench, [Node(name) for name in names])
    assert nodes(bench) == ()


def test_an_echo_ends_in_a_sentence_either_way(bench: Workbench, orthanc: Orthanc) -> None:
    good: list[str] = []
    bad: list[str] = []
    check_node(bench, orthanc.node(), good.append, bad.append)
    check_node(bench, orthanc.node(ae_title="WRONG"), good.append, bad.append)
    assert len(good) == len(bad) == 1
    assert "answered after" in good[0]
    assert "is not called WRONG" in bad[0]
