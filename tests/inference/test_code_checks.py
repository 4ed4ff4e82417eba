"""Codes that a report could not carry, or that name nothing, are found before a model runs."""

import pytest

from viewer.inference.code_checks import code_problem, is_snomed
from viewer.review.codes import concepts


def test_every_reviewed_code_can_stand_in_a_report() -> None:
    assert all(code_problem(c.code.value, c.code.scheme, c.code.meaning) == "" for c in concepts())


@pytest.mark.parametrize("number", ["60046009", "66004008", "60046", "6004600x", ""])
def test_a_mistyped_snomed_code_is_found_by_its_check_digit(number: str) -> None:
    assert is_snomed("60046008") and not is_snomed(number)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (("", "SCT", "Effusion"), "value"),
        (("X" * 65, "99OWN", "Effusion"), "value"),
        (("A\\B", "99OWN", "Effusion"), "backslash"),
        (("A", "S" * 17, "Effusion"), "scheme"),
        (("A", "99OWN", "m" * 65), "meaning"),
        (("A", "99OWN", "two\nlines"), "does not print"),
        (("60046009", "SCT", "Pleural effusion"), "check digit"),
    ],
)
def test_what_no_report_can_carry_is_named(code: tuple[str, str, str], said: str) -> None:
    assert said in code_problem(*code)
