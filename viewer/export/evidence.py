"""Evidence: the source images of a report; each is used only if it is still what was reviewed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset

from viewer.base.errors import DecodeError, ExportError, FileProblem
from viewer.base.i18n import _
from viewer.dicom.evidence import file_sha256
from viewer.dicom.header import patient_of
from viewer.dicom.reader import read
from viewer.dicom.scope import Scope
from viewer.domain.image import Heatmap
from viewer.review.report import SignedReport


@dataclass(frozen=True, eq=False)
class Evidence:
    """files: the file of each source image by SOP Instance UID. heatmaps: the networks' own maps."""

    files: Mapping[str, Path]
    heatmaps: tuple[Heatmap, ...] = ()


@contextmanager
def in_words_of_export() -> Iterator[None]:
    """Turn a file that cannot be read or decoded into an ExportError with the same words."""
    try:
        yield
    except (FileProblem, DecodeError) as problem:
        raise ExportError(
            _("The report was not exported. {reason}").format(reason=problem)
        ) from problem


def image_uids(report: SignedReport) -> tuple[str, ...]:
    """SOP Instance UIDs the report speaks of: inputs of the AI, key frames, places of findings and drawings."""
    inputs = [seen.sop_instance_uid for run in report.runs for seen in run.inputs]
    frames = [uid for uid, _frame in report.key_frames]
    stated = [reported.finding for reported in report.findings]
    stated += [each.decision.corrected for each in report.findings if each.decision.corrected]
    places = [each.localization.sop_instance_uid for each in stated if each.localization]
    drawn = [drawing.annotation.sop_instance_uid for drawing in report.measurements]
    return tuple(dict.fromkeys((*inputs, *frames, *places, *drawn)))


def verified_file(report: SignedReport, evidence: Evidence, sop_instance_uid: str) -> Path:
    """The file of an image, if its SHA-256 is the one the AI saw (where it saw it).

    Raises ExportError naming the file when it is missing or has changed.
    """
    path = evidence.files.get(sop_instance_uid)
    if path is None:
        raise ExportError(
            _(
                "The image {uid} of this report is not open. Open its study and export again."
            ).format(uid=sop_instance_uid)
        )
    expected = _expected_hashes(report, sop_instance_uid)
    with in_words_of_export():
        changed = bool(expected) and expected != {file_sha256(path)}
    if changed:
        raise ExportError(
            _(
                "{file} has changed since it was reviewed; the report was not exported. "
                "Restore the file, or read the study again."
            ).format(file=path)
        )
    return path


def verified_source(report: SignedReport, evidence: Evidence, sop_instance_uid: str) -> Dataset:
    """The header of a source image, proven to be this report's image, study and patient.

    Raises ExportError naming the file when anything does not agree.
    """
    path = verified_file(report, evidence, sop_instance_uid)
    with in_words_of_export():
        header = read(path, pixels=False)
    if _identity(header) != _stated_identity(report, sop_instance_uid):
        raise ExportError(
            _(
                "{file} is of another image, study or patient than this report; nothing was exported."
            ).format(file=path)
        )
    return header


def verified_sources(report: SignedReport, evidence: Evidence) -> dict[str, Dataset]:
    """Headers of all images the report speaks of, or of one open image where it names none."""
    named = image_uids(report) or tuple(evidence.files)[:1]
    if not named:
        raise ExportError(
            _("No image of this report's study is open. Open the study and export again.")
        )
    return {uid: verified_source(report, evidence, uid) for uid in named}


def _expected_hashes(report: SignedReport, sop_instance_uid: str) -> set[str]:
    return {
        seen.file_sha256
        for run in report.runs
        for seen in run.inputs
        if seen.sop_instance_uid == sop_instance_uid and seen.file_sha256
    }


def _identity(header: Dataset) -> tuple[str, ...]:
    scope = Scope((header,))
    uids = (scope.text("SOPInstanceUID"), scope.text("StudyInstanceUID"))
    return (*uids, *patient_of(scope).key)


def _stated_identity(report: SignedReport, sop_instance_uid: str) -> tuple[str, ...]:
    return (sop_instance_uid, report.study.uid, *report.patient.key)
