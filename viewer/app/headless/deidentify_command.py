"""`secondread deidentify PATH... --out DIR`: copies without what tells who it is (DICOM PS3.15 Annex E)."""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from viewer.app.deidentify_choice import DeidentifyChoice
from viewer.app.deidentify_study import plan_of, summary
from viewer.app.jobs import ignore
from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.deidentify.files import deidentify_files
from viewer.dicom.file_start import is_dicom

OK, FAILED = 0, 1


def run_deidentify(paths: Sequence[Path], choice: DeidentifyChoice) -> int:
    """Write the copies and say what was written, left out and warned of; 1 where nothing was written."""
    files = tuple(dict.fromkeys(file for path in paths for file in _dicom_files(path)))
    outcome = deidentify_files(files, choice.folder, plan_of(choice), {}, ignore)
    sys.stdout.write(summary(outcome, choice.folder) + "\n")
    return OK if outcome.written else FAILED


def _dicom_files(path: Path) -> Iterator[Path]:
    if not path.exists():
        raise FileProblem(_("{path} does not exist.").format(path=path))
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    yield from (file for file in files if file.is_file() and is_dicom(file))
