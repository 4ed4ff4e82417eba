"""Not run, failed, not applicable, nothing above threshold: four different texts wherever the screen says them."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from dicom_films import write_film
from end_to_end_steps import Reader, grey
from pydicom import dcmread
from visible_state import texts, visible_state

from viewer.app.settings import Inference
from viewer.base.errors import DecodeError

SMALL = (0.42, 0.66)
OUTCOMES = {
    "not run": ("AI not run: ", ": not run", "AI not run"),
    "failed": ("AI failed: ", ": failed", "AI failed"),
    "not applicable": ("AI not applicable: ", ": not applicable", "AI not applicable"),
    "none above": ("No finding above threshold 0.50 among: ", "done in", "AI done"),
}
"""What panel, status bar and list of studies say."""


@pytest.fixture
def shown(
    make_program: Callable[[], Reader],
    phantom_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[[str], str]:
    """All the words on the screen after an outcome of that name."""

    def broken(*_frame: object) -> object:
        raise DecodeError("the pixels are cut short.")

    def begin(outcome: str) -> str:
        reader = make_program()
        settings = reader.program.workbench.settings
        if outcome == "not run":
            settings.change(inference=replace(Inference(), automatic=False))
        if outcome == "failed":
            monkeypatch.setattr("viewer.app.analyze_display_set.decode", broken)
        view = "LL" if outcome == "not applicable" else "PA"
        reader.open(write_film(tmp_path / "film.dcm", grey(SMALL), view=view))
        return texts(visible_state(reader.program.window))

    return begin


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_each_outcome_has_its_own_words_on_the_screen_and_none_of_another(
    shown: Callable[[str], str], outcome: str
) -> None:
    said = shown(outcome)
    for words in OUTCOMES[outcome]:
        assert words in said
    others = [words[0] for name, words in OUTCOMES.items() if name != outcome]
    assert [words for words in others if words in said] == []


def test_what_a_result_rests_on_is_said_beside_it(
    make_program: Callable[[], Reader], phantom_model: Path, tmp_path: Path
) -> None:
    path = write_film(tmp_path / "film.dcm", grey(SMALL))
    film = dcmread(path)
    del film.PatientAge, film.PatientBirthDate
    film.save_as(path)
    reader = make_program()
    reader.open(path)
    said = texts(visible_state(reader.program.window))
    assert "No finding above threshold" in said
    assert "The file does not state the patient's age" in said
