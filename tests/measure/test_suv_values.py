"""PET is shown twice: the value of the file and, where entitled, its uptake by body weight."""

from typing import Any

import numpy as np
import pytest

from viewer.domain.image import Suv
from viewer.domain.presentation import Rescale

VALUES = np.arange(16, dtype=np.int16).reshape(4, 4)
SLOPE = Rescale(1000.0, 0.0)
ALL = [[-0.5, -0.5], [3.5, 3.5]]


def test_a_region_has_the_mean_and_maximum_uptake(make_frame: Any, measured: Any) -> None:
    suv = Suv(0.0005, "400 MBq")
    found = measured("rectangle", ALL, make_frame(VALUES, modality=SLOPE, unit="BQML", suv=suv))
    assert (found["Maximum"].value, found["Maximum"].unit) == (15000.0, "Bq/ml")
    assert found["Maximum uptake"].value == pytest.approx(7.5)
    assert found["Mean uptake"].value == pytest.approx(3.75)
    assert (found["Mean uptake"].shown, found["Mean uptake"].evidence) == ("3.75 SUV bw", "400 MBq")


def test_a_probe_has_the_uptake_of_its_pixel(make_frame: Any, measured: Any) -> None:
    frame = make_frame(VALUES, modality=SLOPE, unit="BQML", suv=Suv(0.0005, "400 MBq"))
    assert measured("probe", [[2, 1]], frame)["Uptake"].value == pytest.approx(3.0)


def test_without_suv_the_reason_stands_in_the_evidence(make_frame: Any, measured: Any) -> None:
    refused = Suv(None, "no SUV: the half life is not stated")
    found = measured("rectangle", ALL, make_frame(VALUES, unit="BQML", suv=refused))
    assert "Mean uptake" not in found
    assert found["Mean"].evidence.endswith("no SUV: the half life is not stated")
