"""Files to de-identified files: images are written anew, documents are left out, each with its reason."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydicom import Dataset

from viewer.base.errors import DecodeError, ExportError, FileProblem
from viewer.base.i18n import _
from viewer.dicom.deidentify.instance import PIXELS, deidentified
from viewer.dicom.deidentify.pixels import RectanglePx, burned_in_reason
from viewer.dicom.deidentify.plan import Plan
from viewer.dicom.reader import read

FIRST_FOLDER = "series"


@dataclass(frozen=True)
class LeftOut:
    """A file without a de-identified copy, and why, in a sentence."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Warned:
    """A copy that may still show who the patient is, and why."""

    path: Path
    reason: str


@dataclass(frozen=True)
class Outcome:
    """What an export wrote, left out, and warns of."""

    written: tuple[Path, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    warned: tuple[Warned, ...] = ()


def deidentify_files(
    paths: Sequence[Path],
    folder: Path,
    plan: Plan,
    blank: Mapping[str, Sequence[RectanglePx]],
    report: Callable[[float], None],
) -> Outcome:
    """Write a copy of each image into `folder`, under names that say nothing.

    Parameters
    ----------
    blank : rectangles to black out by Series Instance UID
    report : 0 to 1; may raise Cancelled, then what is written so far stays

    Raises
    ------
    ExportError : the folder holds something already, or cannot be written to
    """
    _refuse_filled(folder)
    written: list[Path] = []
    left_out: list[LeftOut] = []
    warned: list[Warned] = []
    series: dict[str, int] = {}
    for number, path in enumerate(paths):
        report(number / max(len(paths), 1))
        try:
            dataset = read(path, pixels=True)
            reason = _left_out(dataset)
            if reason:
                left_out.append(LeftOut(path, reason))
                continue
            rectangles = blank.get(str(dataset.get("SeriesInstanceUID", "")), ())
            made = deidentified(dataset, plan, rectangles)
        except (FileProblem, DecodeError) as problem:
            left_out.append(LeftOut(path, str(problem)))
            continue
        target = _target(folder, dataset, series, len(written) + 1)
        _write(made, target)
        written.append(target)
        risk = "" if rectangles else burned_in_reason(dataset)
        if risk:
            warned.append(Warned(target, risk))
    return Outcome(tuple(written), tuple(left_out), tuple(warned))


def _left_out(dataset: Dataset) -> str:
    """Documents hold names and free text throughout; the profile has them made anew or dropped."""
    if any(tag in dataset for tag in PIXELS):
        return ""
    return _("{modality} objects hold free text or names and are left out.").format(
        modality=str(dataset.get("Modality") or _("These"))
    )


def _refuse_filled(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        filled = any(folder.iterdir())
    except OSError as problem:
        raise ExportError(_unwritable(folder, problem)) from problem
    if filled:
        raise ExportError(
            _("{folder} is not empty. Choose an empty or new folder.").format(folder=folder)
        )


def _target(folder: Path, dataset: Dataset, series: dict[str, int], number: int) -> Path:
    place = series.setdefault(str(dataset.get("SeriesInstanceUID", "")), len(series) + 1)
    return folder / f"{FIRST_FOLDER}_{place:03}" / f"IM{number:06}.dcm"


def _write(made: Dataset, target: Path) -> None:
    part = target.with_suffix(".part")
    try:
        target.parent.mkdir(exist_ok=True)
        with part.open("wb") as stream:
            made.save_as(stream, enforce_file_format=True)
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(target)
    except OSError as problem:
        part.unlink(missing_ok=True)
        raise ExportError(_unwritable(target, problem)) from problem


def _unwritable(path: Path, problem: OSError) -> str:
    return _("{path} cannot be written: {reason}. Choose another folder.").format(
        path=path, reason=problem.strerror or problem
    )
