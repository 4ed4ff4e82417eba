"""Small PDFs, whole, broken and locked, and DICOM objects around them."""

from io import BytesIO
from pathlib import Path

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import EncapsulatedPDFStorage, ExplicitVRLittleEndian
from pypdf import PdfReader, PdfWriter
from reportlab.pdfgen.canvas import Canvas

PAGE_PT = (300.0, 400.0)
PAD = b"\0"


def pdf(pages: int = 2) -> bytes:
    """Each page has a black square of 100 pt in its lower left corner."""
    written = BytesIO()
    canvas = Canvas(written, pagesize=PAGE_PT, invariant=1)
    for _page in range(pages):
        canvas.rect(0, 0, 100, 100, stroke=0, fill=1)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


def locked_pdf() -> bytes:
    writer, written = PdfWriter(clone_from=PdfReader(BytesIO(pdf()))), BytesIO()
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(written)
    return written.getvalue()


def write_pdf_object(path: Path, content: bytes, **attributes: object) -> Path:
    """An Encapsulated PDF object of the study of `dicom_films`, padded to an even length."""
    made = Dataset()
    for keyword, value in {
        "SOPClassUID": EncapsulatedPDFStorage,
        "SOPInstanceUID": "2.25.501",
        "StudyInstanceUID": "2.25.1",
        "SeriesInstanceUID": "2.25.502",
        "SeriesNumber": 50,
        "Modality": "DOC",
        "PatientName": "DOE^JANE",
        "PatientID": "ID-1",
        "PatientBirthDate": "19700101",
        "ContentDate": "20260102",
        "DocumentTitle": "Letter",
        "VerificationFlag": "UNVERIFIED",
        "MIMETypeOfEncapsulatedDocument": "application/pdf",
        "EncapsulatedDocumentLength": len(content),
        "EncapsulatedDocument": content + PAD * (len(content) % 2),
        **attributes,
    }.items():
        if value is not None:
            setattr(made, keyword, value)
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.file_meta.MediaStorageSOPClassUID = made.SOPClassUID
    made.file_meta.MediaStorageSOPInstanceUID = made.SOPInstanceUID
    made.save_as(path, enforce_file_format=True)
    return path
