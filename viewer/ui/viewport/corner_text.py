"""Corner text: who, what, how it is shown and how true the pixels are; only what the file says."""

from dataclasses import dataclass

from viewer.app.session import Shown
from viewer.base.i18n import _
from viewer.domain.geometry import SpacingEvidence
from viewer.domain.image import Frame
from viewer.domain.presentation import LookupTable, Presentation, Voi
from viewer.domain.readable import readable_date, readable_name
from viewer.domain.study import Patient
from viewer.imaging.colour_map import map_title
from viewer.ui.viewport.fidelity_mark import fidelity_mark


@dataclass(frozen=True)
class Corners:
    """Lines for each corner, top to bottom."""

    top_left: tuple[str, ...]
    top_right: tuple[str, ...]
    bottom_left: tuple[str, ...]
    bottom_right: tuple[str, ...]


def corners(
    shown: Shown,
    frame: Frame | None,
    presentation: Presentation,
    voi: Voi | None,
    zoom: float,
    state: str = "",
) -> Corners:
    """The texts around the image. state: words on the presentation state applied, or on those there are."""
    display_set = shown.display_set
    count = len(display_set.frames)
    place = _("Image {place}/{count}").format(place=shown.position + 1, count=count)
    series = display_set.description
    if display_set.series_number is not None:
        series = _("Series {number}  {text}").format(number=display_set.series_number, text=series)
    view = display_set.acquisition.view
    return Corners(
        top_left=_identity(shown.study.patient, display_set.acquisition.age_years),
        top_right=_kept(
            shown.study.description,
            readable_date(shown.study.date),
            series.strip(),
            f"{display_set.modality} {view}".strip(),
        ),
        bottom_left=_kept(
            state,
            map_title(presentation.colour_map) if presentation.colour_map else "",
            presentation.preset or stack_window_text(presentation, voi),
            window_text(voi, frame),
            f"{zoom * 100:.0f} %",
        ),
        bottom_right=_kept(
            _("KEY IMAGE") if shown.ref.place in shown.case.key_images else "",
            *(spacing_texts(frame) if frame else ()),
            place,
            fidelity_mark(frame, zoom).word if frame else "",
        ),
    )


def _kept(*lines: str) -> tuple[str, ...]:
    return tuple(line for line in lines if line)


def _identity(patient: Patient, age_years: float | None) -> tuple[str, ...]:
    age = "" if age_years is None else _("{years:.0f} y").format(years=age_years)
    return _kept(
        readable_name(patient.name),
        "  ".join(_kept(patient.sex, age, readable_date(patient.birth_date))),
        _("ID {id}").format(id=patient.patient_id) if patient.patient_id else _("No patient ID"),
    )


def window_text(voi: Voi | None, frame: Frame | None) -> str:
    """Window width and level, or the LUT's name."""
    if voi is None or frame is None:
        return ""
    if isinstance(voi, LookupTable):
        return voi.explanation or _("VOI LUT of the file")
    unit = f" {frame.unit}" if frame.unit else ""
    return f"W {voi.width:g}  L {voi.center:g}{unit}"


def stack_window_text(presentation: Presentation, voi: Voi | None) -> str:
    """Where the window comes from while it is that of a whole stack whose slices carry none."""
    ours = voi is not None and voi is presentation.stack_window and presentation.voi is None
    return _("No window in the file: one for the whole series") if ours else ""


def spacing_texts(frame: Frame) -> tuple[str, ...]:
    """What lengths are worth, where they are not true mm."""
    if any(region.spacing.evidence is not SpacingEvidence.NONE for region in frame.regions):
        return (_("Lengths in mm inside of the calibrated regions"),)
    words = {
        SpacingEvidence.MAGNIFICATION_CORRECTED: frame.spacing.words,
        SpacingEvidence.NONE: _("No spacing: lengths in px"),
        SpacingEvidence.IMAGER_PIXEL_SPACING: _("Lengths at the detector"),
    }
    return _kept(words.get(frame.spacing.evidence, ""))
