"""The listener: what is sent to it is kept, listed and read before the reader comes; rules say what is taken."""

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from dicom_films import write_film
from model_packages import build_package, phantom
from pacs_images import write_instance, write_study
from pacs_partners import Unwatched, at, free_port
from pumped_runner import Pumped

from viewer.app.arrivals import incoming_folder
from viewer.app.compose import MakeDialogs, compose
from viewer.app.listening import start_listener, start_network, stop_listener
from viewer.app.workbench import Workbench
from viewer.base.errors import NetworkError
from viewer.base.paths import data_folder
from viewer.dicom.network.echo import echo
from viewer.dicom.network.node import Node
from viewer.dicom.network.routing import Listener, Rule
from viewer.dicom.network.services import send
from viewer.domain.pacs import Sent
from viewer.inference.model_store import ModelStore


@pytest.fixture
def desk(pump: Pumped, answers: MakeDialogs) -> Workbench:
    folder = data_folder() / "models"
    build_package(folder / "phantom_reader")
    return compose(pump, answers, ModelStore([folder]))


def listening(desk: Workbench, pump: Pumped, **changes: object) -> Node:
    """Start the listener on a free port; the node that it is."""
    port = free_port()
    settings = Listener(on=True, port=port, quiet_s=1.0, **changes)  # type: ignore[arg-type]
    desk.settings.change(pacs=replace(desk.settings.values.pacs, listener=settings))
    start_listener(desk)
    pump.until(lambda: desk.session.network.listener.on)
    return at(port, ae_title="SECONDREAD", own_ae_title="SCANNER")


def sent(node: Node, files: list[Path]) -> Sent:
    return send(node, files, lambda _file: None, Unwatched())


def test_a_received_study_is_listed_and_its_models_have_run(
    desk: Workbench, pump: Pumped, tmp_path: Path
) -> None:
    grey = np.rint(phantom(300, 260, (0.2, 0.75)) * 4000).astype(np.uint16)
    write_film(tmp_path / "jane.dcm", grey, "DOE^JANE", "ID-1", "2.25.1")
    node = listening(desk, pump)
    assert len(sent(node, [tmp_path / "jane.dcm"]).uids) == 1
    pump.until(lambda: bool(desk.session.index.studies) and not desk.session.network.arriving)
    (study,) = desk.session.index.studies
    pump.until(lambda: bool(desk.session.case_of(study).runs) and not desk.session.running)
    assert desk.session.network.received == {"2.25.1"}


def test_models_wait_until_a_study_is_quiet(desk: Workbench, pump: Pumped, tmp_path: Path) -> None:
    grey = np.rint(phantom(300, 260, (0.2, 0.75)) * 4000).astype(np.uint16)
    write_film(tmp_path / "jane.dcm", grey, "DOE^JANE", "ID-1", "2.25.1")
    node = listening(desk, pump)
    sent(node, [tmp_path / "jane.dcm"])
    pump.until(lambda: desk.session.network.arriving == {"2.25.1"})
    assert not desk.session.running


def test_rules_say_what_is_taken_and_the_sender_is_told_of_the_rest(
    desk: Workbench, pump: Pumped, tmp_path: Path
) -> None:
    rules = (Rule(modality="MR, SR", take=False), Rule(sender="SCANNER", body_part="chest"))
    node = listening(desk, pump, rules=rules)
    ct, files = write_study(tmp_path / "ct", (2,))
    mr, magnetic = write_study(tmp_path / "mr", (1,), Modality="MR")
    _head, head = write_study(tmp_path / "head", (1,), BodyPartExamined="HEAD")
    outcome = sent(node, [*files, *magnetic, *head])
    assert len(outcome.uids) == 2
    assert [name for name, _reason in outcome.refused] == [magnetic[0].name, head[0].name]
    assert "not authorised" in outcome.refused[0][1]
    pump.until(lambda: desk.session.network.listener.not_taken == 2)
    assert len(incoming_folder().there(ct)) == 2
    assert not incoming_folder().there(mr)


def test_only_allowed_ae_titles_may_connect(desk: Workbench, pump: Pumped) -> None:
    node = listening(desk, pump, senders=("SCANNER",))
    assert echo(node) < 5
    with pytest.raises(NetworkError, match="does not know our AE title STRANGER"):
        echo(replace(node, own_ae_title="STRANGER"))
    with pytest.raises(NetworkError, match="is not called OTHER"):
        echo(replace(node, ae_title="OTHER"))


def test_a_taken_port_is_told(desk: Workbench, pump: Pumped, pacs_port: int) -> None:
    settings = Listener(on=True, port=pacs_port)
    desk.settings.change(pacs=replace(desk.settings.values.pacs, listener=settings))
    start_listener(desk)
    pump.until(lambda: bool(desk.session.network.listener.words))
    assert f"cannot listen at port {pacs_port}" in desk.session.network.listener.words
    assert not desk.session.network.listener.on


@pytest.fixture
def pacs_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        yield int(taken.getsockname()[1])


def test_stopping_frees_the_port_and_starting_again_works(desk: Workbench, pump: Pumped) -> None:
    node = listening(desk, pump)
    assert echo(node) < 5
    stop_listener(desk)
    pump.until(lambda: _refuses(node))
    start_listener(desk)
    pump.until(lambda: desk.session.network.listener.on)
    assert echo(node) < 5


def _refuses(node: Node) -> bool:
    try:
        echo(node)
    except NetworkError:
        return True
    return False


def test_studies_received_before_are_listed_when_the_program_starts(
    desk: Workbench, pump: Pumped, tmp_path: Path, answers: MakeDialogs
) -> None:
    study, files = write_study(tmp_path, (2,))
    node = listening(desk, pump)
    sent(node, files)
    stop_listener(desk)
    pump.until(lambda: _refuses(node))
    later = compose(pump, answers, ModelStore([tmp_path / "none"]))
    start_network(later)
    pump.until(lambda: bool(later.session.index.studies))
    assert [one.uid for one in later.session.index.studies] == [study]
    stop_listener(later)


def test_an_image_kept_aside_is_told_and_never_listed(
    desk: Workbench, pump: Pumped, tmp_path: Path, answers: MakeDialogs
) -> None:
    node = listening(desk, pump)
    told: list[str] = []
    desk.session.events.notice.subscribe(told.append)
    for name in ("Doe^Jane", "Roe^Jane"):
        file = write_instance(
            tmp_path / "one.dcm", "1.2", "1.2.3", 1, SOPInstanceUID="1.2.3.4", PatientName=name
        )
        sent(node, [file])
    pump.until(lambda: any("kept aside" in words for words in told))
    stop_listener(desk)
    pump.until(lambda: _refuses(node))
    later = compose(pump, answers, ModelStore([tmp_path / "none"]))
    start_network(later)
    pump.until(lambda: bool(later.session.index.studies))
    assert [study.patient.name for study in later.session.index.studies] == ["Doe^Jane"]
    assert later.session.index.problems == ()
    stop_listener(later)


def test_ten_associations_at_once_lose_nothing(
    desk: Workbench, pump: Pumped, tmp_path: Path
) -> None:
    node = listening(desk, pump)
    studies = [write_study(tmp_path / str(place), (12,)) for place in range(10)]
    with ThreadPoolExecutor(10) as senders:
        sending = [senders.submit(sent, node, files) for _uid, files in studies]
        pump.until(lambda: all(one.done() for one in sending))
    assert [len(one.result().uids) for one in sending] == [12] * 10
    pump.until(lambda: desk.session.network.received == {uid for uid, _files in studies})
    for uid, files in studies:
        assert len(incoming_folder().there(uid)) == len(files)
    pump.until(
        lambda: [len(one.series[0].instances) for one in desk.session.index.studies] == [12] * 10
    )
    assert desk.session.network.listener.images == 120
