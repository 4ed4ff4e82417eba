"""The fidelity mark: one word on how true the pixels on the screen are, with the reasons behind it."""

from collections.abc import Iterator
from dataclasses import dataclass

from viewer.base.i18n import _
from viewer.domain.geometry import SpacingEvidence
from viewer.domain.image import Frame


@dataclass(frozen=True)
class FidelityMark:
    """word: for the corner of the view. reasons: sentences for the hover, the first explains the word."""

    word: str
    reasons: tuple[str, ...]


def fidelity_mark(frame: Frame, zoom: float) -> FidelityMark:
    """What the file and the zoom (view px per image px) entitle the picture to be called.

    Lossy compression (PS3.3 C.7.6.1.1.5) and missing spacing are always named; "full resolution" is
    said only where nothing speaks against it.
    """
    found = tuple(_findings(frame))
    words = [word for word, _reason in found if word]
    reasons = [reason for _word, reason in found]
    if zoom < 1:
        reasons.append(
            _("Shown at {percent:.0f} %: fine detail is averaged. Press Z for every pixel.").format(
                percent=zoom * 100
            )
        )
        words = words or [_("reduced on screen")]
    if not words:
        words = [_("full resolution")]
        reasons.insert(0, _("Every pixel of the file is shown, none compressed with loss."))
    return FidelityMark(" · ".join(words), tuple(reasons))


def _findings(frame: Frame) -> Iterator[tuple[str, str]]:
    """(word, reason); a remark that does not change the word has none."""
    fidelity = frame.fidelity
    if fidelity.lossy_ratio is not None:
        yield _lossy(fidelity.lossy_ratio, fidelity.transfer_syntax)
    if fidelity.resampled:
        yield _("resampled"), _("Image Type says that it was computed from other slices.")
    elif fidelity.derived:
        yield _("derived"), _("Image Type says DERIVED: the pixels were computed, not acquired.")
    if not is_measurable(frame):
        yield _("not for measurement"), _("The file gives no pixel size: lengths are in px.")
    yield from (("", remark) for remark in _remarks(frame))


def _remarks(frame: Frame) -> Iterator[str]:
    """What does not change the word."""
    fidelity = frame.fidelity
    if fidelity.secondary_capture:
        yield _("Secondary capture: a picture of an image, its values may have lost their meaning.")
    if fidelity.burned_in:
        yield _("Text is burned into the pixels, it may name a patient.")
    if fidelity.icc_profile:
        words = _("Colour profile of the file: {name}. The colours are shown without it.")
        yield words.format(name=fidelity.icc_profile)
    if frame.shutter is not None:
        yield _("The file has a display shutter; Shift+S lifts it.")
    if frame.presentation_lut is not None and not frame.is_colour:
        yield _("Its grey values go through the Presentation LUT of the file.")
    if frame.unreadable_presentation_lut:
        yield _("The Presentation LUT of the file is damaged; the image is shown without it.")
    if frame.unreadable_overlays:
        yield _("An overlay of the file cannot be read and is not shown.")
    if frame.spacing.evidence is SpacingEvidence.IMAGER_PIXEL_SPACING:
        yield _("Lengths are at the detector, larger than in the patient.")


def is_measurable(frame: Frame) -> bool:
    """Whether any length in the image can carry a unit."""
    spacings = (frame.spacing, *(region.spacing for region in frame.regions))
    return any(spacing.evidence is not SpacingEvidence.NONE for spacing in spacings)


def _lossy(ratio: float, syntax: str) -> tuple[str, str]:
    if not ratio:
        return _("lossy"), _(
            "Compressed with loss, or taken to be: {syntax}, ratio not stated."
        ).format(syntax=syntax or _("transfer syntax not stated"))
    return (
        _("lossy {ratio:.3g}:1").format(ratio=ratio),
        _("Compressed with loss at {ratio:.3g}:1, now or before it was sent.").format(ratio=ratio),
    )
