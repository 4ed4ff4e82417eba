"""What every export format promises; a new module in export/formats is under this contract at once."""

from pathlib import Path

import pytest
from signed_reports import evidence, film, full_report, normal_report

from viewer.base.errors import ExportError
from viewer.base.registry import plugin_modules
from viewer.export import formats
from viewer.export.evidence import Evidence
from viewer.export.exporter import Exporter, exporters
from viewer.review.decision import Verdict, verdict_text
from viewer.review.report import SignedReport


@pytest.fixture(params=sorted(exporters()))
def exporter(request: pytest.FixtureRequest) -> Exporter:
    """Each registered format in turn."""
    return exporters()[request.param]


@pytest.fixture(scope="module")
def report() -> SignedReport:
    return full_report(film())


def test_each_module_of_formats_is_one_exporter() -> None:
    assert len(exporters()) == len(plugin_modules(formats)) >= 3


def test_it_has_a_title_for_the_reader_and_a_suffix(exporter: Exporter) -> None:
    assert exporter.title and exporter.suffix.startswith(".")
    assert exporters()[exporter.key] is exporter


def test_it_writes_the_files_it_names_and_nothing_else(
    exporter: Exporter, report: SignedReport, tmp_path: Path
) -> None:
    folder = tmp_path / "not there yet"
    written = exporter.write(report, evidence(film()), folder)
    assert sorted(written) == sorted(folder.iterdir())
    assert all(path.stat().st_size > 0 and path.name.endswith(exporter.suffix) for path in written)


def test_its_file_names_say_nothing_of_the_patient(
    exporter: Exporter, report: SignedReport, tmp_path: Path
) -> None:
    secrets = (report.patient.patient_id, "Compressed", "1940", report.study.date, report.study.uid)
    for path in exporter.write(report, evidence(film()), tmp_path):
        assert not any(secret.lower() in path.name.lower() for secret in secrets)


def test_a_second_export_replaces_the_first(
    exporter: Exporter, report: SignedReport, tmp_path: Path
) -> None:
    first = exporter.write(report, evidence(film()), tmp_path)
    assert exporter.write(report, evidence(film()), tmp_path) == first
    assert sorted(tmp_path.iterdir()) == sorted(first)


def test_another_report_gets_another_file(exporter: Exporter, tmp_path: Path) -> None:
    of = film()
    written = [
        exporter.write(each(of), evidence(of), tmp_path) for each in (full_report, normal_report)
    ]
    assert set(written[0]).isdisjoint(written[1])


def test_a_folder_that_cannot_be_made_is_named_and_nothing_is_left(
    exporter: Exporter, report: SignedReport, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ExportError, match=r"file.*could not be written"):
        exporter.write(report, evidence(film()), tmp_path / "file" / "reports")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_report_whose_images_are_gone_is_exported_whole_or_not_at_all(
    exporter: Exporter, report: SignedReport, tmp_path: Path
) -> None:
    """A format that needs no image may write; none may leave a part."""
    try:
        written = exporter.write(report, Evidence({}), tmp_path)
    except ExportError as problem:
        assert "is not open" in str(problem)
        written = ()
    assert sorted(tmp_path.iterdir()) == sorted(written)


def test_every_verdict_and_the_signer_are_in_the_file_of_a_whole_report(
    exporter: Exporter, report: SignedReport, tmp_path: Path
) -> None:
    """Looked for in the bytes of formats that hold plain text."""
    if not exporter.whole:
        pytest.skip("a part of a report, which belongs with a whole one")
    for path in exporter.write(report, evidence(film()), tmp_path):
        content = path.read_bytes()
        if b"%PDF" in content:
            assert b"%%EOF" in content
            continue
        for verdict in (Verdict.CONFIRMED, Verdict.REJECTED, Verdict.ADDED):
            said = (verdict.value, verdict_text(verdict))
            assert any(word.encode() in content for word in said)
        for word in (report.signature.reader, report.sha256):
            assert word.encode() in content
