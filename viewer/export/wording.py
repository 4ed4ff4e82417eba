"""Names, dates and places of a report as people read them; what is not stated is said to be so."""

from datetime import datetime, timedelta
from unicodedata import bidirectional

from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.domain.readable import side_text


def runs_right_to_left(text: str) -> bool:
    """Whether any character belongs to a right-to-left script (Hebrew, Arabic)."""
    return any(bidirectional(character) in ("R", "AL") for character in text)


def readable_time(stored: str) -> str:
    """A TM as 14:05; anything else as it is stored."""
    digits = stored[:4]
    return f"{digits[:2]}:{digits[2:]}" if len(digits) == 4 and digits.isdigit() else stored


def readable_sex(stored: str) -> str:
    """Patient's Sex (0010,0040)."""
    return {"F": _("female"), "M": _("male"), "O": _("other")}.get(stored, stored)


def readable_moment(at: datetime) -> str:
    """For example "2026-11-22 14:05:09 (UTC+01:00)"."""
    return f"{at:%Y-%m-%d %H:%M:%S} (UTC{_offset(at)})"


def _offset(at: datetime) -> str:
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    sign = "+" if minutes >= 0 else "−"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def site_text(finding: Finding) -> str:
    """Site and side, for example "Lung, left"; empty where neither is stated."""
    site = finding.site.meaning if finding.site else ""
    return ", ".join(filter(None, (site, side_text(finding))))
