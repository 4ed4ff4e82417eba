"""CSV: one line a finding, read back as it was, harmless in a spreadsheet."""

import csv
import io
from pathlib import Path

import pytest
from signed_reports import (
    READER,
    USER,
    evidence,
    film,
    film_of,
    full_events,
    full_report,
    normal_report,
    signed,
)

from viewer.export.formats.csv_findings import PLUGIN
from viewer.review.report import SignedReport


def rows(report: SignedReport, folder: Path) -> list[dict[str, str]]:
    (path,) = PLUGIN.write(report, evidence(film()), folder)
    text = path.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_each_finding_has_a_line_with_verdict_score_and_model(tmp_path: Path) -> None:
    report = full_report(film())
    first, heart, shadow, mass = rows(report, tmp_path)
    assert first["kind"] == "report"
    assert [one["verdict"] for one in (heart, shadow, mass)] == ["CONFIRMED", "REJECTED", "ADDED"]
    assert (heart["value"], heart["threshold"]) == ("0.55", "0.5")
    assert shadow["reason"] == "TECHNIQUE"
    assert mass["model"] == mass["ai_label"] == ""
    assert (first["signed_by"], first["signed_by_account"]) == (READER, USER)
    assert {one["report_sha256"] for one in (first, heart, shadow, mass)} == {report.sha256}


def test_a_normal_report_has_a_line_that_says_so(tmp_path: Path) -> None:
    (only,) = rows(normal_report(film()), tmp_path)
    assert "No finding above threshold" in only["label"]


@pytest.mark.parametrize("name", ["Yamada^Tarou=山田^太郎", "Διονυσιος", 'Ä"quoted", comma;^B'])
def test_a_name_comes_back_as_it_went_in(name: str, tmp_path: Path) -> None:
    of = film_of(tmp_path, PatientName=name)
    assert {one["patient_name"] for one in rows(full_report(of), tmp_path / "out")} == {name}


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "-2", "@SUM(A1)"])
def test_a_cell_cannot_be_run_as_a_formula(text: str, tmp_path: Path) -> None:
    of = film()
    first, *_others = rows(signed(of, full_events(of, text=text)), tmp_path)
    assert first["comment"] == f"'{text}"
