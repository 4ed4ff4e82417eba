"""QIDO-RS: studies that match, and the instances of a study (PS3.18 10.6)."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode

from pydicom.datadict import tag_for_keyword

from viewer.dicom.network.matching import STUDY_KEYS, instance_ref, study_match, study_matching
from viewer.dicom.network.node import Node, Watch
from viewer.dicom.network.web import JSON, ask, json_of, session
from viewer.domain.pacs import InstanceRef, StudyMatch, StudyQuery

MOST_MATCHES = 1000
PAGE = 1000
"""Instances asked for at once; a server may give fewer (PS3.18 8.3.4.4)."""

MOST_PAGES = 100


def qido_studies(node: Node, query: StudyQuery, watch: Watch) -> tuple[StudyMatch, ...]:
    """The studies that match, at most MOST_MATCHES; raises NetworkError."""
    parameters: dict[str, str | Sequence[str]] = {
        **study_matching(query),
        "includefield": STUDY_KEYS,
        "limit": str(MOST_MATCHES),
    }
    rows = _rows(node, "/studies", parameters, watch)
    return tuple(study_match(partial(text_in, row)) for row in rows)


def qido_instances(node: Node, study_uid: str, watch: Watch) -> tuple[InstanceRef, ...]:
    """Every instance of a study, page by page until a page brings nothing new."""
    found: dict[str, InstanceRef] = {}
    for _page in range(MOST_PAGES):
        parameters = {"limit": str(PAGE), "offset": str(len(found))}
        rows = _rows(node, f"/studies/{study_uid}/instances", parameters, watch)
        refs = (
            instance_ref(partial(text_in, row), text_in(row, "SeriesInstanceUID")) for row in rows
        )
        fresh = {ref.sop_instance_uid: ref for ref in refs if ref.sop_instance_uid not in found}
        if not fresh:
            break
        found |= fresh
    return tuple(found.values())


def text_in(row: Mapping[str, Any], keyword: str) -> str:
    """An attribute of a DICOM JSON object as text (PS3.18 F.2), values parted by a backslash."""
    element = row.get(f"{tag_for_keyword(keyword):08X}")
    values = element.get("Value") if isinstance(element, dict) else None
    if not isinstance(values, list):
        return ""
    return "\\".join(_text(value) for value in values)


def _text(value: object) -> str:
    if isinstance(value, dict):
        groups = [str(value.get(key, "")) for key in ("Alphabetic", "Ideographic", "Phonetic")]
        return "=".join(groups).rstrip("=")
    return "" if value is None else str(value)


def _rows(
    node: Node, path: str, parameters: Mapping[str, str | Sequence[str]], watch: Watch
) -> list[dict[str, Any]]:
    """Wild cards stay as they are: Orthanc 1.10 does not know them when they are escaped."""
    with session(node, watch) as opened:
        asked = urlencode(parameters, doseq=True, safe="*?")
        answer = ask(node, opened, "GET", path, watch, params=asked, headers={"Accept": JSON})
        return json_of(node, answer)
