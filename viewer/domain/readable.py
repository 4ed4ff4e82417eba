"""Names, dates and sides as people read them; what is not stated is said to be so."""

from datetime import datetime

from viewer.base.i18n import _
from viewer.domain.finding import Finding

LATIN, IDEOGRAPHIC, PHONETIC = range(3)
"""Component groups of a PN (PS3.5 6.2.1.1), in this order."""


def readable_name(stored: str) -> str:
    """A PN for people, all its groups: `Yamada^Tarou=山田^太郎` is "Yamada, Tarou (山田 太郎)"."""
    groups = [_group(text, place) for place, text in enumerate(stored.split("="))]
    stated = [group for group in groups if group]
    if not stated:
        return _("name not stated")
    others = "; ".join(stated[1:])
    return f"{stated[0]} ({others})" if others else stated[0]


def _group(stored: str, place: int) -> str:
    parts = [" ".join(part.split()) for part in stored.split("^")]
    family, given, middle, prefix, suffix = (*parts, "", "", "", "", "")[:5]
    if place != LATIN:
        return " ".join(filter(None, (prefix, family, given, middle, suffix)))
    rest = " ".join(filter(None, (prefix, given, middle)))
    return ", ".join(filter(None, (family, rest, suffix)))


def readable_date(stored: str) -> str:
    """A DA as 2026-11-22; anything else as it is stored."""
    try:
        return f"{datetime.strptime(stored, '%Y%m%d'):%Y-%m-%d}"
    except ValueError:
        return stored


def readable_time(stored: str) -> str:
    """A TM as 21:10 or 21:10:33, fractions left off; anything else as it is stored."""
    digits = stored.split(".")[0]
    if not digits.isdecimal() or len(digits) not in (2, 4, 6):
        return stored
    return ":".join(digits[place : place + 2] for place in range(0, len(digits), 2))


def readable_date_time(stored: str) -> str:
    """A DT as 2026-11-22 21:10:33, its zone kept; anything else as it is stored."""
    date, rest = stored[:8], stored[8:]
    clock = rest.split("+")[0].split("-")[0]
    return " ".join(filter(None, (readable_date(date), readable_time(clock), rest[len(clock) :])))


def size_text(finding: Finding) -> str:
    """The size the reader states, for example "9 mm", or ""."""
    return "" if finding.size_mm is None else _("{size:g} mm").format(size=finding.size_mm)


def stated_text(finding: Finding) -> str:
    """Label, side and size, as far as they are stated."""
    return ", ".join(filter(None, (finding.label, side_text(finding), size_text(finding))))


def instead_text(finding: Finding, corrected: Finding) -> str:
    """What is stated instead of a finding: label, site, side, size, and whether it was marked anew."""
    site = "" if corrected.site is None else corrected.site.meaning
    marked = corrected.localization != finding.localization and corrected.localization is not None
    anew = _("marked anew on the image") if marked else ""
    parts = (corrected.label, site, side_text(corrected), size_text(corrected), anew)
    return ", ".join(part for part in parts if part)


def side_text(finding: Finding) -> str:
    """The laterality in words, or ""."""
    return {"": "", "L": _("left"), "R": _("right"), "B": _("both sides")}[finding.laterality]
