"""Whether a code can stand in a DICOM report: lengths, characters, and the check digit of SNOMED CT."""

from viewer.base.i18n import _

LONGEST_VALUE = 64
"""Characters; above 16 it is written as a Long Code Value (PS3.3 section 8.1)."""

LONGEST_SCHEME = 16
"""Characters of the value representation SH (PS3.5 section 6.2)."""

LONGEST_MEANING = 64
"""Characters of the value representation LO."""

SNOMED = "SCT"
SNOMED_DIGITS = range(6, 19)
"""Digits of an SCTID (SNOMED CT Release File Specification)."""

# Verhoeff's dihedral group and the powers of his permutation (Dihedral error detecting code, 1969).
_PERMUTED = (1, 5, 7, 6, 2, 8, 3, 0, 9, 4)


def code_problem(value: str, scheme: str, meaning: str) -> str:
    """What is wrong with a code, "" for nothing."""
    limits = (
        ("value", value, LONGEST_VALUE),
        ("scheme", scheme, LONGEST_SCHEME),
        ("meaning", meaning, LONGEST_MEANING),
    )
    for name, text, longest in limits:
        if not text.strip() or len(text) > longest:
            return _("{name} {text!r} must have 1 to {n} characters").format(
                name=name, text=text[:80], n=longest
            )
        if "\\" in text or not text.isprintable() or text != text.strip():
            return _("{name} {text!r} holds a backslash or a character that does not print").format(
                name=name, text=text
            )
    if scheme == SNOMED and not is_snomed(value):
        return _("{value} is no SNOMED CT code: its check digit is wrong").format(value=value)
    return ""


def is_snomed(value: str) -> bool:
    """Whether the digits end in the check digit that SNOMED CT demands (Verhoeff)."""
    if not (value.isascii() and value.isdigit()) or len(value) not in SNOMED_DIGITS:
        return False
    check = 0
    for place, digit in enumerate(reversed(value)):
        check = _joined(check, _moved(int(digit), place % 8))
    return check == 0


def _moved(digit: int, times: int) -> int:
    for _turn in range(times):
        digit = _PERMUTED[digit]
    return digit


def _joined(one: int, other: int) -> int:
    """The product in the dihedral group of ten elements; 0 to 4 turn, 5 to 9 mirror."""
    turned = (one + other) % 5 if one < 5 else (one - other) % 5
    return turned + 5 * ((one >= 5) != (other >= 5))
