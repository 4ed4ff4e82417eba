"""Real signed reports for the tests of the exporters: made by sign() from a Case, on a real radiograph."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
from pydicom import dcmread
from pydicom.data import get_testdata_file

from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import FrameRef
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
from viewer.domain.geometry import Affine2D
from viewer.domain.image import Heatmap
from viewer.domain.study import Patient, Study
from viewer.export.evidence import Evidence
from viewer.review.case import Case
from viewer.review.decision import Decision, OverrideReason, Verdict, confirm, override
from viewer.review.events import (
    AmendmentStarted,
    CaseEvent,
    Decided,
    FindingAdded,
    MissesAttested,
    RunRecorded,
    Signed,
    TextChanged,
)
from viewer.review.report import SignedReport
from viewer.review.signature import sign

READER = "Dr Eva Müller"
USER = "emueller"
"""Her login name."""

AT = datetime(2026, 11, 22, 14, 5, 9, tzinfo=timezone(timedelta(hours=1)))
CARDIOMEGALY = CodedConcept("8186001", "SCT", "Cardiomegaly")
HEART = CodedConcept("80891009", "SCT", "Heart")
LUNG = CodedConcept("39607008", "SCT", "Lung")
MASS = CodedConcept("4147007", "SCT", "Mass")
EFFUSION = CodedConcept("60046008", "SCT", "Pleural effusion")
THRESHOLD = OperatingPoint("second_read", 0.5)
MODEL = Algorithm(
    "org.secondread.chest_xray_heart_size",
    "Heart size on a PA chest radiograph",
    "1.0.0",
    "SecondRead project",
    "5f" * 32,
    "a1" * 32,
)
OTHER_MODEL = replace(MODEL, model_id="org.example.other", name="Other model", sha256="77" * 32)


@dataclass(frozen=True)
class Film:
    """One image of a study: what the header says, read without the viewer's own reader."""

    path: Path
    sop_instance_uid: str
    sop_class_uid: str
    series_uid: str
    study: Study

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.path.read_bytes()).hexdigest()


def film(path: str | Path | None = None) -> Film:
    """The chest radiograph RG1_J2KI.dcm of pydicom-data, or the file given."""
    found = Path(path or str(get_testdata_file("RG1_J2KI.dcm")))
    header = dcmread(found, stop_before_pixels=True, force=True)
    values = [
        str(header.get(k) or "")
        for k in ("PatientID", "PatientName", "PatientBirthDate", "PatientSex")
    ]
    words = [
        str(header.get(k) or "")
        for k in ("StudyDate", "StudyTime", "StudyDescription", "AccessionNumber", "StudyID")
    ]
    study = Study(header.StudyInstanceUID, Patient(*values), *words, series=())
    return Film(found, header.SOPInstanceUID, header.SOPClassUID, header.SeriesInstanceUID, study)


def enlarged_heart(of: Film, tracking_uid: str = "2.25.11") -> Finding:
    """The AI's finding with the two diameters, in image px of RG1_J2KI.dcm."""
    marks = (
        Mark("Heart diameter", ((610.0, 1390.25), (1330.5, 1390.25))),
        Mark("Thoracic diameter", ((260.0, 1510.0), (1570.0, 1510.0))),
    )
    return Finding(
        tracking_uid,
        "enlarged_cardiac_silhouette",
        "Enlarged cardiac silhouette",
        CARDIOMEGALY,
        HEART,
        Source.AI,
        score=Score("Cardiothoracic ratio", 720.5 / 1310.0),
        operating_point=THRESHOLD,
        algorithm=MODEL,
        localization=Localization(of.sop_instance_uid, 0, marks),
    )


def opacity(of: Film, tracking_uid: str = "2.25.12") -> Finding:
    """A second AI finding, with a box."""
    box = ((300.0, 500.0), (520.0, 500.0), (520.0, 700.0), (300.0, 700.0))
    return Finding(
        tracking_uid,
        "lung_opacity",
        "Lung opacity",
        CodedConcept("112001", "DCM", "Opacity"),
        LUNG,
        Source.AI,
        laterality="R",
        score=Score("Score", 0.71),
        operating_point=OperatingPoint("second_read", 0.42),
        algorithm=OTHER_MODEL,
        localization=Localization(of.sop_instance_uid, 0, (Mark("Opacity", box, closed=True),)),
    )


def mass(of: Film, tracking_uid: str = "2.25.13") -> Finding:
    """The reader's own finding, at one point."""
    place = Localization(of.sop_instance_uid, 0, (Mark("", ((1280.0, 760.0),)),))
    return Finding(
        tracking_uid, "", "Lung mass", MASS, LUNG, Source.READER, laterality="L", localization=place
    )


def run(of: Film, *findings: Finding, model: Algorithm = MODEL, **changed: object) -> ModelRun:
    """A finished run of `model` on the film."""
    seen = InputEvidence(of.sop_instance_uid, of.sop_class_uid, 0, of.sha256, "00" * 32)
    done = ModelRun(
        run_uid=f"2.25.{int(model.sha256[:8], 16)}",
        state=RunState.DONE,
        study_uid=of.study.uid,
        series_uid=of.series_uid,
        display_set_uid="set-1",
        algorithm=model,
        findings=findings,
        inputs=(seen,),
        asked_for=("enlarged cardiac silhouette",),
        operating_point=THRESHOLD,
        provider="CPUExecutionProvider",
        runtime="onnxruntime 1.32.0",
        seconds=0.4,
    )
    return replace(done, **changed)  # type: ignore[arg-type]


def added(finding: Finding, comment: str = "") -> FindingAdded:
    """The event of a finding of the reader's own."""
    return FindingAdded(
        finding, Decision(finding.tracking_uid, Verdict.ADDED, READER, AT, comment=comment)
    )


def signed(
    of: Film,
    events: Sequence[CaseEvent],
    reader: str = READER,
    not_run: Sequence[str] = (),
    user: str = USER,
) -> SignedReport:
    """The report that follows from the events, in order."""
    case = Case(of.study.uid)
    for event in events:
        case.apply(event)
    return sign(case, of.study, reader, AT, "SecondRead 0.1.0", not_run, user=user)


def full_events(of: Film, text: str = "Grüße: ≥ 2 Rundherde, Καρδιά μεγάλη.") -> list[CaseEvent]:
    """One AI finding confirmed, one overridden, one added by the reader, text written."""
    heart, shadow = enlarged_heart(of), opacity(of)
    rejected = override(shadow, READER, AT, OverrideReason.TECHNIQUE, "Skin fold.")
    return [
        RunRecorded(run(of, heart), AT),
        RunRecorded(run(of, shadow, model=OTHER_MODEL), AT),
        Decided(confirm(heart, READER, AT)),
        Decided(rejected),
        added(mass(of), "Two further masses below it."),
        MissesAttested(True, READER, AT),
        TextChanged(text, READER, AT),
    ]


def full_report(of: Film) -> SignedReport:
    """A report with all three verdicts."""
    return signed(of, full_events(of))


def privately_coded_report(of: Film) -> SignedReport:
    """A confirmed finding whose label has a code of a private scheme, as own networks bring it."""
    heart = replace(
        enlarged_heart(of), code=CodedConcept("LARGE_HEART", "99TRAINED", "Large heart")
    )
    return signed(
        of,
        [
            RunRecorded(run(of, heart), AT),
            Decided(confirm(heart, READER, AT)),
            MissesAttested(True, READER, AT),
        ],
    )


def normal_report(of: Film) -> SignedReport:
    """No finding above the threshold, none added."""
    return signed(of, [RunRecorded(run(of), AT), MissesAttested(True, READER, AT)])


def corrected_report(of: Film) -> SignedReport:
    """The AI's opacity overridden by a finding of the reader's own, on the left."""
    shadow = opacity(of)
    instead = Finding(
        "2.25.14", "", "Pleural effusion", EFFUSION, None, Source.READER, laterality="L"
    )
    decision = override(shadow, READER, AT, OverrideReason.WRONG_LABEL, "Meniscus.", instead)
    return signed(
        of,
        [
            RunRecorded(run(of, shadow, model=OTHER_MODEL), AT),
            Decided(decision),
            MissesAttested(True, READER, AT),
        ],
    )


def amended_reports(of: Film) -> tuple[SignedReport, SignedReport]:
    """A full report, and the version that replaced it."""
    case = Case(of.study.uid)
    for event in full_events(of):
        case.apply(event)
    first = sign(case, of.study, READER, AT, "SecondRead 0.1.0", user=USER)
    for event in (Signed(first), AmendmentStarted(READER, AT), TextChanged("Amended.", READER, AT)):
        case.apply(event)
    return first, sign(case, of.study, READER, AT, "SecondRead 0.1.0", user=USER)


def evidence(of: Film) -> Evidence:
    """The film and a map of the heart with a known place: its hottest spot is at (970, 1390) px."""
    rows, columns = np.mgrid[0:32, 0:32].astype(np.float32)
    values = np.exp(-((rows - 22) ** 2 / 18 + (columns - 16) ** 2 / 30)).astype(np.float32)
    heat = Heatmap(
        FrameRef(of.sop_instance_uid, 0, of.path),
        MODEL.model_id,
        "Heart",
        "Segmentation probability (heart and lungs)",
        values,
        Affine2D.scale_translate(57.5, 61.0, 50.0, 48.0),
        CodedConcept("80891009", "SCT", "Heart"),
    )
    return Evidence({of.sop_instance_uid: of.path}, (heat,))


def film_of(folder: Path, **changed: object) -> Film:
    """A copy of the radiograph with other header values, in UTF-8 where no other is given."""
    dataset = dcmread(str(get_testdata_file("RG1_J2KI.dcm")))
    dataset.SpecificCharacterSet = "ISO_IR 192"
    for keyword, value in changed.items():
        setattr(dataset, keyword, value)
    path = folder / "film.dcm"
    dataset.save_as(path)
    return film(path)
