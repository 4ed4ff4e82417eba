"""Small real values for tests of review, store and export: one study, one model, its findings."""

from datetime import UTC, datetime, timedelta

from viewer.domain.coding import CodedConcept
from viewer.domain.finding import (
    Algorithm,
    Finding,
    InputEvidence,
    Localization,
    Mark,
    ModelRun,
    OperatingPoint,
    RunState,
    Score,
    Source,
)
from viewer.domain.study import Patient, Study
from viewer.review.decision import Decision, Verdict

STUDY_UID = "1.2.826.0.1.3680043.8.498.1"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HEART = CodedConcept("80891009", "SCT", "Heart")
LARGE_HEART = CodedConcept("8186001", "SCT", "Cardiomegaly")
MASS = CodedConcept("4147007", "SCT", "Mass")
ALGORITHM = Algorithm("org.example.heart", "Heart size", "1.0.0", "Example", "a" * 64, "b" * 64)
OPERATING_POINT = OperatingPoint("second_read", 0.5)


def after_noon(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def study(uid: str = STUDY_UID) -> Study:
    patient = Patient("ID-1", "Müller^Änne=山田^花子", "19400305", "F")
    return Study(uid, patient, "20260101", "101500", "THORAX", "ACC1", "S1", ())


def ai_finding(uid: str = "2.25.1", ratio: float = 0.56) -> Finding:
    marks = (
        Mark("Heart", ((100.0, 200.0), (300.0, 200.0))),
        Mark("Thorax", ((50.0, 220.0), (407.0, 220.0))),
    )
    return Finding(
        uid,
        "enlarged_cardiac_silhouette",
        "Enlarged cardiac silhouette",
        LARGE_HEART,
        HEART,
        Source.AI,
        score=Score("Cardiothoracic ratio", ratio),
        operating_point=OPERATING_POINT,
        algorithm=ALGORITHM,
        localization=Localization("1.2.3", 0, marks),
    )


def reader_finding(uid: str = "2.25.9") -> Finding:
    return Finding(uid, "mass", "Mass", MASS, None, Source.READER, laterality="R")


def added(finding: Finding, reader: str = "Dr Li") -> Decision:
    return Decision(finding.tracking_uid, Verdict.ADDED, reader, NOON)


def run(
    *findings: Finding,
    state: RunState = RunState.DONE,
    study_uid: str = STUDY_UID,
    display_set_uid: str = "set-1",
    reason: str = "",
) -> ModelRun:
    return ModelRun(
        "2.25.77",
        state,
        study_uid,
        "1.2.3.4",
        display_set_uid,
        ALGORITHM,
        reason,
        findings,
        inputs=(InputEvidence("1.2.3", "1.2.840.10008.5.1.4.1.1.1", 0, "c" * 64, "d" * 64),),
        asked_for=("Enlarged cardiac silhouette",),
        operating_point=OPERATING_POINT,
        provider="CPUExecutionProvider",
        runtime="onnxruntime 1.0",
        seconds=0.5,
    )
