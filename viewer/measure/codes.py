"""The reviewed codes of what is measured: resources/codes/measurements.csv, each in DICOM PS3.16."""

import csv
from collections.abc import Mapping
from functools import cache

from viewer.base.paths import resource
from viewer.domain.coding import CodedConcept


def measurement_code(key: str) -> CodedConcept:
    """The concept of a kind of measurement; KeyError for a key the table does not have."""
    return measurement_codes()[key]


@cache
def measurement_codes() -> Mapping[str, CodedConcept]:
    """All codes of the table, by key."""
    with resource("codes", "measurements.csv").open(encoding="utf-8", newline="") as table:
        return {
            row["key"]: CodedConcept(row["value"], row["scheme"], row["meaning"])
            for row in csv.DictReader(table)
        }
