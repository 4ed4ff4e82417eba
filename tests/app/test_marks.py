"""Which marks are drawn: none of the AI's unasked, the selected finding's once the reader went to it."""

from pathlib import Path

import pytest
from held_runner import HeldRunner

from viewer.app.commands import ai
from viewer.app.marks import shown_findings
from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench


@pytest.fixture
def read(bench: Workbench, runner: HeldRunner, two_patients: Path) -> Workbench:
    open_paths(bench, [two_patients / "jane.dcm"])
    runner.let_go()
    return bench


def drawn(bench: Workbench) -> list[str]:
    return [finding.tracking_uid for finding in shown_findings(bench.session)]


def test_a_finding_is_pointed_at_once_the_reader_goes_to_it_until_the_overlay_is_switched_off(
    read: Workbench,
) -> None:
    assert read.session.case is not None and read.session.case.proposed
    assert drawn(read) == []
    ai.next_finding(read)
    assert drawn(read) == [read.session.selected]
    ai.overlay(read)
    assert set(drawn(read)) >= {read.session.selected}
    ai.overlay(read)
    assert drawn(read) == []
    ai.next_finding(read)
    assert drawn(read) == [read.session.selected]
