"""Coded concepts: value, scheme and meaning, as DICOM PS3.3 section 8 has them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CodedConcept:
    """A code of a coding scheme (SCT, DCM, LN, UCUM, RADLEX); compare by value and scheme."""

    value: str
    scheme: str
    meaning: str
