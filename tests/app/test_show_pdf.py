"""A PDF of a study opens with its pages; a locked one can still be saved."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pdf_files import locked_pdf, pdf, write_pdf_object

from viewer.app.open_object import open_object
from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench
from viewer.base.errors import ViewerError
from viewer.domain.study_object import ObjectKind


def open_letter(bench: Workbench, folder: Path, content: bytes) -> None:
    write_pdf_object(folder / "letter.dcm", content)
    open_paths(bench, [folder])
    (jane,) = [study for study in bench.session.index.studies if study.objects]
    (letter,) = jane.objects
    assert (letter.kind, jane.patient.name) == (ObjectKind.DOCUMENT, "DOE^JANE")
    open_object(bench, jane, letter)


def test_pages_are_drawn_when_asked_for(bench: Workbench, two_patients: Path) -> None:
    open_letter(bench, two_patients, pdf())
    study, _document, pages, acts = bench.dialogs.shown_pdf
    assert study.patient.name == "DOE^JANE"
    assert (len(pages.pages), pages.fault) == (2, "")
    taken: list[NDArray[np.uint8]] = []
    failed: list[ViewerError] = []
    acts.draw(1, 1.0, taken.append, failed.append)
    acts.draw(5, 1.0, taken.append, failed.append)
    assert [page.shape for page in taken] == [(400, 300, 3)]
    assert "damaged" in str(failed[0])


def test_a_locked_document_says_so_and_is_saved_as_it_came(
    bench: Workbench, two_patients: Path, tmp_path: Path
) -> None:
    content = locked_pdf()
    open_letter(bench, two_patients, content)
    _study, _document, pages, acts = bench.dialogs.shown_pdf
    assert pages.pages == () and "protected by a password" in pages.fault
    bench.dialogs.target = tmp_path / "saved.pdf"
    acts.save()
    assert bench.dialogs.target.read_bytes().rstrip(b"\0") == content.rstrip(b"\0")
    assert bench.dialogs.asked_name == "document.pdf"


def test_a_place_that_cannot_be_written_is_said(
    bench: Workbench, two_patients: Path, tmp_path: Path
) -> None:
    open_letter(bench, two_patients, pdf())
    notices: list[str] = []
    bench.session.events.notice.subscribe(notices.append)
    bench.dialogs.target = tmp_path / "no" / "such" / "folder.pdf"
    bench.dialogs.shown_pdf[3].save()
    assert "could not be written" in notices[-1]
