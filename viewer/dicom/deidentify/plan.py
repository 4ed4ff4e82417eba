"""Plan: what a de-identified copy keeps, and the secret that makes its replacements consistent."""

import hashlib
import hmac
from dataclasses import dataclass
from enum import Enum

UID_ROOT = "2.25."
NEAREST_SHIFT_DAYS, FARTHEST_SHIFT_DAYS = 30, 3650
"""Dates move back by a number of days between these, the same for all of a patient."""


class Dates(Enum):
    """What becomes of dates and times."""

    REMOVED = "removed"
    SHIFTED = "shifted"


class Descriptors(Enum):
    """What becomes of descriptions."""

    REMOVED = "removed"
    CLEANED = "cleaned"


@dataclass(frozen=True)
class Plan:
    """secret: of this machine or project, at least 16 bytes; who lacks it cannot tell what replaces what.

    keep_characteristics: sex, age, size and weight of the patient (113108).
    """

    secret: bytes
    dates: Dates = Dates.REMOVED
    descriptors: Descriptors = Descriptors.REMOVED
    keep_characteristics: bool = False

    def uid(self, original: str) -> str:
        """The replacement of a UID: the same wherever it appears (PS3.15 E.1, action U)."""
        return f"{UID_ROOT}{int.from_bytes(self._digest('uid', original)[:16], 'big')}"

    def pseudonym(self, patient_key: str) -> str:
        """A name and id for a patient that say nothing of them."""
        return f"ANON-{self._digest('patient', patient_key).hex()[:10].upper()}"

    def shift_days(self, patient_key: str) -> int:
        """How many days a patient's dates move; negative: into the past."""
        spread = FARTHEST_SHIFT_DAYS - NEAREST_SHIFT_DAYS
        drawn = int.from_bytes(self._digest("dates", patient_key)[:8], "big") % spread
        return -(NEAREST_SHIFT_DAYS + drawn)

    def _digest(self, kind: str, value: str) -> bytes:
        return hmac.new(self.secret, f"{kind}\0{value}".encode(), hashlib.sha256).digest()
