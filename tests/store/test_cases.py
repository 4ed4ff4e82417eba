"""The case store: what was decided is still there, whoever pulls the plug."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import NOON, added, ai_finding, reader_finding, run, study
from sqlalchemy import text

from viewer.base.errors import StoreError
from viewer.domain.display_set import FrameRef
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.review.decision import OverrideReason, confirm, override
from viewer.review.events import (
    AmendmentStarted,
    CaseEvent,
    Decided,
    FindingAdded,
    FindingWithdrawn,
    KeyImageMarked,
    MissesAttested,
    Reopened,
    RunRecorded,
    Signed,
    TextChanged,
    ViewStated,
)
from viewer.review.signature import sign
from viewer.store.cases import CaseStore
from viewer.store.database import open_database
from viewer.store.heatmaps import HeatmapStore


@pytest.fixture
def store(tmp_path: Path) -> CaseStore:
    return CaseStore(open_database(tmp_path / "cases.sqlite"))


def whole_history() -> list[CaseEvent]:
    wrong_label = OverrideReason.WRONG_LABEL
    return [
        ViewStated("set-1", "PA", "Dr Li", NOON),
        RunRecorded(run(ai_finding(), ai_finding("2.25.2", 0.7)), NOON),
        Decided(confirm(ai_finding(), "Dr Li", NOON)),
        Reopened("2.25.1", "Dr Li", NOON),
        Decided(override(ai_finding(), "Dr Li", NOON, wrong_label, "fat pad", reader_finding())),
        Decided(override(ai_finding("2.25.2", 0.7), "Dr Li", NOON)),
        FindingAdded(reader_finding(), added(reader_finding())),
        FindingWithdrawn("2.25.9", "Dr Li", NOON),
        MissesAttested(True, "Dr Li", NOON),
        KeyImageMarked("1.2.3", 0, True, "Dr Li", NOON),
        TextChanged("Großes Herz, 心脏", "Dr Li", NOON),
    ]


def test_every_kind_of_event_is_read_back_as_it_was(store: CaseStore) -> None:
    case = store.load(study())
    for event in whole_history():
        store.append(study(), event)
        case.apply(event)
    for last in (
        Signed(sign(case, study(), "Dr Li", NOON, "test")),
        AmendmentStarted("Dr Li", NOON),
    ):
        store.append(study(), last)
        case.apply(last)
    assert store.load(study()).history == case.history


def test_one_study_uid_under_two_patients_is_two_cases(store: CaseStore) -> None:
    other = replace(study(), patient=replace(study().patient, patient_id="ID-2"))
    store.append(study(), RunRecorded(run(ai_finding()), NOON))
    assert store.load(other).history == []
    assert store.reviewed_under_another_identity(other)


def test_a_file_that_is_no_database_is_named_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "cases.sqlite"
    path.write_text("a letter, not a database" * 100)
    with pytest.raises(StoreError, match=r"cases\.sqlite"):
        open_database(path)
    assert path.read_text().startswith("a letter")


def test_a_database_of_a_newer_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cases.sqlite"
    engine = open_database(path)
    with engine.begin() as connection:
        connection.execute(text("update schema_version set version = 99"))
    with pytest.raises(StoreError, match="newer SecondRead"):
        open_database(path)


KILLED_WRITER = """
import sys
from pathlib import Path
from builders import NOON, study
from viewer.review.events import TextChanged
from viewer.store.cases import CaseStore
from viewer.store.database import open_database
store = CaseStore(open_database(Path(sys.argv[1])))
for number in range(100000):
    store.append(study(), TextChanged(str(number), "Dr Li", NOON))
    print(number, flush=True)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX")
@pytest.mark.parametrize("acknowledged", [1, 7, 40])
def test_a_killed_program_loses_nothing_it_acknowledged(tmp_path: Path, acknowledged: int) -> None:
    path = tmp_path / "cases.sqlite"
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    with subprocess.Popen(
        [sys.executable, "-c", KILLED_WRITER, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as writer:
        assert writer.stdout is not None
        seen = [int(writer.stdout.readline()) for _line in range(acknowledged)]
        writer.send_signal(signal.SIGKILL)
    case = CaseStore(open_database(path)).load(study())
    assert int(case.text) >= seen[-1]
    assert len(case.history) == int(case.text) + 1


def test_a_heatmap_is_read_back_on_the_file_where_the_instance_lies_now(tmp_path: Path) -> None:
    store = HeatmapStore(open_database(tmp_path / "cases.sqlite"))
    values = np.linspace(0, 1, 12, dtype=np.float32).reshape(3, 4)
    affine = Affine2D.scale_translate(2, 3, 0.5, 1.0)
    written = Heatmap(FrameRef("1.2.3", 0, Path("old")), "heart", "Heart", "map", values, affine)
    store.save("2.25.77", [written])
    (read,) = store.load("2.25.77", {"1.2.3": Path("new")})
    assert read.ref.path == Path("new")
    assert read.image_from_map_px == affine
    np.testing.assert_allclose(read.values, values, atol=1e-3)
    assert store.load("2.25.77", {}) == ()
