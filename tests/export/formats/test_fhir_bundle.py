"""FHIR R4: valid by fhir.resources, AI preliminary and labelled, the reader final, every link resolved."""

import base64
import json
from pathlib import Path

import pytest
from fhir.resources.R4B.bundle import Bundle
from signed_reports import (
    USER,
    amended_reports,
    evidence,
    film,
    film_of,
    full_report,
    normal_report,
    privately_coded_report,
)

from viewer.export.formats.fhir_bundle import PLUGIN
from viewer.export.messages.fhir import bundle


def resources(made: dict, kind: str) -> list[dict]:
    found = [entry["resource"] for entry in made["entry"]]
    return [one for one in found if one["resourceType"] == kind]


def references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["reference"]} if "reference" in value else set()
        return own.union(*map(references, value.values()))
    return set().union(*map(references, value)) if isinstance(value, list) else set()


@pytest.mark.parametrize("make", [full_report, normal_report])
def test_it_is_valid(make: object) -> None:
    Bundle.model_validate(bundle(make(film()), b"%PDF-1.4"))  # type: ignore[operator]


def test_a_private_code_is_never_stated_under_the_system_of_another_scheme() -> None:
    made = bundle(privately_coded_report(film()), None)
    Bundle.model_validate(made)
    codes = [one["code"]["coding"][0] for one in resources(made, "Observation")]
    own = [one for one in codes if one["code"] == "LARGE_HEART"]
    assert own and all("system" not in one for one in own)


def test_every_reference_is_in_the_bundle() -> None:
    made = bundle(full_report(film()), None)
    assert references(made) <= {entry["fullUrl"] for entry in made["entry"]}


def test_what_the_ai_says_is_preliminary_and_labelled_and_what_the_reader_says_is_final() -> None:
    observations = resources(bundle(full_report(film()), None), "Observation")
    by_ai = [one for one in observations if "device" in one]
    by_reader = [one for one in observations if "performer" in one]
    assert len(by_ai) == 2 and len(by_reader) == 3
    assert {one["status"] for one in by_ai} == {"preliminary"}
    assert {one["meta"]["security"][0]["code"] for one in by_ai} == {"AIAST"}
    assert {one["status"] for one in by_reader} == {"final"}
    assert not any("meta" in one for one in by_reader)


def test_the_signature_is_of_the_report_with_that_hash() -> None:
    report = full_report(film())
    (provenance,) = resources(bundle(report, None), "Provenance")
    assert provenance["agent"][0]["type"]["coding"][0]["code"] == "verifier"
    signed = base64.b64decode(provenance["signature"][0]["data"]).decode()
    assert signed == report.sha256


def test_the_practitioner_is_identified_by_the_account_that_signed() -> None:
    (reader,) = resources(bundle(full_report(film()), None), "Practitioner")
    assert reader["identifier"] == [{"type": {"text": "Login name"}, "value": USER}]


def test_an_amendment_is_corrected() -> None:
    _first, second = amended_reports(film())
    (report,) = resources(bundle(second, None), "DiagnosticReport")
    assert report["status"] == "corrected"


def test_all_groups_of_a_name_arrive(tmp_path: Path) -> None:
    of = film_of(tmp_path, PatientName="Yamada^Tarou=山田^太郎=やまだ^たろう")
    (path,) = PLUGIN.write(full_report(of), evidence(of), tmp_path / "out")
    made = json.loads(path.read_text(encoding="utf-8"))
    (patient,) = resources(made, "Patient")
    assert [(name["family"], name["given"]) for name in patient["name"]] == [
        ("Yamada", ["Tarou"]),
        ("山田", ["太郎"]),
        ("やまだ", ["たろう"]),
    ]
    (report,) = resources(made, "DiagnosticReport")
    assert base64.b64decode(report["presentedForm"][0]["data"]).startswith(b"%PDF")
