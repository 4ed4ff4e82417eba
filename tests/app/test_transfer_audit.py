"""What comes from and goes to other systems leaves a record of its own kind, in a log that holds."""

from dataclasses import replace
from pathlib import Path

import pytest
from pacs_images import write_instance, write_study
from pacs_partners import Orthanc, Unwatched, at, free_port
from pumped_runner import Pumped
from signed_reports import film, normal_report

from viewer.app.compose import MakeDialogs, compose
from viewer.app.listening import start_listener, stop_listener
from viewer.app.pacs_nodes import save_nodes
from viewer.app.pacs_retrieve import retrieve_study
from viewer.app.send import send
from viewer.app.workbench import Workbench
from viewer.dicom.network.node import Node
from viewer.dicom.network.routing import Listener, Rule
from viewer.dicom.network.services import send as send_files
from viewer.inference.model_store import ModelStore
from viewer.review.audit import AuditKind, AuditRecord
from viewer.store.audit_check import check_log
from viewer.store.audit_log import AuditFilter

UNTIL_IT_STOPS_S = 3600.0
"""Of quiet, after which a study would be taken for whole: not while the test runs."""


@pytest.fixture
def desk(pump: Pumped, tmp_path: Path, answers: MakeDialogs) -> Workbench:
    return compose(pump, answers, ModelStore([tmp_path / "no models"]))


def records(bench: Workbench, kind: AuditKind) -> list[AuditRecord]:
    return list(bench.log.records(AuditFilter(kind=kind.value)))


def test_a_retrieval_records_study_node_and_how_many_images_came(
    bench: Workbench, orthanc: Orthanc, tmp_path: Path
) -> None:
    study, files = write_study(tmp_path, (3,))
    orthanc.take(*files)
    retrieve_study(bench, orthanc.node(), study)
    (record,) = records(bench, AuditKind.RETRIEVE)
    assert record.study_uid == study
    assert dict(record.detail) == {"node": "Test PACS", "images": "3", "outcome": "done"}
    retrieve_study(bench, orthanc.node(), study)
    again = records(bench, AuditKind.RETRIEVE)[-1]
    assert again.detail["images"] == "0", "what was here already did not come again"
    assert check_log(bench.log).holds


def test_a_failed_retrieval_is_recorded_with_its_reason(bench: Workbench) -> None:
    retrieve_study(bench, at(free_port(), name="Away"), "1.2.3")
    (record,) = records(bench, AuditKind.RETRIEVE)
    assert (record.study_uid, record.detail["outcome"]) == ("1.2.3", "failed")
    assert record.detail["node"] == "Away" and "nothing listens" in record.detail["reason"]


def listening(desk: Workbench, pump: Pumped, quiet_s: float, rules: tuple[Rule, ...] = ()) -> Node:
    port = free_port()
    settings = Listener(on=True, port=port, quiet_s=quiet_s, rules=rules)
    desk.settings.change(pacs=replace(desk.settings.values.pacs, listener=settings))
    start_listener(desk)
    pump.until(lambda: desk.session.network.listener.on)
    return at(port, ae_title="SECONDREAD", own_ae_title="SCANNER")


def test_a_received_study_is_recorded_once_it_is_quiet(
    desk: Workbench, pump: Pumped, tmp_path: Path
) -> None:
    study, files = write_study(tmp_path, (4,))
    node = listening(desk, pump, quiet_s=2.0)
    send_files(node, files, lambda _file: None, Unwatched())
    pump.until(lambda: bool(records(desk, AuditKind.RECEIVE)))
    (record,) = records(desk, AuditKind.RECEIVE)
    assert record.study_uid == study
    assert dict(record.detail) == {"node": "SCANNER", "outcome": "done", "images": "4"}
    assert check_log(desk.log).holds


def test_what_the_rules_refuse_and_what_is_kept_aside_is_counted(
    desk: Workbench, pump: Pumped, tmp_path: Path
) -> None:
    node = listening(desk, pump, UNTIL_IT_STOPS_S, (Rule(modality="MR", take=False), Rule()))
    _mr, magnetic = write_study(tmp_path / "mr", (2,), Modality="MR")
    for name in ("Doe^Jane", "Roe^Jane"):
        place = tmp_path / "one.dcm"
        one = write_instance(place, "1.2", "1.2.3", 1, SOPInstanceUID="1.2.3.4", PatientName=name)
        send_files(node, [one], lambda _file: None, Unwatched())
    send_files(node, magnetic, lambda _file: None, Unwatched())
    stop_listener(desk)
    pump.until(lambda: len(records(desk, AuditKind.RECEIVE)) == 2)
    kept, refused = sorted(
        (dict(record.detail) for record in records(desk, AuditKind.RECEIVE)),
        key=lambda told: told["images"],
        reverse=True,
    )
    assert (kept["images"], kept["kept aside"]) == ("1", "1")
    assert (refused["images"], refused["refused by rule"]) == ("0", "2")
    assert "Jane" not in str((kept, refused))


def test_a_study_that_is_still_arriving_is_recorded_when_the_listener_stops(
    desk: Workbench, pump: Pumped, tmp_path: Path
) -> None:
    study, files = write_study(tmp_path, (2,))
    node = listening(desk, pump, quiet_s=UNTIL_IT_STOPS_S)
    send_files(node, files, lambda _file: None, Unwatched())
    assert not records(desk, AuditKind.RECEIVE)
    stop_listener(desk)
    pump.until(lambda: bool(records(desk, AuditKind.RECEIVE)))
    (record,) = records(desk, AuditKind.RECEIVE)
    assert (record.study_uid, record.detail["images"]) == (study, "2")


def test_sending_records_the_queueing_a_failure_once_and_the_arrival(
    desk: Workbench,
    pump: Pumped,
    orthanc: Orthanc,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("viewer.app.send.BACK_OFF_S", (0.1,))
    monkeypatch.setattr("viewer.app.send.LOOK_EVERY_S", 0.05)
    report = normal_report(film())
    _study, files = write_study(tmp_path, (2,))
    save_nodes(desk, [at(free_port(), name="Test PACS")])
    send(desk, report, files, "Test PACS")
    pump.until(lambda: any(item.attempts > 2 for item in desk.session.network.outbox))
    (failed,) = records(desk, AuditKind.SEND)
    assert "nothing listens" in failed.detail["reason"]
    save_nodes(desk, [orthanc.node()])
    send(desk, report, files[:1], "Test PACS")
    pump.until(lambda: len(records(desk, AuditKind.SEND)) == 3)
    done = records(desk, AuditKind.SEND)[1:]
    assert {record.study_uid for record in done} == {report.study.uid}
    assert {record.detail["outcome"] for record in done} == {"sent"}
    assert sorted(record.detail["files"] for record in done) == ["1/1", "2/2"]
    assert all(record.detail["report"] == report.report_uid for record in done)
    assert check_log(desk.log).holds
