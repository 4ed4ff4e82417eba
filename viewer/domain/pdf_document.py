"""PdfDocument: a PDF that came inside a DICOM object, with what its header says of it."""

from dataclasses import dataclass, field

from viewer.domain.study import Patient


@dataclass(frozen=True)
class PdfDocument:
    """verification: VERIFIED, UNVERIFIED or "" as stored. date, time: DA and TM. content: the PDF file."""

    title: str
    patient: Patient
    date: str
    time: str
    verification: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class PdfPage:
    """Size of a page in points of 1/72 inch."""

    width_pt: float
    height_pt: float
