"""Standardised uptake value by body weight of PET, where the file entitles to it, else the reason why not.

After the vendor-neutral pseudo-code of the RSNA QIBA; DICOM PS3.3 C.8.9.1, C.8.9.2.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from viewer.base.i18n import _
from viewer.dicom.scope import Scope
from viewer.domain.image import Suv

PET_CLASS = "1.2.840.10008.5.1.4.1.1.128"
"""Positron Emission Tomography Image Storage: doses in Bq. Enhanced PET states MBq and is not read."""

GRAMS_PER_KG = 1000.0
BELIEVED_KG = (0.3, 500.0)
BELIEVED_BQ = (1e5, 2e10)
"""0.1 MBq to 20 GBq: a dose beside it was written in another unit."""

MOST_HALF_LIVES = 10.0
"""Between injection and scan; more is a slip of a clock or a date."""

NEEDED_CORRECTIONS = ("ATTN", "DECY")
MOMENT = re.compile(r"(\d{8})(\d{2})(\d{2})(\d{2})(\.\d{1,6})?$")
"""Date, hour, minute, second, fraction."""


class NoSuv(Exception):
    """The file does not entitle to a SUV; the text is a half sentence for the physician."""


@dataclass(frozen=True)
class _Injection:
    """What was given: Bq at a moment, and how it decays."""

    dose_bq: float
    half_life_s: float
    at: datetime


def suv_of(scope: Scope) -> Suv | None:
    """What a modality value must be multiplied with, or why there is no SUV; None for other images."""
    if scope.text("SOPClassUID") != PET_CLASS:
        return None
    try:
        return _suv(scope)
    except NoSuv as reason:
        return Suv(None, _("no SUV: {reason}").format(reason=reason))


def _suv(scope: Scope) -> Suv:
    units = scope.text("Units")
    if units == "GML":
        return _stored_as_suv(scope)
    if units != "BQML":
        raise NoSuv(_("the values are not in Bq/ml"))
    _check_corrections(scope)
    scan, injection, weight = _scan_start(scope), _injection(scope), _weight_kg(scope)
    lives = (scan - injection.at).total_seconds() / injection.half_life_s
    if not 0 <= lives <= MOST_HALF_LIVES:
        raise NoSuv(_("the injection does not lie shortly before the scan"))
    left_bq = injection.dose_bq * 2**-lives
    words = _("{dose:.4g} MBq given {minutes:.0f} min before the scan, {weight:g} kg")
    minutes = (scan - injection.at).total_seconds() / 60
    return Suv(
        weight * GRAMS_PER_KG / left_bq,
        words.format(dose=injection.dose_bq / 1e6, minutes=minutes, weight=weight),
    )


def _stored_as_suv(scope: Scope) -> Suv:
    """Units GML are SUV by body weight unless SUV Type (0054,1006) names another."""
    if scope.text("SUVType") not in ("", "BW"):
        raise NoSuv(_("the file's own SUV is not by body weight"))
    return Suv(1.0, _("SUV as the file states it"))


def _check_corrections(scope: Scope) -> None:
    missing = [name for name in NEEDED_CORRECTIONS if name not in scope.texts("CorrectedImage")]
    if missing:
        raise NoSuv(_("the file does not state the correction {name}").format(name=missing[0]))
    if scope.text("DecayCorrection") != "START":
        raise NoSuv(_("decay is not corrected to the start of the scan"))


def _scan_start(scope: Scope) -> datetime:
    """Series Date and Time, unless they are later than the acquisition: then it was processed later."""
    series = _moment(scope.text("SeriesDate") + scope.text("SeriesTime"))
    acquired = _moment(scope.text("AcquisitionDate") + scope.text("AcquisitionTime"))
    if series is None or acquired is None:
        raise NoSuv(_("the time of the scan is not stated"))
    if series > acquired:
        raise NoSuv(_("the series was made after the scan, whose start is not stated"))
    return series


def _injection(scope: Scope) -> _Injection:
    items = scope.items("RadiopharmaceuticalInformationSequence")
    if len(items) != 1:
        raise NoSuv(_("the file does not describe one injection"))
    given = Scope(items)
    dose, half_life = given.number("RadionuclideTotalDose"), given.number("RadionuclideHalfLife")
    if dose is None or not BELIEVED_BQ[0] <= dose <= BELIEVED_BQ[1]:
        raise NoSuv(_("the injected dose is missing or not in Bq"))
    if half_life is None or half_life <= 0:
        raise NoSuv(_("the half life is not stated"))
    at = _given_at(scope, given)
    if at is None:
        raise NoSuv(_("the time of the injection is not stated"))
    return _Injection(dose, half_life, at)


def _given_at(scope: Scope, given: Scope) -> datetime | None:
    """The date and time if both are stated in the scan's own time zone, else the time on its day."""
    stated = given.text("RadiopharmaceuticalStartDateTime")
    zone = scope.text("TimezoneOffsetFromUTC")
    local = stated.removesuffix(zone) if zone else stated
    return _moment(local) or _moment(
        scope.text("SeriesDate") + given.text("RadiopharmaceuticalStartTime")
    )


def _weight_kg(scope: Scope) -> float:
    weight = scope.number("PatientWeight")
    if weight is None or not BELIEVED_KG[0] <= weight <= BELIEVED_KG[1]:
        raise NoSuv(_("the patient's weight is missing or impossible"))
    return weight


def _moment(text: str) -> datetime | None:
    """A date with a time to the second; None for anything less."""
    found = MOMENT.match(text)
    if found is None:
        return None
    try:
        return datetime.strptime("".join(found.groups("")[:4]), "%Y%m%d%H%M%S")
    except ValueError:
        return None
