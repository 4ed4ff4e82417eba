"""Reports grow fields; what was signed before keeps its text and its hash."""

import dataclasses
import json
from pathlib import Path

import pytest
from builders import NOON, ai_finding

from viewer.app.verify_report import read_report
from viewer.base.errors import WorkflowError
from viewer.review.canonical import canonical_json, digest, from_plain, to_plain
from viewer.review.decision import ChangeReason, Decision, confirm
from viewer.review.report import SignedReport

SIGNED_BY_0_1_0 = Path(__file__).with_name("report_of_0_1_0.json")
"""Written by SecondRead 0.1.0 (commit c9281f0), before reading modes existed."""


def test_a_report_signed_by_an_older_program_is_read_back_and_keeps_its_hash() -> None:
    text = SIGNED_BY_0_1_0.read_text(encoding="utf-8")
    report: SignedReport = from_plain(json.loads(text), SignedReport)
    assert canonical_json(to_plain(report)) == text
    assert report.reading_mode is None


def test_a_report_signed_by_an_older_program_still_verifies() -> None:
    _content, check = read_report(SIGNED_BY_0_1_0)
    assert check.matches


def test_a_changed_old_report_is_still_found() -> None:
    plain = json.loads(SIGNED_BY_0_1_0.read_text(encoding="utf-8"))
    plain["findings"][1]["decision"]["comment"] = "Nothing."
    with pytest.raises(ExceptionGroup) as caught:
        from_plain(plain, SignedReport)
    assert caught.group_contains(WorkflowError, match="does not match its own hash")


def test_a_later_field_is_written_only_where_it_says_something() -> None:
    plainly = confirm(ai_finding(), "Dr Li", NOON)
    changed = dataclasses.replace(plainly, change=ChangeReason.OVERLOOKED)
    assert "change" not in to_plain(plainly)
    assert to_plain(changed)["change"] == "OVERLOOKED"
    assert digest(to_plain(plainly)) != digest(to_plain(changed))
    assert from_plain(to_plain(changed), Decision) == changed
