"""The PDF of an Encapsulated PDF object comes out byte by byte, or is refused by name."""

from pathlib import Path

import pytest
from pdf_files import pdf, write_pdf_object

from viewer.base.errors import FileProblem
from viewer.dicom.encapsulated_pdf import read_pdf
from viewer.dicom.indexer import index
from viewer.domain.pdf_document import PdfDocument
from viewer.domain.study_object import ObjectKind

ODD = pdf() + (b"" if len(pdf()) % 2 else b"\n")


def document_of(path: Path) -> PdfDocument:
    (study,) = index([path], lambda _batch: None, lambda _fraction: None).studies
    (found,) = study.objects
    assert found.kind is ObjectKind.DOCUMENT
    return read_pdf(found)


def test_title_date_and_verification_come_with_the_document(tmp_path: Path) -> None:
    document = document_of(write_pdf_object(tmp_path / "letter.dcm", pdf()))
    assert (document.title, document.date) == ("Letter", "20260102")
    assert (document.verification, document.patient.patient_id) == ("UNVERIFIED", "ID-1")


def test_the_byte_that_pads_to_an_even_length_is_taken_off(tmp_path: Path) -> None:
    assert len(ODD) % 2 == 1
    assert document_of(write_pdf_object(tmp_path / "odd.dcm", ODD)).content == ODD


def test_a_wrong_length_cuts_nothing_off(tmp_path: Path) -> None:
    path = write_pdf_object(tmp_path / "x.dcm", pdf(), EncapsulatedDocumentLength=12)
    assert document_of(path).content.rstrip(b"\0") == pdf()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"MIMETypeOfEncapsulatedDocument": "text/xml"}, "of the type text/xml, not a PDF"),
        ({"EncapsulatedDocument": b"hello!"}, "holds no PDF"),
        ({"EncapsulatedDocument": None}, "holds no PDF"),
    ],
)
def test_what_is_no_pdf_is_refused_by_name(tmp_path: Path, changes, reason: str) -> None:
    path = write_pdf_object(tmp_path / "letter.dcm", pdf(), **changes)
    with pytest.raises(FileProblem, match=rf"letter\.dcm .*{reason}"):
        document_of(path)
