"""Names, dates and places of a report as people read them; what is not stated is said to be so."""

from datetime import datetime, timedelta
from unicodedata import bidirectional

from viewer.base.i18n import _
from viewer.domain.finding import Finding
from viewer.domain.readable import side_text, size_text
from viewer.review.decision import Decision, change_text, confidence_text
from viewer.review.report import Signature


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


def signer_text(signature: Signature) -> str:
    """Printed name and the account whose password was given; the name alone where none is recorded."""
    return account_text(signature.reader, signature.user)


def account_text(reader: str, user: str) -> str:
    """A printed name and a login name, "" where none is recorded."""
    return _("{reader} (account {user})").format(reader=reader, user=user) if user else reader


def _offset(at: datetime) -> str:
    minutes = round((at.utcoffset() or timedelta()).total_seconds() / 60)
    sign = "+" if minutes >= 0 else "−"
    return f"{sign}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"


def site_text(finding: Finding) -> str:
    """Site, side and size, for example "Lung, left, 9 mm"; empty where none is stated."""
    site = finding.site.meaning if finding.site else ""
    return ", ".join(filter(None, (site, side_text(finding), size_text(finding))))


def decision_notes(decision: Decision) -> tuple[str, ...]:
    """What goes with a verdict beside its reason: how sure, and a change of the locked first read."""
    notes = []
    if decision.confidence is not None:
        notes.append(
            _("Reader's confidence: {words}").format(words=confidence_text(decision.confidence))
        )
    if decision.change is not None:
        notes.append(
            _("Changed after the first read: {words}").format(words=change_text(decision.change))
        )
    return tuple(notes)
