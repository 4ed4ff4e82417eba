"""The reviewed code tables of resources/codes: what a finding is called in DICOM; never made from keywords.

Sources of each code: `verified_by` in the tables (DICT: DICOM PS3.16 as pydicom has it; HPO, IG, OMOP,
BP: see the project's standards page). Every SNOMED CT code passes the Verhoeff check digit, by test.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from viewer.base.i18n import _
from viewer.base.paths import resource
from viewer.domain.coding import CodedConcept

ANY_MODALITY = "*"
LOCAL_SCHEME = "99SECONDREAD"
"""Private coding scheme of this program, declared in every object that uses it (PS3.16 section 8)."""

LOCAL_SCHEME_UID = "2.25.2488663708203536884867732201950762426"
"""UID of the private scheme; drawn once at random (PS3.5 B.2) and never changed."""


@dataclass(frozen=True)
class FindingConcept:
    """A finding the reader can state. modalities: those it is offered for; ("*",) is all."""

    key: str
    label: str
    code: CodedConcept
    site: CodedConcept | None
    modalities: tuple[str, ...]

    @property
    def needs_comment(self) -> bool:
        """Whether the code alone says too little: site or nature must follow in words."""
        return self.modalities == (ANY_MODALITY,)

    def offered_for(self, modality: str) -> bool:
        """Whether the finding belongs in the list for a series of `modality`."""
        return ANY_MODALITY in self.modalities or modality in self.modalities


def concepts() -> tuple[FindingConcept, ...]:
    """All findings of resources/codes/findings.csv, in its order, in the language now in use."""
    return tuple(_concept(row) for row in _rows("findings.csv"))


def concepts_for(modality: str) -> tuple[FindingConcept, ...]:
    """The findings offered for a series of `modality`, for example "DX"."""
    return tuple(concept for concept in concepts() if concept.offered_for(modality))


def report_code(key: str) -> CodedConcept:
    """A code of resources/codes/report.csv; KeyError for a key it does not have."""
    return _report_codes()[key]


@cache
def _report_codes() -> Mapping[str, CodedConcept]:
    return {row["key"]: _code(row) for row in _rows("report.csv")}


def _concept(row: Mapping[str, str]) -> FindingConcept:
    site = _code(row, "site_") if row["site_value"] else None
    return FindingConcept(
        row["key"], _(row["label"]), _code(row), site, tuple(row["modalities"].split())
    )


def _code(row: Mapping[str, str], prefix: str = "") -> CodedConcept:
    return CodedConcept(row[f"{prefix}value"], row[f"{prefix}scheme"], row[f"{prefix}meaning"])


def _rows(name: str) -> list[dict[str, str]]:
    with resource("codes", name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))
