"""Tables that spreadsheets write."""

import csv

DELIMITERS = ",;\t"
"""Programs of countries that write decimals with a comma part their cells by semicolons."""


def delimiter(text: str) -> str:
    """What the first line is parted by; a comma where it holds none of them."""
    header = text.partition("\n")[0]
    return max(DELIMITERS, key=header.count)


def rows(text: str) -> "csv.DictReader[str]":
    """The lines of a table below its header, by the header's names."""
    return csv.DictReader(text.splitlines(), delimiter=delimiter(text))
