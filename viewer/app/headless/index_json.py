"""A StudyIndex as JSON values: patients, studies, series, instances, display sets, problems."""

from collections.abc import Sequence
from itertools import groupby

from viewer.domain.display_set import DisplaySet
from viewer.domain.study import Instance, Series, Study, StudyIndex
from viewer.domain.study_object import StudyObject

Json = dict[str, object]


def index_json(found: StudyIndex) -> Json:
    """The whole index; studies are grouped by patient."""
    ordered = sorted(found.studies, key=lambda study: study.patient.key)
    groups = groupby(ordered, lambda study: study.patient.key)
    return {
        "patients": [_patient(list(studies)) for _key, studies in groups],
        "problems": [
            {"path": str(problem.path), "reason": problem.reason} for problem in found.problems
        ],
        "skipped": found.skipped,
        "files_seen": found.files_seen,
    }


def _patient(studies: Sequence[Study]) -> Json:
    patient = studies[0].patient
    return {
        "patient_id": patient.patient_id,
        "issuer": patient.issuer,
        "name": patient.name,
        "birth_date": patient.birth_date,
        "sex": patient.sex,
        "studies": [_study(study) for study in studies],
    }


def _study(study: Study) -> Json:
    return {
        "study_instance_uid": study.uid,
        "date": study.date,
        "time": study.time,
        "description": study.description,
        "accession_number": study.accession_number,
        "series": [_series(series) for series in study.series],
        "objects": [_object(found) for found in study.objects],
    }


def _series(series: Series) -> Json:
    return {
        "series_instance_uid": series.uid,
        "modality": series.modality,
        "number": series.number,
        "description": series.description,
        "instances": [_instance(instance) for instance in series.instances],
        "display_sets": [_display_set(shown) for shown in series.display_sets],
    }


def _object(found: StudyObject) -> Json:
    return {
        "kind": found.kind.value,
        "title": found.title,
        "date": found.date,
        "time": found.time,
        "series_number": found.series_number,
        "sop_instance_uid": found.sop_instance_uid,
        "sop_class_uid": found.sop_class_uid,
        "path": str(found.path),
    }


def _instance(instance: Instance) -> Json:
    return {
        "sop_instance_uid": instance.sop_instance_uid,
        "sop_class_uid": instance.sop_class_uid,
        "transfer_syntax_uid": instance.transfer_syntax_uid,
        "number": instance.number,
        "frames": instance.frames,
        "rows": instance.rows,
        "columns": instance.columns,
        "path": str(instance.path),
    }


def _display_set(shown: DisplaySet) -> Json:
    acquisition = shown.acquisition
    return {
        "uid": shown.uid,
        "description": shown.description,
        "modality": acquisition.modality,
        "body_part": acquisition.body_part,
        "view": acquisition.view,
        "rows": acquisition.rows,
        "columns": acquisition.columns,
        "frames": [
            {"sop_instance_uid": ref.sop_instance_uid, "frame": ref.frame + 1}
            for ref in shown.frames
        ],
        "notes": list(shown.notes),
    }
