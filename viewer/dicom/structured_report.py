"""read_report: the content tree of an SR or key object document to an SrDocument (PS3.3 C.17, C.18)."""

from collections.abc import Iterator

from pydicom.dataset import Dataset

from viewer.base.errors import FileProblem
from viewer.base.i18n import _
from viewer.dicom.header import patient_of
from viewer.dicom.object_file import read_object_file
from viewer.dicom.scope import Scope
from viewer.dicom.sr_observers import algorithms, author_devices, author_names, observers
from viewer.dicom.sr_values import VALUES, coded, coordinates_of, links_of, words_of
from viewer.domain.readable import readable_name
from viewer.domain.sr_document import ItemPath, SrDocument, SrItem, Verifier
from viewer.domain.study_object import StudyObject

DEEPEST = 60
"""Levels that are followed; templates have about ten, and a tree that is deeper is broken."""

REFERENCE_KINDS = frozenset({"IMAGE", "COMPOSITE", "WAVEFORM"})


def read_report(found: StudyObject) -> SrDocument:
    """The document; raises FileProblem where the file cannot be read or holds no content tree."""
    scope = Scope((read_object_file(found),))
    if not scope.text("ValueType") and not scope.items("ContentSequence"):
        raise FileProblem(
            _("{name} holds no report: its content tree is missing.").format(name=found.path.name)
        )
    warnings: dict[str, None] = {}
    root = _item(scope, (1,), warnings)
    people, devices = observers(root)
    date = "ContentDate" if scope.text("ContentDate") else "SeriesDate"
    return SrDocument(
        title=words_of(root.name) or found.title,
        patient=patient_of(scope),
        study_uid=scope.text("StudyInstanceUID"),
        date=scope.text(date),
        time=scope.text(date.replace("Date", "Time")),
        completion=scope.text("CompletionFlag"),
        completion_note=scope.text("CompletionFlagDescription"),
        verification=scope.text("VerificationFlag"),
        preliminary=scope.text("PreliminaryFlag"),
        verifiers=tuple(map(_verifier, scope.items("VerifyingObserverSequence"))),
        authors=tuple(dict.fromkeys((*author_names(scope), *people))),
        devices=tuple(dict.fromkeys((*author_devices(scope), *devices))),
        algorithms=algorithms(root),
        root=root,
        warnings=tuple(warnings),
    )


def _verifier(item: Dataset) -> Verifier:
    scope = Scope((item,))
    return Verifier(
        readable_name(scope.text("VerifyingObserverName")),
        scope.text("VerifyingOrganization"),
        scope.text("VerificationDateTime"),
    )


def _item(scope: Scope, path: ItemPath, warnings: dict[str, None]) -> SrItem:
    kind = scope.text("ValueType")
    target = tuple(int(number) for number in scope.numbers("ReferencedContentItemIdentifier"))
    return SrItem(
        path=path,
        kind=kind,
        name=coded(scope.items("ConceptNameCodeSequence")),
        value=_value(scope, kind, target, warnings),
        relationship=scope.text("RelationshipType"),
        coded=coded(scope.items("ConceptCodeSequence")),
        links=links_of(scope) if kind in REFERENCE_KINDS else (),
        target=target,
        coordinates=coordinates_of(scope, kind),
        children=tuple(_children(scope, path, warnings)),
    )


def _value(scope: Scope, kind: str, target: ItemPath, warnings: dict[str, None]) -> str:
    if kind in VALUES:
        return VALUES[kind](scope)
    if not target:
        words = _("Items of the type “{kind}” cannot be shown.")
        warnings[words.format(kind=kind or _("not stated"))] = None
    return ""


def _children(scope: Scope, path: ItemPath, warnings: dict[str, None]) -> Iterator[SrItem]:
    items = scope.items("ContentSequence")
    if items and len(path) >= DEEPEST:
        warnings[_("The report is nested too deeply; its deepest items are not shown.")] = None
        return
    for number, item in enumerate(items, start=1):
        yield _item(Scope((item,)), (*path, number), warnings)
