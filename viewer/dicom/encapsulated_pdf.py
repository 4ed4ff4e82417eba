"""read_pdf: the PDF inside an Encapsulated PDF object (PS3.3 C.24.2)."""

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.header import patient_of
from viewer.dicom.object_file import read_object_file
from viewer.dicom.scope import Scope
from viewer.domain.pdf_document import PdfDocument
from viewer.domain.study_object import StudyObject

PDF_MIME_TYPE = "application/pdf"
PDF_START, START_BYTES = b"%PDF-", 1024
"""A PDF begins with this somewhere in its first kilobyte (ISO 32000 annex H)."""


def read_pdf(found: StudyObject) -> PdfDocument:
    """The document; raises FileProblem where the object holds no PDF."""
    scope = Scope((read_object_file(found),))
    name = found.path.name
    mime_type = scope.text("MIMETypeOfEncapsulatedDocument").lower()
    if mime_type not in ("", PDF_MIME_TYPE):
        words = _("{name} holds a document of the type {type}, not a PDF. It cannot be shown.")
        raise FileProblem(words.format(name=name, type=mime_type))
    content = scope.value("EncapsulatedDocument")
    if not isinstance(content, bytes) or PDF_START not in content[:START_BYTES]:
        raise FileProblem(_("{name} holds no PDF. Ask for a new copy of it.").format(name=name))
    length = scope.integer("EncapsulatedDocumentLength")
    padded = length is not None and length == len(content) - 1
    return PdfDocument(
        title=found.title,
        patient=patient_of(scope),
        date=found.date,
        time=found.time,
        verification=scope.text("VerificationFlag"),
        content=content[:length] if padded else content,
    )
