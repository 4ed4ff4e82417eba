"""Does a signed report still match its own hash, its images, its models, and, run again, its scores?"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from viewer.app.analyze_display_set import analyze_display_set
from viewer.app.heatmaps import study_files
from viewer.app.jobs import ignore
from viewer.base.errors import FileProblem, ViewerError
from viewer.base.i18n import _
from viewer.dicom.decoder import decode
from viewer.dicom.evidence import file_sha256, pixels_sha256
from viewer.domain.display_set import DisplaySet, FrameRef
from viewer.domain.finding import Finding, InputEvidence, ModelRun, RunState
from viewer.domain.study import StudyIndex
from viewer.inference.model_store import ModelStore
from viewer.inference.session import CUDA_PROVIDER, Device, SessionPool, usable_providers
from viewer.review.canonical import digest, from_plain
from viewer.review.report import ReportContent


@dataclass(frozen=True)
class Check:
    """One thing that was compared. matches: None where it could not be (something is not here)."""

    what: str
    matches: bool | None
    sentence: str


def read_report(path: Path) -> tuple[ReportContent, Check]:
    """The content of a report's JSON and whether it matches the hash in it.

    Raises FileProblem for a file that is no such report.
    """
    try:
        plain: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        stated = plain.pop("sha256")
        content: ReportContent = from_plain(plain, ReportContent)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, ExceptionGroup) as error:
        raise FileProblem(
            _("{name} is not a report of SecondRead in JSON ({reason}).").format(
                name=path.name, reason=type(error).__name__
            )
        ) from error
    found = digest(plain)
    same = found == stated
    words = (
        _("the report is as it was signed") if same else _("the report was changed after signing")
    )
    return content, Check(_("report {uid}").format(uid=content.report_uid), same, words)


def checks(
    content: ReportContent, images: StudyIndex, models: ModelStore, rerun: bool
) -> Iterator[Check]:
    """Compare every image and model the report names; rerun: infer again and compare the scores."""
    files = {uid: path for study in images.studies for uid, path in study_files(study).items()}
    for evidence in _inputs(content):
        yield from _image_checks(evidence, files)
    for run in content.runs:
        yield _model_check(run, models)
    if rerun:
        pool = SessionPool()
        for run in content.runs:
            if run.state is RunState.DONE:
                for device in _devices(run, models):
                    yield _rerun_check(run, images, models, pool, device)


def _inputs(content: ReportContent) -> tuple[InputEvidence, ...]:
    return tuple(dict.fromkeys(one for run in content.runs for one in run.inputs))


def _image_checks(evidence: InputEvidence, files: dict[str, Path]) -> Iterator[Check]:
    what = _("image {uid}, frame {frame}").format(
        uid=evidence.sop_instance_uid, frame=evidence.frame + 1
    )
    path = files.get(evidence.sop_instance_uid)
    if path is None:
        yield Check(what, None, _("the image is not among the files given"))
        return
    same = file_sha256(path) == evidence.file_sha256
    changed = _("{file} has changed since the AI read it").format(file=path)
    yield Check(what, same, _("the file is the one the AI read") if same else changed)
    yield _pixel_check(what, evidence, path)


def _pixel_check(what: str, evidence: InputEvidence, path: Path) -> Check:
    try:
        frame = decode(FrameRef(evidence.sop_instance_uid, evidence.frame, path))
    except ViewerError as error:
        return Check(what, False, str(error))
    same = pixels_sha256(frame) == evidence.pixels_sha256
    changed = _("the decoded pixels of {file} are not those the AI read").format(file=path)
    return Check(what, same, _("the decoded pixels are those the AI read") if same else changed)


def _model_check(run: ModelRun, models: ModelStore) -> Check:
    stated = run.algorithm
    what = _("model {name} {version}").format(name=stated.name, version=stated.version)
    found = [one for one in models.every if one.algorithm.model_id == stated.model_id]
    spoilt = [one for one in models.quarantined if _model_id(one.folder) == stated.model_id]
    if not found and spoilt:
        words = _("the installed model is not the one that ran, it is set aside: {reason}")
        return Check(what, False, words.format(reason=spoilt[0].reason))
    if not found:
        aside = " ".join(broken.reason for broken in models.quarantined)
        return Check(
            what, None, f"{_('the model is not installed here, or is set aside')}. {aside}"
        )
    if models.made(stated) is not None:
        return Check(what, True, _("weights and manifest are those that ran"))
    return Check(what, False, _("the installed weights or manifest are not those that ran"))


def _devices(run: ModelRun, models: ModelStore) -> tuple[Device, ...]:
    """The CPU, and the graphics card where there is a usable one: both must give the signed scores.

    A variant is run on the CPU alone, there as here.
    """
    package = models.made(run.algorithm)
    on_card = package is None or not package.variant
    card = on_card and CUDA_PROVIDER in usable_providers(Device.CUDA)
    return (Device.CPU, Device.CUDA) if card else (Device.CPU,)


def _model_id(folder: Path) -> str:
    """Which model a folder claims to be; "" where it does not say."""
    try:
        return str(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["model_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _rerun_check(
    run: ModelRun, images: StudyIndex, models: ModelStore, pool: SessionPool, device: Device
) -> Check:
    what = _("scores of {name}").format(name=run.algorithm.name)
    display_set = _display_set(run, images)
    package = models.made(run.algorithm)
    if display_set is None or package is None:
        return Check(what, None, _("not run again: the image or the very model is not here"))
    again = analyze_display_set(
        package, display_set, pool, device, run.reader_view, ignore, ignore
    ).run
    tolerance = package.manifest.runtime.tolerance
    difference = _largest_difference(_scores(run), _scores(again))
    if difference is None or difference > tolerance:
        return Check(
            what, False, _("run again, the outcome differs: {now}").format(now=again.state.value)
        )
    return Check(
        what,
        True,
        _("run again on {device}, equal within {tolerance:g} (difference {difference:.2g})").format(
            device=again.provider, tolerance=tolerance, difference=difference
        ),
    )


def _display_set(run: ModelRun, images: StudyIndex) -> DisplaySet | None:
    wanted = {(one.sop_instance_uid, one.frame) for one in run.inputs}
    for study in images.studies:
        for display_set in study.display_sets:
            held = {(ref.sop_instance_uid, ref.frame) for ref in display_set.frames}
            if study.uid == run.study_uid and wanted and wanted <= held:
                return display_set
    return None


def _scores(run: ModelRun) -> dict[str, float]:
    stated: Sequence[Finding] = (*run.findings, *run.below)
    return {one.key: one.score.value for one in stated if one.score is not None}


def _largest_difference(first: dict[str, float], second: dict[str, float]) -> float | None:
    """None where the two do not state the same findings."""
    if first.keys() != second.keys():
        return None
    return max((abs(first[key] - second[key]) for key in first), default=0.0)
