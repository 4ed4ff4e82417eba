"""The printed report as an Encapsulated PDF instance (PS3.3 A.45.1)."""

from collections.abc import Mapping

from pydicom import Dataset
from pydicom.uid import EncapsulatedPDFStorage

from viewer.export.dicom_object import TEXT_LIMIT
from viewer.export.highdicom_sr.document import predecessors
from viewer.export.objects.coded_item import coded_item, image_reference
from viewer.export.objects.plain_object import PlainObject, plain_object
from viewer.review.codes import report_code
from viewer.review.report import SignedReport

KIND = "encapsulated PDF"
SERIES_NUMBER = 993


def encapsulated_pdf(
    report: SignedReport, sources: Mapping[str, Dataset], content: bytes
) -> PlainObject:
    """content: the PDF file. sources: headers by SOP Instance UID."""
    made = plain_object(
        report,
        next(iter(sources.values())),
        kind=KIND,
        sop_class=EncapsulatedPDFStorage,
        modality="DOC",
        series_number=SERIES_NUMBER,
        description="Reader report, PDF",
        number=report.version,
    )
    for keyword in ("BodyPartExamined", "Laterality"):
        made.pop(keyword, None)
    made.ConversionType = "WSD"
    made.BurnedInAnnotation = "YES"
    made.AcquisitionDateTime = ""
    made.DocumentTitle = "Second read report"[:TEXT_LIMIT]
    made.ConceptNameCodeSequence = [coded_item(report_code("text_report_title"))]
    made.VerificationFlag = "VERIFIED"
    made.MIMETypeOfEncapsulatedDocument = "application/pdf"
    made.EncapsulatedDocument = content + b"\0" * (len(content) % 2)
    made.EncapsulatedDocumentLength = len(content)
    made.SourceInstanceSequence = [image_reference(source) for source in sources.values()]
    earlier = predecessors(report, KIND, EncapsulatedPDFStorage)
    if earlier:
        made.PredecessorDocumentsSequence = [_document(each) for each in earlier]
    return made


def _document(earlier: Dataset) -> Dataset:
    """Hierarchical SOP Instance Reference Macro (PS3.3 C.17.2.1)."""
    series = Dataset()
    series.SeriesInstanceUID = earlier.SeriesInstanceUID
    series.ReferencedSOPSequence = [image_reference(earlier)]
    study = Dataset()
    study.StudyInstanceUID = earlier.StudyInstanceUID
    study.ReferencedSeriesSequence = [series]
    return study
