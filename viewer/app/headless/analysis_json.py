"""Runs and findings as JSON values: UIDs and measurements, no patient data, and never a report."""

from collections.abc import Iterable

from viewer import __version__
from viewer.domain.coding import CodedConcept
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import Algorithm, Finding, Localization, ModelRun
from viewer.inference.model_store import ModelStore

Json = dict[str, object]

PROPOSED = "PROPOSED"
NOT_ABOVE_THRESHOLD = "NOT ABOVE THRESHOLD"
NOTICE = (
    "For research use only, not for clinical use. Output of networks, not confirmed by a physician."
)


def document(studies: list[Json], models: ModelStore, problems: list[Json], skipped: int) -> Json:
    """The whole file."""
    return {
        "program": {"name": "SecondRead", "version": __version__},
        "notice": NOTICE,
        "state": PROPOSED,
        "models": [algorithm_json(package.algorithm) for package in models.packages],
        "models_set_aside": [
            {"folder": one.folder.name, "reason": one.reason} for one in models.quarantined
        ],
        "studies": studies,
        "problems": problems,
        "skipped_files": skipped,
    }


def display_set_json(display_set: DisplaySet, runs: list[Json], reason: str) -> Json:
    """One display set with what each model did; reason: why none applies, or ""."""
    return {
        "display_set_uid": display_set.uid,
        "series_instance_uid": display_set.series_uid,
        "series_number": display_set.series_number,
        "modality": display_set.modality,
        "frames": len(display_set.frames),
        "notes": list(display_set.notes),
        "no_model_applies": reason,
        "models": runs,
    }


def run_json(run: ModelRun, heatmaps: Iterable[str]) -> Json:
    """One model's outcome. heatmaps: names of the files written."""
    point = run.operating_point
    return {
        **algorithm_json(run.algorithm),
        "run_uid": run.run_uid,
        "state": run.state.value,
        "reason": run.reason,
        "warnings": list(run.warnings),
        "asked_for": list(run.asked_for),
        "operating_point": point and {"name": point.name, "threshold": point.threshold},
        "findings": [finding_json(finding, PROPOSED) for finding in run.findings],
        "not_above_threshold": [finding_json(one, NOT_ABOVE_THRESHOLD) for one in run.below],
        "input_sop_instance_uids": [evidence.sop_instance_uid for evidence in run.inputs],
        "inputs": [
            {
                "sop_instance_uid": evidence.sop_instance_uid,
                "frame": evidence.frame,
                "file_sha256": evidence.file_sha256,
                "pixels_sha256": evidence.pixels_sha256,
            }
            for evidence in run.inputs
        ],
        "reader_view": run.reader_view,
        "provider": run.provider,
        "runtime": run.runtime,
        "seconds": round(run.seconds, 3),
        "heatmaps": list(heatmaps),
    }


def algorithm_json(algorithm: Algorithm) -> Json:
    """Who says it."""
    return {
        "model_id": algorithm.model_id,
        "name": algorithm.name,
        "version": algorithm.version,
        "manufacturer": algorithm.manufacturer,
        "sha256": algorithm.sha256,
        "manifest_sha256": algorithm.manifest_sha256,
    }


def finding_json(finding: Finding, state: str) -> Json:
    """One statement of a network, with its score and the threshold in force."""
    score, point = finding.score, finding.operating_point
    return {
        "tracking_uid": finding.tracking_uid,
        "key": finding.key,
        "label": finding.label,
        "state": state,
        "score": score
        and {
            "name": score.name,
            "value": score.value,
            "unit": score.unit,
            "calibrated": score.calibrated,
        },
        "threshold": point and point.threshold,
        "operating_point": point and point.name,
        "code": _code(finding.code),
        "site": _code(finding.site),
        "laterality": finding.laterality,
        "localization": finding.localization and _localization(finding.localization),
    }


def _code(code: CodedConcept | None) -> Json | None:
    if code is None:
        return None
    return {"value": code.value, "scheme": code.scheme, "meaning": code.meaning}


def _localization(place: Localization) -> Json:
    return {
        "sop_instance_uid": place.sop_instance_uid,
        "frame": place.frame,
        "marks": [
            {"label": mark.label, "points_px": mark.points_px, "closed": mark.closed}
            for mark in place.marks
        ],
    }
