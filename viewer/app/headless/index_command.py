"""`secondread index`: what lies under files and folders, as text or JSON."""

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from viewer.app.headless.index_json import index_json
from viewer.base.errors import FileProblem
from viewer.base.i18n import _, plural
from viewer.dicom.indexer import index
from viewer.domain.study import Study, StudyIndex

OK, FAILED = 0, 1


def run_index(paths: Sequence[Path], as_json: bool) -> int:
    """Index and print; returns 0, or 1 with one line on stderr when nothing could be read."""
    try:
        found = index(paths, lambda _found: None, lambda _share: None)
    except FileProblem as problem:
        print(f"secondread: {problem}", file=sys.stderr)
        return FAILED
    if as_json:
        print(json.dumps(index_json(found), indent=2, ensure_ascii=False))
    else:
        print("\n".join(_lines(found)))
    if found.studies:
        return OK
    print(f"secondread: {_nothing(paths, found)}", file=sys.stderr)
    return FAILED


def _nothing(paths: Sequence[Path], found: StudyIndex) -> str:
    if found.problems:
        return found.problems[0].reason
    words = _("No DICOM study was found in {place}.")
    return words.format(place=", ".join(str(path) for path in paths))


def _lines(found: StudyIndex) -> Iterator[str]:
    for study in found.studies:
        yield from _study_lines(study)
    for problem in found.problems:
        yield _("not usable: {reason}").format(reason=problem.reason)
    yield plural("{n} other file skipped", "{n} other files skipped", found.skipped)


def _study_lines(study: Study) -> Iterator[str]:
    patient = study.patient
    yield f"{patient.name} [{patient.patient_id}]  {study.date}  {study.description}  {study.uid}"
    for series in study.series:
        count = plural("{n} instance", "{n} instances", len(series.instances))
        number = "" if series.number is None else series.number
        yield f"  {number} {series.modality} {series.description}  {count}"
        for shown in series.display_sets:
            size = f"{shown.acquisition.columns} x {shown.acquisition.rows}"
            yield "    " + plural("{n} frame", "{n} frames", len(shown.frames)) + f", {size}"
            yield from (f"      {note}" for note in shown.notes)
