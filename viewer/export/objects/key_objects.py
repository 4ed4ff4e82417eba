"""The key images of a report as a Key Object Selection document (PS3.3 A.35.4, TID 2010)."""

from collections.abc import Mapping

from highdicom.ko import KeyObjectSelection, KeyObjectSelectionDocument
from pydicom import Dataset

from viewer.export.dicom_object import OfAnyClass, finished, frame_count, heading, skeleton
from viewer.export.highdicom_sr.items import named
from viewer.review.report import SignedReport

KIND = "key objects"
SERIES_NUMBER = 994


class KeyObjects(OfAnyClass, KeyObjectSelectionDocument):
    """highdicom's document."""


def key_objects(report: SignedReport, sources: Mapping[str, Dataset]) -> KeyObjects:
    """sources: headers by SOP Instance UID; the report marks at least one of them."""
    marked = [sources[uid] for uid in dict.fromkeys(uid for uid, _frame in report.key_frames)]
    evidence = [skeleton(each, "Rows", "Columns") for each in marked]
    made = KeyObjects(
        evidence=evidence,
        content=KeyObjectSelection(
            document_title=named("of_interest"),
            referenced_objects=evidence,
            description=_description(report),
        ),
        **heading(report, KIND, SERIES_NUMBER, "Reader key images", report.version),
    )
    for item in made.ContentSequence:
        _mend(item, report, sources)
    finished(made, report, marked[0])
    return made


def _description(report: SignedReport) -> str:
    return f"Key images of the second read signed by {report.signature.reader}."


def _mend(item: Dataset, report: SignedReport, sources: Mapping[str, Dataset]) -> None:
    """highdicom names IMAGE items, which TID 2010 forbids, and knows no frames."""
    if item.ValueType not in ("IMAGE", "COMPOSITE"):
        return
    if "ConceptNameCodeSequence" in item:
        del item.ConceptNameCodeSequence
    (reference,) = item.ReferencedSOPSequence
    uid = reference.ReferencedSOPInstanceUID
    if frame_count(sources[uid]) > 1:
        frames = [frame + 1 for marked, frame in report.key_frames if marked == uid]
        reference.ReferencedFrameNumber = frames
