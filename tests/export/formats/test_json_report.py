"""The JSON: the whole report, whose hash anyone can check again."""

import hashlib
import json
from pathlib import Path

from signed_reports import evidence, film, full_report

from viewer.export.evidence import Evidence
from viewer.export.formats.json_report import PLUGIN
from viewer.review.canonical import canonical_json, from_plain
from viewer.review.report import SignedReport


def test_the_hash_is_of_the_same_text_without_the_hash(tmp_path: Path) -> None:
    of = film()
    report = full_report(of)
    (path,) = PLUGIN.write(report, evidence(of), tmp_path)
    plain = json.loads(path.read_text(encoding="utf-8"))
    stated = plain.pop("sha256")
    assert stated == report.sha256
    assert hashlib.sha256(canonical_json(plain).encode()).hexdigest() == stated


def test_the_report_can_be_read_back_whole(tmp_path: Path) -> None:
    report = full_report(film())
    (path,) = PLUGIN.write(report, Evidence({}), tmp_path)
    assert from_plain(json.loads(path.read_text(encoding="utf-8")), SignedReport) == report
