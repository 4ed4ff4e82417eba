"""What may be an AI's is not listed before the reveal; what was acquired always is."""

from pathlib import Path

import pytest

from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.study import Instance, Patient, Series, Study
from viewer.domain.study_object import ObjectKind, StudyObject
from viewer.domain.withheld import PARAMETRIC_MAP, SECONDARY_CAPTURE, without_ai_results

DX = "1.2.840.10008.5.1.4.1.1.1.1"
MULTIFRAME_CAPTURE = f"{SECONDARY_CAPTURE}.4"


def series(uid: str, sop_class: str = DX, description: str = "Chest PA") -> Series:
    ref = FrameRef(f"{uid}.1", 0, Path("film"))
    shown = DisplaySet(uid, "1.2", uid, 1, description, Acquisition("DX"), (ref,))
    instance = Instance(f"{uid}.1", sop_class, Path("film"), "1.2.840.10008.1.2.1", 1, 8, 8)
    return Series(uid, "DX", 1, description, (instance,), (shown,))


def study(*held: Series, objects: tuple[StudyObject, ...] = ()) -> Study:
    return Study("1.2", Patient("ID-1", "DOE^JANE"), "", "", "", "", "", held, objects)


def listed(of: Study) -> list[str]:
    return [shown.uid for shown in without_ai_results(of).display_sets]


@pytest.mark.parametrize("kind", list(ObjectKind))
def test_no_object_of_any_kind_is_listed(kind: ObjectKind) -> None:
    one = StudyObject(
        kind, "1.9", "1.8", Path("x"), "1.2", ("ID-1", "", "DOE^JANE", ""), "1.7", 1, "SR"
    )
    assert without_ai_results(study(series("1.3"), objects=(one,))).objects == ()


@pytest.mark.parametrize("sop_class", [SECONDARY_CAPTURE, MULTIFRAME_CAPTURE, PARAMETRIC_MAP])
def test_a_capture_beside_an_acquired_film_is_not_listed(sop_class: str) -> None:
    assert listed(study(series("1.3"), series("1.4", sop_class, "Result"))) == ["1.3"]


def test_a_digitised_film_that_is_all_there_is_stays_listed() -> None:
    assert listed(study(series("1.4", SECONDARY_CAPTURE))) == ["1.4"]


@pytest.mark.parametrize("words", ["AI result", "Chest CAD", "Heatmap", "lung ai marks"])
def test_a_series_that_names_an_ai_is_not_listed_whatever_its_class(words: str) -> None:
    assert listed(study(series("1.3"), series("1.4", DX, words))) == ["1.3"]


@pytest.mark.parametrize("words", ["Chest AP", "CADERA PA", "Thorax lateral", "Paint"])
def test_a_series_whose_words_only_resemble_an_ai_stays_listed(words: str) -> None:
    assert listed(study(series("1.3", DX, words))) == ["1.3"]


def test_identity_and_instances_of_the_study_stay_as_they_were() -> None:
    whole = study(series("1.3"), series("1.4", SECONDARY_CAPTURE))
    less = without_ai_results(whole)
    assert (less.uid, less.patient) == (whole.uid, whole.patient)
    assert [one.instances for one in less.series] == [one.instances for one in whole.series]
