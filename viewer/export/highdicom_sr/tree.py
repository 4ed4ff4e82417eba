"""The content tree of the reader's report: TID 1500, with a group for each finding (TID 1501, 1410)."""

from collections.abc import Mapping, Sequence

from highdicom.sr import (
    CodeContentItem,
    ContainerContentItem,
    ContentItem,
    ContentSequence,
    LanguageOfContentItemAndDescendants,
    ObservationContext,
    ObserverContext,
    PersonObserverIdentifyingAttributes,
)
from highdicom.sr.templates import DEFAULT_LANGUAGE
from pydicom import Dataset
from pydicom.sr.codedict import codes

from viewer.domain.finding import ModelRun
from viewer.export.highdicom_sr.groups import drawn_group, finding_group
from viewer.export.highdicom_sr.items import (
    MODIFIES,
    container,
    library_entry,
    named,
    text,
)
from viewer.export.sr_content import Group, drawn_groups_of
from viewer.export.uids import person_name
from viewer.review.report import SignedReport

NOT_CONFIRMED = "Output of a network, not confirmed by a physician. For research use only."

_PROCEDURES = {"CR": "xr", "DX": "xr", "CT": "ct", "MR": "mr", "PT": "pet"}
"""CID 100 by Modality; any other is an imaging procedure without closer name."""


def report_tree(
    report: SignedReport,
    groups: Sequence[Group],
    sources: Mapping[str, Dataset],
    answered: Mapping[str, Dataset],
) -> ContainerContentItem:
    """The root container of the reader's report.

    sources: headers by SOP Instance UID, all images the report names. answered: identity of the AI's
    own document by run UID.
    """
    results = {
        finding.tracking_uid: answered[run.run_uid]
        for run in report.runs
        for finding in run.findings
    }
    items = [
        *(finding_group(report, group, sources, results) for group in groups),
        *(drawn_group(group, sources) for group in drawn_groups_of(report)),
    ]
    return _root(
        _reader(report),
        sources,
        items,
        [container("qualitative_evaluations", _statements(report))],
    )


def ai_tree(
    report: SignedReport,
    run: ModelRun,
    groups: Sequence[Group],
    sources: Mapping[str, Dataset],
    observer: ObservationContext,
) -> ContainerContentItem:
    """The root container of what one network stated."""
    items = [finding_group(report, group, sources, {}) for group in groups]
    said = [text(named("comment"), sentence) for sentence in (NOT_CONFIRMED, *run.warnings)]
    return _root(observer, sources, items, [container("qualitative_evaluations", said)])


def _root(
    observer: ObservationContext,
    sources: Mapping[str, Dataset],
    groups: Sequence[ContentItem],
    last: Sequence[ContentItem],
) -> ContainerContentItem:
    root = ContainerContentItem(name=named("document_title"), template_id="1500")
    measured = [container("imaging_measurements", groups)] if groups else []
    root.ContentSequence = ContentSequence(
        [
            *LanguageOfContentItemAndDescendants(DEFAULT_LANGUAGE),
            *observer,
            *_procedures(sources),
            _library(sources),
            *measured,
            *last,
        ]
    )
    return root


def _reader(report: SignedReport) -> ObservationContext:
    person = PersonObserverIdentifyingAttributes(
        name=person_name(report.signature.reader),
        login_name=report.signature.user or None,
        role_in_procedure=named("verifying"),
    )
    return ObservationContext(observer_person_context=ObserverContext(codes.DCM.Person, person))


def _procedures(sources: Mapping[str, Dataset]) -> list[ContentItem]:
    keys = {
        _PROCEDURES.get(str(source.get("Modality", "")), "imaging_procedure")
        for source in sources.values()
    }
    return [
        CodeContentItem(named("procedure_reported"), named(key), MODIFIES) for key in sorted(keys)
    ]


def _library(sources: Mapping[str, Dataset]) -> ContainerContentItem:
    entries = [library_entry(source) for source in sources.values()]
    return container("image_library", [container("image_library_group", entries)])


def _statements(report: SignedReport) -> list[ContentItem]:
    """What each AI did, what the reader states and writes, and what binds the signature."""
    signature = report.signature
    stated = [
        *(("comment", sentence) for sentence in report.statements),
        ("misses_statement", report.misses),
        ("report_text", report.text),
        ("signature_meaning", signature.meaning),
        ("report_hash", report.sha256),
    ]
    return [text(named(key), value) for key, value in stated if value.strip()]
