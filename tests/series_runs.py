"""A phantom series through the viewer's own path, without a job around it."""

from collections.abc import Sequence

from phantom_series import display_set

from viewer.dicom.volume_builder import build_volume
from viewer.domain.display_set import Acquisition
from viewer.domain.image import Frame
from viewer.inference.analysis import Analysis
from viewer.inference.model_package import ModelPackage
from viewer.inference.series_analysis import analyze_series
from viewer.inference.session import Device, SessionPool


def analyzed(package: ModelPackage, acquisition: Acquisition, shown: Sequence[Frame]) -> Analysis:
    """What the model makes of the frames under that header."""
    return analyze_series(
        package=package,
        display_set=display_set(acquisition, shown),
        volume=build_volume(shown),
        pool=SessionPool(),
        device=Device.CPU,
        stated_view="",
        evidence=(),
        report=lambda share: None,
        on_cancel=lambda stop: None,
    )
