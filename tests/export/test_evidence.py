"""A source image is used only if it is still what was reviewed, and of this patient and study."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from pydicom import dcmread
from signed_reports import (
    AT,
    Film,
    corrected_report,
    evidence,
    film,
    film_of,
    full_report,
    normal_report,
    signed,
)

from viewer.base.errors import ExportError
from viewer.export.evidence import Evidence, image_uids, verified_source, verified_sources
from viewer.review.events import MissesAttested
from viewer.review.signature import MEANING


@pytest.fixture
def copied(tmp_path: Path) -> Film:
    """The film in a folder where it can be changed."""
    original = film()
    path = Path(shutil.copy(original.path, tmp_path / "film.dcm"))
    return replace(original, path=path)


def test_the_header_of_an_unchanged_file_is_given(copied: Film) -> None:
    header = verified_source(full_report(copied), evidence(copied), copied.sop_instance_uid)
    assert header.PatientID == "9RG1"
    assert "PixelData" not in header


def test_a_file_changed_by_one_byte_after_the_review_is_refused_by_name(copied: Film) -> None:
    report = full_report(copied)
    content = bytearray(copied.path.read_bytes())
    content[-1000] ^= 1
    copied.path.write_bytes(content)
    with pytest.raises(ExportError, match=r"film\.dcm has changed since it was reviewed"):
        verified_source(report, evidence(copied), copied.sop_instance_uid)


def test_a_file_that_is_gone_is_named(copied: Film) -> None:
    report = full_report(copied)
    copied.path.unlink()
    with pytest.raises(ExportError, match=r"film\.dcm"):
        verified_source(report, evidence(copied), copied.sop_instance_uid)


def test_an_image_that_is_not_open_is_refused(copied: Film) -> None:
    with pytest.raises(ExportError, match="is not open"):
        verified_sources(full_report(copied), Evidence({}))


@pytest.mark.parametrize(
    ("keyword", "value"),
    [
        ("PatientID", "other"),
        ("PatientName", "Other^Name"),
        ("PatientBirthDate", "19500101"),
        ("StudyInstanceUID", "2.25.5"),
        ("SOPInstanceUID", "2.25.6"),
    ],
)
def test_an_image_of_another_patient_study_or_instance_is_refused(
    copied: Film, keyword: str, value: str
) -> None:
    """Without a hash in the report (no AI ran), identity alone must hold."""
    report = signed(copied, [MissesAttested(True, "Dr Li", AT)])
    dataset = dcmread(copied.path)
    setattr(dataset, keyword, value)
    dataset.save_as(copied.path)
    with pytest.raises(ExportError, match="another image, study or patient"):
        verified_sources(report, evidence(copied))


def test_a_report_without_ai_takes_any_open_image_of_the_study(copied: Film) -> None:
    report = signed(copied, [MissesAttested(True, "Dr Li", AT)])
    assert report.signature.meaning == MEANING
    assert list(verified_sources(report, evidence(copied))) == [copied.sop_instance_uid]


def test_every_image_the_report_speaks_of_is_asked_for_once() -> None:
    of = film()
    for report in (full_report(of), normal_report(of), corrected_report(of)):
        assert image_uids(report) == (of.sop_instance_uid,)


def test_a_name_in_another_character_set_is_still_the_same_patient(tmp_path: Path) -> None:
    of = film_of(tmp_path, PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう")
    assert verified_sources(full_report(of), evidence(of))
