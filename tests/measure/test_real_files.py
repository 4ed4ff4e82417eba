"""On real files: the same numbers as pydicom and plain numpy give."""

from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmread
from pydicom.data import get_testdata_file

from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef


@pytest.fixture(params=["CT_small.dcm", "MR_small.dcm"])
def path(request: pytest.FixtureRequest) -> Path:
    return Path(str(get_testdata_file(request.param, download=False)))


def test_a_region_of_a_real_slice_has_the_mean_numpy_gives(path: Path, measured) -> None:
    frame, header = decode(FrameRef("1.2", 0, path)), dcmread(path)
    part = header.pixel_array[20:30, 35:50].astype(float)
    slope, intercept = header.get("RescaleSlope", 1), header.get("RescaleIntercept", 0)
    found = measured("rectangle", [[34.5, 19.5], [49.5, 29.5]], frame)
    assert found["Mean"].value == pytest.approx(part.mean() * float(slope) + float(intercept))
    assert found["Standard deviation"].value == pytest.approx(part.std() * float(slope))
    assert found["Pixels"].value == 150
    assert found["Mean"].unit == ("[hnsf'U]" if header.Modality == "CT" else "")


def test_a_length_on_a_real_slice_is_rows_times_row_spacing(path: Path, measured) -> None:
    frame, header = decode(FrameRef("1.2", 0, path)), dcmread(path)
    rows, columns = (float(value) for value in header.PixelSpacing)
    stated = measured("length", [[5, 5], [35, 45]], frame)["Length"]
    assert stated.value == pytest.approx(np.hypot(30 * columns, 40 * rows))
    assert (stated.unit, stated.evidence) == ("mm", "Pixel Spacing")
