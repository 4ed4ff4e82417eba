"""The rate of a film: what the file states, in the order of the standard, or nothing."""

from pathlib import Path

import pytest
from pydicom.data import get_testdata_file
from pydicom.dataset import Dataset

from viewer.dicom.frame_rate import frame_rate
from viewer.dicom.indexer import index
from viewer.dicom.scope import Scope


@pytest.mark.parametrize(
    ("attributes", "expected"),
    [
        ({"RecommendedDisplayFrameRate": 25, "CineRate": 10, "FrameTime": "50"}, 25),
        ({"CineRate": 10, "FrameTime": "50"}, 10),
        ({"FrameTime": "50"}, 20),
        ({"FrameTimeVector": [0, 100, 150, 50]}, 10),
        ({"CineRate": 0, "FrameTime": "40"}, 25),
        ({"FrameTime": "0"}, None),
        ({"FrameTime": "-40"}, None),
        ({"FrameTimeVector": [0]}, None),
        ({}, None),
    ],
)
def test_the_first_rate_that_makes_sense_counts(
    attributes: dict[str, object], expected: float | None
) -> None:
    dataset = Dataset()
    for keyword, value in attributes.items():
        setattr(dataset, keyword, value)
    assert frame_rate(Scope((dataset,))) == expected


def test_a_display_set_knows_the_rate_of_its_file() -> None:
    path = Path(get_testdata_file("examples_ybr_color.dcm"))
    (study,) = index([path], lambda _found: None, lambda _fraction: None).studies
    (shown,) = study.display_sets
    assert shown.frame_rate == pytest.approx(30.0, rel=1e-4)
