"""FHIR R4 Bundle of the signed report: DiagnosticReport, Observations, Devices and their Provenance.

HL7 FHIR 4.0.1; AI findings carry the security label AIAST (Artificial Intelligence asserted) and stay
preliminary, the reader's own statements are final.
"""

import base64
import hashlib
import uuid
from collections.abc import Iterator, Sequence

from viewer.domain.coding import CodedConcept
from viewer.domain.finding import Algorithm, Finding
from viewer.export.sr_content import Group, Measured, ai_groups_of, drawn_groups_of, groups_of
from viewer.export.uids import device_uid
from viewer.review.codes import LOCAL_SCHEME, LOCAL_SCHEME_UID, report_code
from viewer.review.report import SignedReport

Json = dict[str, object]

SYSTEMS = {
    "SCT": "http://snomed.info/sct",
    "DCM": "http://dicom.nema.org/resources/ontology/DCM",
    "LN": "http://loinc.org",
    "UCUM": "http://unitsofmeasure.org",
    "RADLEX": "http://radlex.org",
    LOCAL_SCHEME: f"urn:oid:{LOCAL_SCHEME_UID}",
}
UIDS = "urn:dicom:uid"
AI_ASSERTED: Json = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "AIAST",
    "display": "Artificial Intelligence asserted",
}
VERIFIER: Json = {
    "system": "http://terminology.hl7.org/CodeSystem/provenance-participant-type",
    "code": "verifier",
    "display": "Verifier",
}
RESEARCH_ONLY: Json = {"text": "For research use only, not for clinical use"}
GENDERS = {"F": "female", "M": "male", "O": "other"}
REPRESENTATIONS = ("ABC", "IDE", "SYL")
"""Name representation use (ISO 21090), by component group of the PN."""

REPRESENTATION_URL = "http://hl7.org/fhir/StructureDefinition/iso21090-EN-representation"


def bundle(report: SignedReport, pdf: bytes | None) -> Json:
    """The whole Bundle as JSON values. pdf: the printed report, or None."""
    resources = list(_resources(report, pdf))
    return {
        "resourceType": "Bundle",
        "identifier": {"system": UIDS, "value": _oid(report.report_uid)},
        "type": "collection",
        "timestamp": report.signature.at.isoformat(),
        "entry": [{"fullUrl": url, "resource": resource} for url, resource in resources],
    }


def _resources(report: SignedReport, pdf: bytes | None) -> Iterator[tuple[str, Json]]:
    yield _url(report, "patient"), _patient(report)
    yield _url(report, "reader"), _practitioner(report)
    yield _url(report, "study"), _imaging_study(report)
    for algorithm in dict.fromkeys(run.algorithm for run in report.runs):
        yield _url(report, algorithm.sha256), _device(algorithm)
    results = [*_observations(report)]
    yield from results
    yield _url(report, "report"), _diagnostic_report(report, [url for url, _one in results], pdf)
    yield _url(report, "provenance"), _provenance(report)


def _url(report: SignedReport, part: str) -> str:
    digest = hashlib.sha256(f"{report.report_uid}\0{part}".encode()).digest()
    return f"urn:uuid:{uuid.UUID(bytes=digest[:16], version=4)}"


def _reference(report: SignedReport, part: str, display: str = "") -> Json:
    named: Json = {"display": display} if display else {}
    return {"reference": _url(report, part), **named}


def _oid(uid: str) -> str:
    return f"urn:oid:{uid}"


def coding(code: CodedConcept) -> Json:
    """A CodeableConcept; a code of a scheme without a public name goes without a system, never under another."""
    system = SYSTEMS.get(code.scheme)
    named: Json = {} if system is None else {"system": system}
    one = {**named, "code": code.value, "display": code.meaning}
    return {"coding": [one], "text": code.meaning}


def human_names(stored: str) -> list[Json]:
    """A PN (PS3.5 6.2.1): a HumanName for each component group."""
    names = []
    for group, representation in zip(stored.split("="), REPRESENTATIONS, strict=False):
        parts = [part.strip() for part in group.split("^")]
        if not any(parts):
            continue
        family, given, middle, prefix, suffix = (*parts, "", "", "", "", "")[:5]
        name: Json = {
            "extension": [{"url": REPRESENTATION_URL, "valueCode": representation}],
            "family": family,
            "given": [one for one in (given, middle) if one],
            "prefix": [prefix] if prefix else [],
            "suffix": [suffix] if suffix else [],
        }
        names.append({key: value for key, value in name.items() if value})
    return names


def _patient(report: SignedReport) -> Json:
    patient = report.patient
    made: Json = {"resourceType": "Patient"}
    if patient.patient_id:
        identifier: Json = {"value": patient.patient_id}
        if patient.issuer:
            identifier["assigner"] = {"display": patient.issuer}
        made["identifier"] = [identifier]
    names = human_names(patient.name)
    if names:
        made["name"] = names
    if patient.sex in GENDERS:
        made["gender"] = GENDERS[patient.sex]
    if _day(patient.birth_date):
        made["birthDate"] = _day(patient.birth_date)
    return made


def _day(stored: str) -> str:
    """A DA as FHIR's date, or "" where it is none."""
    if len(stored) != 8 or not stored.isdigit():
        return ""
    return f"{stored[:4]}-{stored[4:6]}-{stored[6:]}"


def _practitioner(report: SignedReport) -> Json:
    signature = report.signature
    made: Json = {"resourceType": "Practitioner", "name": [{"text": signature.reader}]}
    if signature.user:
        made["identifier"] = [{"type": {"text": "Login name"}, "value": signature.user}]
    return made


def _imaging_study(report: SignedReport) -> Json:
    study = report.study
    identifiers: list[Json] = [{"system": UIDS, "value": _oid(study.uid)}]
    if study.accession_number:
        accession: Json = {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/v2-0203", "code": "ACSN"}]
        }
        identifiers.append({"type": accession, "value": study.accession_number})
    made: Json = {
        "resourceType": "ImagingStudy",
        "identifier": identifiers,
        "status": "available",
        "subject": _reference(report, "patient"),
    }
    if _day(study.date):
        made["started"] = _day(study.date)
    if study.description:
        made["description"] = study.description
    return made


def _device(algorithm: Algorithm) -> Json:
    made: Json = {
        "resourceType": "Device",
        "identifier": [{"system": UIDS, "value": _oid(device_uid(algorithm.sha256))}],
        "deviceName": [{"name": algorithm.name, "type": "model-name"}],
        "modelNumber": algorithm.model_id,
        "version": [{"value": algorithm.version}],
        "type": coding(report_code("artificial_intelligence")),
        "note": [{"text": f"SHA-256 of the network: {algorithm.sha256}"}],
        "safety": [RESEARCH_ONLY],
    }
    if algorithm.manufacturer:
        made["manufacturer"] = algorithm.manufacturer
    return made


def _observations(report: SignedReport) -> Iterator[tuple[str, Json]]:
    for run in report.runs:
        for finding, group in zip(run.findings, ai_groups_of(run), strict=True):
            yield (
                _url(report, f"ai {finding.tracking_uid}"),
                _ai_observation(report, finding, group),
            )
    for group in groups_of(report):
        yield _url(report, f"reader {group.tracking_uid}"), _reader_observation(report, group)
    for drawn in drawn_groups_of(report):
        for number, measured in enumerate(drawn.measured):
            part = f"measured {drawn.uid} {number}"
            yield _url(report, part), _measurement(report, measured, drawn.comments)


def _observation(report: SignedReport, status: str, code: CodedConcept) -> Json:
    return {
        "resourceType": "Observation",
        "status": status,
        "category": [
            {
                "coding": [
                    {
                        "system": "http://terminology.hl7.org/CodeSystem/observation-category",
                        "code": "imaging",
                    }
                ]
            }
        ],
        "code": coding(code),
        "subject": _reference(report, "patient"),
        "derivedFrom": [_reference(report, "study")],
    }


def _ai_observation(report: SignedReport, finding: Finding, group: Group) -> Json:
    made = _observation(report, "preliminary", group.finding)
    made["meta"] = {"security": [AI_ASSERTED]}
    made["identifier"] = [{"system": UIDS, "value": _oid(finding.tracking_uid)}]
    made["valueCodeableConcept"] = coding(group.presence)
    made["note"] = [{"text": sentence} for sentence in group.comments]
    if finding.algorithm is not None:
        made["device"] = _reference(report, finding.algorithm.sha256)
    if group.measured is not None:
        made["component"] = [
            {"code": coding(group.measured.name), "valueQuantity": _quantity(group.measured)}
        ]
    return made


def _reader_observation(report: SignedReport, group: Group) -> Json:
    made = _observation(report, "final", group.finding)
    made["performer"] = [_reference(report, "reader", report.signature.reader)]
    made["valueCodeableConcept"] = coding(group.presence)
    made["note"] = [{"text": sentence} for sentence in group.comments]
    if group.site is not None:
        made["bodySite"] = coding(group.site)
    stated = (("assessment", group.assessment), ("override_reason", group.reason))
    made["component"] = [
        {"code": coding(report_code(key)), "valueCodeableConcept": coding(value)}
        for key, value in stated
        if value is not None
    ]
    if group.reported is not None:
        made["effectiveDateTime"] = group.reported.decision.at.isoformat()
        if group.reported.finding.algorithm is not None:
            made["derivedFrom"] = [
                _reference(report, "study"),
                _reference(report, f"ai {group.tracking_uid}"),
            ]
    return made


def _measurement(report: SignedReport, measured: Measured, comments: Sequence[str]) -> Json:
    made = _observation(report, "final", measured.name)
    made["performer"] = [_reference(report, "reader", report.signature.reader)]
    made["valueQuantity"] = _quantity(measured)
    made["note"] = [{"text": sentence} for sentence in comments]
    return made


def _quantity(measured: Measured) -> Json:
    unit = measured.unit
    if unit.scheme != "UCUM":
        return {"value": measured.value, "unit": unit.meaning}
    return {
        "value": measured.value,
        "unit": unit.meaning,
        "system": SYSTEMS["UCUM"],
        "code": unit.value,
    }


def _diagnostic_report(report: SignedReport, results: Sequence[str], pdf: bytes | None) -> Json:
    signature = report.signature
    made: Json = {
        "resourceType": "DiagnosticReport",
        "identifier": [{"system": UIDS, "value": _oid(report.report_uid)}],
        "status": "corrected" if report.predecessor_uid else "final",
        "code": coding(report_code("text_report_title")),
        "subject": _reference(report, "patient"),
        "effectiveDateTime": _day(report.study.date) or signature.at.isoformat(),
        "issued": signature.at.isoformat(),
        "resultsInterpreter": [_reference(report, "reader", signature.reader)],
        "imagingStudy": [_reference(report, "study")],
        "result": [{"reference": url} for url in results],
        "conclusion": "\n".join(_conclusion(report)),
    }
    if pdf is not None:
        content = base64.b64encode(pdf).decode("ascii")
        made["presentedForm"] = [
            {"contentType": "application/pdf", "data": content, "title": "Second read report"}
        ]
    return made


def _conclusion(report: SignedReport) -> Iterator[str]:
    sentences = (report.text, report.misses, *report.statements, f"SHA-256 {report.sha256}")
    yield from (sentence for sentence in sentences if sentence.strip())
    yield "For research use only, not for clinical use."


def _provenance(report: SignedReport) -> Json:
    signature = report.signature
    who = _reference(report, "reader", signature.reader)
    return {
        "resourceType": "Provenance",
        "target": [_reference(report, "report")],
        "recorded": signature.at.isoformat(),
        "agent": [{"type": {"coding": [VERIFIER]}, "who": who}],
        "signature": [
            {
                "type": [
                    {
                        "system": "urn:iso-astm:E1762-95:2013",
                        "code": "1.2.840.10065.1.12.1.5",
                        "display": "Verification Signature",
                    }
                ],
                "when": signature.at.isoformat(),
                "who": who,
                "sigFormat": "application/json",
                "data": base64.b64encode(report.sha256.encode()).decode("ascii"),
            }
        ],
    }
