"""Saving plain pictures of an image or a series: off the GUI thread, whole or not at all, nothing overwritten.

Pictures are not reports. "Every exporter takes a SignedReport" stands: what is written here are display
values of the files alone. No finding, heat map, mark or drawing can reach this module: it is given frames
and a presentation, not a case, so unconfirmed AI output cannot leave the program by this way.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from itertools import count
from pathlib import Path

from PIL import Image

from viewer.app.cine import DEFAULT_RATE
from viewer.app.film import mp4
from viewer.app.jobs import Job, JobContext, Lane
from viewer.app.pictures import PictureChoice, PictureFormat, patient_words, picture
from viewer.app.session import Shown
from viewer.app.settings import Pictures
from viewer.app.workbench import Workbench
from viewer.base.errors import ExportError, ViewerError
from viewer.base.i18n import _
from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.presentation import Presentation
from viewer.export.destination import write_whole
from viewer.review.audit import AuditKind

SAVE_KEY = "save pictures"
JPEG_QUALITY = 95
GIF_TICKS_PER_SECOND = 100
"""A GIF counts time in hundredths of a second."""

SHORTEST_GIF_TICKS = 2
"""Programs show anything shorter ten times slower."""

Report = Callable[[float], None]
ViewOf = Callable[[FrameRef], Presentation]


def save_pictures(workbench: Workbench, shown: Shown, choice: PictureChoice) -> None:
    """Write what was chosen as it is shown now, then say where it lies."""
    session, frames = workbench.session, shown.display_set.frames
    views = {ref: session.presentation_of(shown.display_set, ref) for ref in frames}

    def work(context: JobContext) -> Path:
        return write_pictures(shown, views.__getitem__, choice, context.report)

    def done(path: Path) -> None:
        images = len(shown.display_set.frames) if choice.series else 1
        said = {"what": "pictures", "format": choice.format.value, "images": str(images)}
        text = "with" if choice.patient_text else "without"
        workbench.log.note(AuditKind.EXPORT, shown.study.uid, said | {"patient_text": text})
        ended(_("Saved as {path}.").format(path=path))

    def ended(sentence: str) -> None:
        session.set_saving(None)
        session.notify(sentence)

    kept = Pictures(str(choice.folder), choice.format.value)
    workbench.settings.change(pictures=kept)
    session.set_saving(0.0)
    workbench.jobs.submit(
        Job(
            SAVE_KEY,
            Lane.TRANSFER,
            work,
            done,
            lambda error: ended(str(error)),
            partial(_tell, workbench),
            on_cancelled=lambda: session.set_saving(None),
        )
    )


def _tell(workbench: Workbench, fraction: float) -> None:
    workbench.session.set_saving(fraction)
    words = _("Saving pictures: {percent:.0f} %. File ▸ Cancel saving pictures stops it.")
    workbench.session.notify(words.format(percent=100 * fraction))


def cancel_saving(workbench: Workbench) -> None:
    """Stop; nothing of a series that is not complete stays."""
    workbench.jobs.cancel(SAVE_KEY)
    workbench.session.set_saving(None)
    workbench.session.notify(_("Saving was cancelled; no picture was kept."))


def write_pictures(shown: Shown, view_of: ViewOf, choice: PictureChoice, report: Report) -> Path:
    """The file or folder that was written, each frame in the reader's view of it.

    Raises ExportError, or what a frame's decoding raises.
    """
    last = len(shown.display_set.frames)
    places = range(last) if choice.series else range(shown.position, shown.position + 1)
    pictures = _pictures(shown, view_of, choice, places, report)
    try:
        choice.folder.mkdir(parents=True, exist_ok=True)
        if choice.series and not choice.format.is_moving:
            return _write_folder(choice, shown, pictures)
        return _write_file(choice, shown, pictures)
    except OSError as error:
        raise ExportError(
            _("The pictures could not be written to {folder}: {reason}. Choose another.").format(
                folder=choice.folder, reason=error.strerror or error
            )
        ) from error


def _pictures(
    shown: Shown,
    view_of: ViewOf,
    choice: PictureChoice,
    places: range,
    report: Report,
) -> Iterator[Image.Image]:
    """One at a time, so that a long series needs no more memory than a short one."""
    for done, place in enumerate(places):
        report(done / len(places))
        words = patient_words(shown.study, shown.display_set, place) if choice.patient_text else ()
        try:
            ref = shown.display_set.frames[place]
            yield picture(decode(ref), view_of(ref), words)
        except ViewerError as error:
            nothing = _("Nothing was saved, because image {place} cannot be shown: {reason}")
            raise ExportError(nothing.format(place=place + 1, reason=error)) from error


def _write_file(choice: PictureChoice, shown: Shown, pictures: Iterator[Image.Image]) -> Path:
    rate = shown.display_set.frame_rate or DEFAULT_RATE
    content = (
        _MOVING[choice.format](pictures, rate)
        if choice.format.is_moving
        else _encoded(next(pictures), choice.format)
    )
    stem = _series_stem(shown) if choice.series else _image_stem(shown, shown.position)
    target = _free(choice.folder, stem, f".{choice.format.value}")
    return write_whole(target.parent, target.name, content)


def _write_folder(choice: PictureChoice, shown: Shown, pictures: Iterator[Image.Image]) -> Path:
    """Into a folder of its own, for the user alone, which gets its name when all are there."""
    part = Path(tempfile.mkdtemp(dir=choice.folder, prefix=".secondread_", suffix=".part"))
    try:
        for place, made in enumerate(pictures):
            name = f"{_image_stem(shown, place)}.{choice.format.value}"
            (part / name).write_bytes(_encoded(made, choice.format))
        return part.rename(_free(choice.folder, _series_stem(shown), ""))
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _encoded(made: Image.Image, kind: PictureFormat) -> bytes:
    """The file without any metadata."""
    stream = BytesIO()
    if kind is PictureFormat.JPEG:
        made.save(stream, "JPEG", quality=JPEG_QUALITY, subsampling=0)
    else:
        made.save(stream, kind.name)
    return stream.getvalue()


def _moving(pictures: Iterator[Image.Image], rate: float) -> bytes:
    """An endless GIF at `rate` frames/s, as near as it can: greys exactly, colours as the 256 that fit best."""
    stream = BytesIO()
    ticks = max(round(GIF_TICKS_PER_SECOND / rate), SHORTEST_GIF_TICKS)
    first = next(pictures)
    first.save(
        stream,
        "GIF",
        save_all=True,
        append_images=pictures,
        duration=ticks * 1000 // GIF_TICKS_PER_SECOND,
        loop=0,
        optimize=False,
    )
    return stream.getvalue()


_MOVING: dict[PictureFormat, Callable[[Iterator[Image.Image], float], bytes]] = {
    PictureFormat.GIF: _moving,
    PictureFormat.MP4: mp4,
}


def _series_stem(shown: Shown) -> str:
    """A name that says nothing of the patient."""
    number = shown.display_set.series_number
    return "series" if number is None else f"series_{number}"


def _image_stem(shown: Shown, place: int) -> str:
    return f"{_series_stem(shown)}_image_{place + 1:04d}"


def _free(folder: Path, stem: str, suffix: str) -> Path:
    """The name, numbered where it is taken."""
    names = (f"{stem}{suffix}" if n == 1 else f"{stem}_{n}{suffix}" for n in count(1))
    return next(folder / name for name in names if not (folder / name).exists())
