"""A program as it comes opens no connection and listens nowhere, whatever is opened, read or closed in it."""

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from end_to_end_steps import Reader
from pacs_partners import free_port

from viewer.dicom.network.routing import Listener

Real = Callable[..., object]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every bind, connect and listen of a socket of the network."""
    made: list[str] = []
    for name in ("bind", "connect", "connect_ex", "listen"):
        real = getattr(socket.socket, name)

        def note(
            one: socket.socket,
            *arguments: object,
            name: str = name,
            real: Callable[..., object] = real,
        ) -> object:
            if one.family != socket.AF_UNIX:
                made.append(name)
            return real(one, *arguments)

        monkeypatch.setattr(socket.socket, name, note)
    return made


def test_a_start_by_default_opens_no_socket(
    calls: list[str], make_program: Callable[[], Reader], phantom_model: Path, two_films: Path
) -> None:
    reader = make_program()
    reader.open(two_films)
    assert reader.session.index.studies
    reader.program.workbench.dialogs.show_pacs_query(reader.program.workbench)
    reader.program.workbench.dialogs.show_pacs_nodes(reader.program.workbench)
    reader.program.workbench.dialogs.show_transfers(reader.program.workbench)
    assert calls == []


def test_a_site_that_wants_a_listener_gets_one(
    calls: list[str], make_program: Callable[[], Reader], phantom_model: Path
) -> None:
    reader = make_program()
    values = reader.program.workbench.settings.values.pacs
    wanted = replace(values, listener=Listener(on=True, port=free_port()))
    calls.clear()
    reader.program.workbench.settings.change(pacs=wanted)
    reader.program.open([])
    reader.wait(lambda: reader.session.network.listener.on)
    assert "listen" in calls
