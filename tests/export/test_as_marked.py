"""A key image is printed as the reader saw it when marking it, under the presentation state of that moment."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pypdf import PdfReader
from signed_reports import AT, READER, Film, film, full_events, full_report, signed
from softcopy_states import attributes, window, write_state

from viewer.dicom.decoder import decode
from viewer.dicom.presentation_state import read_presentation_state
from viewer.domain.display_set import FrameRef
from viewer.domain.finding import Mark, Source
from viewer.domain.geometry import EdgeLetters
from viewer.domain.image import Frame, Photometric
from viewer.domain.key_view import KeyView, StateUsed, key_view
from viewer.domain.presentation import Presentation, VoiWindow
from viewer.export.as_marked import as_marked
from viewer.export.evidence import Evidence
from viewer.export.formats.pdf import PLUGIN
from viewer.export.key_image import MARK_COLOURS, NumberedMark, plain_picture, printed_size
from viewer.review.canonical import to_plain
from viewer.review.events import KeyImageMarked
from viewer.review.report import SignedReport


@pytest.fixture(scope="module")
def of() -> Film:
    return film()


@pytest.fixture
def state(of: Film, tmp_path: Path) -> Path:
    """A state with a narrow window and reversed greys."""
    change = attributes(PresentationLUTShape="INVERSE")
    return write_state(of.path, tmp_path, change, **window(500, 300))


def used(path: Path) -> StateUsed:
    found = read_presentation_state(path)
    return StateUsed(found.uid, "SECOND LOOK", found.file_sha256)


def marked(of: Film, view: KeyView | None) -> SignedReport:
    place = (of.sop_instance_uid, 0)
    return signed(of, [*full_events(of), KeyImageMarked(*place, True, READER, AT, view)])


def under(of: Film, path: Path, **others: object) -> SignedReport:
    return marked(of, KeyView(of.sop_instance_uid, 0, state=used(path), **others))  # type: ignore[arg-type]


def files(of: Film, state: Path) -> Evidence:
    uid = str(dcmread(state).SOPInstanceUID)
    return Evidence({of.sop_instance_uid: of.path, uid: state})


def test_the_state_of_the_moment_is_printed_and_named(of: Film, state: Path) -> None:
    found = as_marked(under(of, state), files(of, state), (of.sop_instance_uid, 0))
    assert found.words == ("Shown as it was when it was marked: presentation state “SECOND LOOK”.")
    frame = decode(FrameRef(of.sop_instance_uid, 0, of.path))
    plain, printed = (
        np.asarray(plain_picture(frame, [], view), np.int32)
        for view in (Presentation(), found.presentation)
    )
    applied = Presentation(state=read_presentation_state(state))
    assert (np.asarray(plain_picture(frame, [], applied)) == printed).all()
    assert np.abs(plain - printed).mean() > 50


def changed(state: Path) -> None:
    dataset = dcmread(state)
    dataset.ContentLabel = "OTHER"
    dataset.save_as(state)


@pytest.mark.parametrize("damage", [Path.unlink, changed, lambda path: path.write_bytes(b"x")])
def test_a_state_that_is_gone_or_changed_is_not_applied_and_that_is_printed(
    of: Film, state: Path, damage
) -> None:  # type: ignore[no-untyped-def]
    report, seen = under(of, state, quarter_turns=1), files(of, state)
    damage(state)
    found = as_marked(report, seen, (of.sop_instance_uid, 0))
    assert found.presentation == Presentation(quarter_turns=1)
    assert "NOT APPLIED: presentation state “SECOND LOOK”" in found.words
    closed = as_marked(report, Evidence({}), (of.sop_instance_uid, 0))
    assert "NOT APPLIED" in closed.words


def test_a_state_of_another_patient_is_never_applied(of: Film, state: Path) -> None:
    dataset = dcmread(state)
    dataset.PatientID = "SOMEBODY ELSE"
    dataset.save_as(state)
    found = as_marked(under(of, state), files(of, state), (of.sop_instance_uid, 0))
    assert found.presentation.state is None
    assert "NOT APPLIED" in found.words


def test_a_frame_that_was_marked_as_it_is_has_nothing_to_say(of: Film) -> None:
    found = as_marked(marked(of, None), Evidence({}), (of.sop_instance_uid, 0))
    assert (found.presentation, found.words) == (Presentation(), "")


def test_reports_signed_before_keep_their_hash(of: Film) -> None:
    """The field is written only where it says something."""
    assert "key_views" not in to_plain(full_report(of))
    event = KeyImageMarked(of.sop_instance_uid, 0, True, READER, AT)
    assert "view" not in to_plain(event)


def test_window_turns_and_polarity_are_printed_and_named(of: Film) -> None:
    shown = Presentation(
        voi=VoiWindow(-600, 1500), preset="lung", inverted=True, quarter_turns=5, zoom=3.0
    )
    view = key_view((of.sop_instance_uid, 0), shown, "")
    assert view is not None
    found = as_marked(marked(of, view), Evidence({}), view.place)
    assert found.presentation == replace(shown, quarter_turns=1, zoom=None)
    assert found.words == (
        "Shown as it was when it was marked: lung; W 1500 L -600; inverted; turned by 90°."
    )


def test_zoom_alone_is_no_view_of_its_own() -> None:
    assert key_view(("1.2", 0), Presentation(zoom=2.0, pan_view_px=(5.0, 5.0)), "") is None


@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_marks_and_letters_stay_on_their_place_in_every_turn(turns: int, flip: bool) -> None:
    """A mark over the one bright pixel block covers it in each of the eight views."""
    stored = np.zeros((200, 400), np.uint8)
    stored[30:50, 300:320] = 255
    frame = Frame(
        FrameRef("1.2", 0, Path("film.dcm")),
        stored,
        Photometric.MONOCHROME2,
        8,
        False,
        edges=EdgeLetters("R", "L", "H", "F"),
    )
    view = Presentation(quarter_turns=turns, flip_horizontal=flip)
    corners = ((300.0, 30.0), (319.0, 30.0), (319.0, 49.0), (300.0, 49.0))
    mark = NumberedMark("", Mark("", corners, closed=True), Source.READER)
    bare = np.asarray(plain_picture(replace(frame, edges=None), [], view), np.int32)
    drawn = np.asarray(plain_picture(replace(frame, edges=None), [mark], view), np.int32)
    assert bare.shape[:2] == printed_size(frame, view)[::-1]
    assert (bare.shape[0] > bare.shape[1]) == bool(turns % 2)
    block = np.argwhere(bare[..., 0] > 128)
    line = np.argwhere(np.abs(drawn - MARK_COLOURS[Source.READER]).sum(axis=2) < 60)
    assert np.abs(block.mean(axis=0) - line.mean(axis=0)).max() < 4


def test_the_pdf_prints_it_with_its_words(of: Film, state: Path, tmp_path: Path) -> None:
    (path,) = PLUGIN.write(under(of, state), files(of, state), tmp_path)
    text = " ".join(" ".join(page.extract_text().split()) for page in PdfReader(path).pages)
    assert "Shown as it was when it was marked: presentation state “SECOND LOOK”." in text
