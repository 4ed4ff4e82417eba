"""What the cells of a table are parted by is read from its header."""

import pytest

from viewer.base.tables import delimiter


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("file,patient,heart\na;b;c", ","),
        ("file;patient;heart\n0,5;1;1", ";"),
        ("file\tpatient", "\t"),
        ("file", ","),
        ("", ","),
    ],
)
def test_the_header_says_what_cells_are_parted_by(text: str, found: str) -> None:
    assert delimiter(text) == found
