"""The reader's report as Basic Text SR (TID 2000): findings, impression and key images in plain words.

Built as highdicom's Enhanced SR; the tree is legal in both classes (PS3.3 A.35.1, A.35.2).
"""

from collections.abc import Mapping, Sequence

from highdicom.sr import (
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    EnhancedSR,
    ImageContentItem,
    LanguageOfContentItemAndDescendants,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
    RelationshipTypeValues,
)
from highdicom.sr.templates import DEFAULT_LANGUAGE
from pydicom import Dataset
from pydicom.sr.codedict import codes
from pydicom.uid import BasicTextSRStorage

from viewer.export.dicom_object import (
    NOT_STATED,
    OfAnyClass,
    finished,
    heading,
    referenced_frame,
    skeleton,
)
from viewer.export.highdicom_sr.document import predecessors
from viewer.export.highdicom_sr.items import container, named, text
from viewer.export.sr_content import groups_of
from viewer.export.uids import date_time, person_name
from viewer.export.wording import signer_text
from viewer.review.report import SignedReport

KIND = "basic text SR"
SERIES_NUMBER = 992
SERIES_DESCRIPTION = "Reader report, text"


class TextDocument(OfAnyClass, EnhancedSR):
    """highdicom's document."""


def text_document(report: SignedReport, sources: Mapping[str, Dataset]) -> TextDocument:
    """The verified Basic Text SR of a report.

    sources: headers by SOP Instance UID; the first gives patient and study, copied as they stand.
    """
    first = next(iter(sources.values()))
    document = TextDocument(
        evidence=[skeleton(source) for source in sources.values()],
        content=_tree(report, sources),
        is_complete=True,
        is_final=True,
        is_verified=True,
        verifying_observer_name=person_name(report.signature.reader),
        verifying_organization=NOT_STATED,
        **heading(report, KIND, SERIES_NUMBER, SERIES_DESCRIPTION, report.version),
        previous_versions=predecessors(report, KIND, BasicTextSRStorage),
    )
    finished(document, report, first)
    document.VerifyingObserverSequence[0].VerificationDateTime = date_time(report.signature.at)
    document.SOPClassUID = BasicTextSRStorage
    document.file_meta.MediaStorageSOPClassUID = BasicTextSRStorage
    return document


def _tree(report: SignedReport, sources: Mapping[str, Dataset]) -> ContainerContentItem:
    root = ContainerContentItem(name=named("text_report_title"), template_id="2000")
    person = PersonObserverIdentifyingAttributes(
        name=person_name(report.signature.reader), login_name=report.signature.user or None
    )
    root.ContentSequence = ContentSequence(
        [
            *LanguageOfContentItemAndDescendants(DEFAULT_LANGUAGE),
            *ObserverContext(codes.DCM.Person, person),
            _section("findings", "finding", _findings(report)),
            _section("impressions", "impression", _impression(report)),
            *_key_images(report, sources),
        ]
    )
    return root


def _section(section: str, name: str, sentences: Sequence[str]) -> ContainerContentItem:
    return container(section, [text(named(name), sentence) for sentence in sentences])


def _findings(report: SignedReport) -> tuple[str, ...]:
    """Each finding with its verdict, then measurements, then what each AI did."""
    found = (f"{group.number}. {' '.join(group.comments)}" for group in groups_of(report))
    measured = (
        f"{number}. {measurement.sentence}"
        for number, drawing in report.numbered_measurements
        for measurement in drawing.measurements
    )
    return (*found, *measured, *report.statements)


def _impression(report: SignedReport) -> tuple[str, ...]:
    """The reader's own text, the statement on further findings, and what binds the signature."""
    signature = report.signature
    signed = f"{signer_text(signature)}, {date_time(signature.at)}. {signature.meaning}"
    sentences = (report.text, report.misses, signed, f"SHA-256 {report.sha256}")
    return tuple(sentence for sentence in sentences if sentence.strip())


def _key_images(report: SignedReport, sources: Mapping[str, Dataset]) -> list[ContentItem]:
    items: list[ContentItem] = []
    for uid, frame in report.key_frames:
        source = sources[uid]
        items.append(
            ImageContentItem(
                name=named("best_illustration"),
                referenced_sop_class_uid=source.SOPClassUID,
                referenced_sop_instance_uid=uid,
                referenced_frame_numbers=referenced_frame(source, frame),
                relationship_type=RelationshipTypeValues.CONTAINS,
            )
        )
    return items
