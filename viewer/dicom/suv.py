"""Standardised uptake value by body weight of PET, where the file entitles to it, else the reason why not.

After the vendor-neutral pseudo-code of the RSNA QIBA; DICOM PS3.3 C.8.9.1, C.8.9.2.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from viewer.base.i18n import _
from viewer.dicom.scope import Scope
from viewer.domain.image import Suv

PET_CLASS = "1.2.840.10008.5.1.4.1.1.128"
"""Positron Emission Tomography Image Storage: doses in Bq."""

ENHANCED_PET_CLASS = "1.2.840.10008.5.1.4.1.1.130"
"""Enhanced PET Image Storage: doses in MBq."""

PHILIPS = "Philips PET Private Group"
SUV_SCALE, ACTIVITY_SCALE = (0x7053, 0x00), (0x7053, 0x09)
"""SUV Scale Factor and Activity Concentration Scale Factor of counts, by weight (Philips, QIBA)."""

GE = "GEMS_PETD_01"
SCAN_DATETIME = (0x0009, 0x0D)
"""PET scan_datetime: the start of the scan of series that were made later (GE, QIBA)."""

GRAMS_PER_KG = 1000.0
BQ_PER_MBQ = 1e6
SUV_UNIT = "g/ml{SUVbw}"
"""UCUM code of CID 84, PET Units."""

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
class Injection:
    """What was given: Bq at a moment, and how it decays."""

    dose_bq: float
    half_life_s: float
    at: datetime


def suv_of(scope: Scope) -> Suv | None:
    """What a modality value must be multiplied with, or why there is no SUV; None for other images."""
    kind = _OF_CLASS.get(scope.text("SOPClassUID"))
    if kind is None:
        return None
    try:
        return kind(scope)
    except NoSuv as reason:
        return Suv(None, _("no SUV: {reason}").format(reason=reason))


def _suv(scope: Scope) -> Suv:
    units = scope.text("Units")
    if units == "GML":
        return _stored_as_suv(scope)
    if units == "CNTS":
        return _of_counts(scope)
    if units != "BQML":
        raise NoSuv(_("the values are not in Bq/ml"))
    _check_corrections(scope)
    return _of_activity(scope, 1.0)


def _of_counts(scope: Scope) -> Suv:
    """Counts have a SUV only by the factors that Philips writes beside them; never by a guess."""
    factor = scope.private_number(PHILIPS, SUV_SCALE)
    if factor is not None and factor > 0:
        return Suv(
            factor,
            _("counts times the SUV Scale Factor of Philips, {factor:g}").format(factor=factor),
        )
    activity = scope.private_number(PHILIPS, ACTIVITY_SCALE)
    if activity is None or activity <= 0:
        raise NoSuv(_("the values are counts, without a factor of the manufacturer"))
    _check_corrections(scope)
    return _of_activity(scope, activity)


def _of_activity(scope: Scope, bq_per_ml: float) -> Suv:
    """bq_per_ml: activity of one unit of the modality value."""
    injection, weight = _injection(scope), weight_kg(scope)
    if scope.text("DecayCorrection") == "ADMIN":
        words = _("{dose:.4g} MBq, decay corrected to the injection, {weight:g} kg")
        said = words.format(dose=injection.dose_bq / 1e6, weight=weight)
        return Suv(bq_per_ml * weight * GRAMS_PER_KG / injection.dose_bq, said)
    return of_decayed(injection, _scan_start(scope), weight, bq_per_ml)


def of_decayed(injection: Injection, scan: datetime, weight: float, bq_per_ml: float) -> Suv:
    """The factor where the values are decay corrected to `scan`, local time as that of the injection."""
    lives = (scan - injection.at).total_seconds() / injection.half_life_s
    if not 0 <= lives <= MOST_HALF_LIVES:
        raise NoSuv(_("the injection does not lie shortly before the scan"))
    left_bq = injection.dose_bq * 2**-lives
    words = _("{dose:.4g} MBq given {minutes:.0f} min before the scan, {weight:g} kg")
    minutes = (scan - injection.at).total_seconds() / 60
    return Suv(
        bq_per_ml * weight * GRAMS_PER_KG / left_bq,
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
    if scope.text("DecayCorrection") not in ("START", "ADMIN"):
        raise NoSuv(_("decay is corrected neither to the start of the scan nor to the injection"))


def _scan_start(scope: Scope) -> datetime:
    """Series Date and Time; where those are later than the acquisition, the scan's own time of GE."""
    series = moment(scope.text("SeriesDate") + scope.text("SeriesTime"))
    acquired = moment(scope.text("AcquisitionDate") + scope.text("AcquisitionTime"))
    if series is None or acquired is None:
        raise NoSuv(_("the time of the scan is not stated"))
    if series > acquired:
        scanned = moment(str(scope.private(GE, SCAN_DATETIME) or "").strip(" \0"))
        if scanned is not None and scanned <= acquired:
            return scanned
        raise NoSuv(_("the series was made after the scan, whose start is not stated"))
    return series


def _injection(scope: Scope, unit_bq: float = 1.0) -> Injection:
    """unit_bq: Bq of the unit in which the object states doses."""
    items = scope.items("RadiopharmaceuticalInformationSequence")
    if len(items) != 1:
        raise NoSuv(_("the file does not describe one injection"))
    given = Scope(items)
    dose, half_life = given.number("RadionuclideTotalDose"), given.number("RadionuclideHalfLife")
    if dose is None or not BELIEVED_BQ[0] <= dose * unit_bq <= BELIEVED_BQ[1]:
        raise NoSuv(_("the injected dose is missing or not in the unit it should be in"))
    if half_life is None or half_life <= 0:
        raise NoSuv(_("the half life is not stated"))
    at = _given_at(scope, given)
    if at is None:
        raise NoSuv(_("the time of the injection is not stated"))
    return Injection(dose * unit_bq, half_life, at)


def _given_at(scope: Scope, given: Scope) -> datetime | None:
    """The date and time if both are stated in the scan's own time zone, else the time on its day."""
    stated = _local(scope, given.text("RadiopharmaceuticalStartDateTime"))
    return moment(stated) or moment(
        scope.text("SeriesDate") + given.text("RadiopharmaceuticalStartTime")
    )


def _local(scope: Scope, stated: str) -> str:
    """Without the offset, where it is that of the object's own time zone."""
    zone = scope.text("TimezoneOffsetFromUTC")
    return stated.removesuffix(zone) if zone else stated


def weight_kg(scope: Scope) -> float:
    weight = scope.number("PatientWeight")
    if weight is None or not BELIEVED_KG[0] <= weight <= BELIEVED_KG[1]:
        raise NoSuv(_("the patient's weight is missing or impossible"))
    return weight


def moment(text: str) -> datetime | None:
    """A date with a time to the second; None for anything less."""
    found = MOMENT.match(text)
    if found is None:
        return None
    try:
        return datetime.strptime("".join(found.groups("")[:4]), "%Y%m%d%H%M%S")
    except ValueError:
        return None


def _enhanced(scope: Scope) -> Suv:
    """Units, corrections and dose of Enhanced PET (PS3.3 C.8.22.4, C.8.22.6, CID 84)."""
    slope, unit = _real_world(scope)
    if unit == SUV_UNIT:
        return Suv(slope, _("SUV as the file states it"))
    if unit != "Bq/ml":
        raise NoSuv(_("the values are not in Bq/ml"))
    for keyword, name in {"AttenuationCorrected": "ATTN", "DecayCorrected": "DECY"}.items():
        if scope.text(keyword) != "YES":
            raise NoSuv(_("the file does not state the correction {name}").format(name=name))
    corrected_to = moment(_local(scope, scope.text("DecayCorrectionDateTime")))
    if corrected_to is None:
        raise NoSuv(_("the time to which decay is corrected is not stated"))
    return of_decayed(_injection(scope, BQ_PER_MBQ), corrected_to, weight_kg(scope), slope)


def _real_world(scope: Scope) -> tuple[float, str]:
    """How many of the stated unit one unit of the modality value is; both must pass through zero."""
    items = scope.items("RealWorldValueMappingSequence")
    slopes = [Scope((item,)).number("RealWorldValueSlope") for item in items]
    offsets = [Scope((item,)).number("RealWorldValueIntercept") for item in items]
    units = [Scope(Scope((item,)).items("MeasurementUnitsCodeSequence")) for item in items]
    rescale, intercept = scope.number("RescaleSlope"), scope.number("RescaleIntercept")
    if len(items) != 1 or not slopes[0] or offsets[0] != 0 or not rescale or intercept != 0:
        raise NoSuv(_("the file does not state the unit of its values once"))
    return slopes[0] / rescale, units[0].text("CodeValue")


_OF_CLASS: dict[str, Callable[[Scope], Suv]] = {PET_CLASS: _suv, ENHANCED_PET_CLASS: _enhanced}
