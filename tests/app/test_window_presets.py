"""Number keys bring the windows of the modality; PET has windows of uptake where its file entitles to SUV."""

from dataclasses import replace

import pytest

from viewer.app.commands.window import apply_preset
from viewer.app.open_study import open_paths
from viewer.app.workbench import Workbench
from viewer.dicom.decoder import decode
from viewer.domain.image import Suv


@pytest.fixture
def pet(bench: Workbench, two_patients, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """A film called PET, and what its SUV is set to."""
    open_paths(bench, [two_patients / "jane.dcm"])
    shown = bench.session.shown
    assert shown is not None
    acquisition = replace(shown.display_set.acquisition, modality="PT")
    bench.session.shown = replace(
        shown, display_set=replace(shown.display_set, acquisition=acquisition)
    )

    def state(suv: Suv | None) -> None:
        frame = replace(decode(shown.ref), suv=suv)
        monkeypatch.setattr(bench.frames, "get", lambda _ref: frame)

    return state


def test_a_window_of_uptake_is_set_in_the_values_of_the_file(bench: Workbench, pet) -> None:  # type: ignore[no-untyped-def]
    pet(Suv(0.0002, "400 MBq"))
    apply_preset(1, bench)
    voi = bench.session.presentation.voi
    assert (voi.center, voi.width) == pytest.approx((12_500, 25_000))
    assert bench.session.presentation.preset == "SUV 0 to 5"


def test_without_suv_the_reason_is_said_and_the_window_stays(bench: Workbench, pet) -> None:  # type: ignore[no-untyped-def]
    said: list[str] = []
    bench.session.events.notice.subscribe(said.append)
    pet(Suv(None, "no SUV: the values are not in Bq/ml"))
    apply_preset(1, bench)
    assert bench.session.presentation.voi is None
    assert said == ["This window needs SUV; no SUV: the values are not in Bq/ml."]
