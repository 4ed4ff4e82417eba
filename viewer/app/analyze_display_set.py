"""One model on one display set: header first, then the pixels, their hashes and the network."""

from collections.abc import Callable
from dataclasses import dataclass

from viewer.base.errors import ViewerError, VolumeError
from viewer.base.memory import give_back
from viewer.dicom.decoder import decode
from viewer.dicom.input_evidence import input_evidence
from viewer.dicom.volume_builder import build_volume
from viewer.domain.display_set import DisplaySet
from viewer.domain.finding import InputEvidence
from viewer.domain.image import Frame
from viewer.inference.analysis import Analysis, analyze, decide, failed, refused
from viewer.inference.applicability import Applicable, NotApplicable
from viewer.inference.model_package import ModelPackage
from viewer.inference.series_analysis import analyze_series, reads_series
from viewer.inference.session import Device, OnCancel, SessionPool

Report = Callable[[float], None]

DECODED = 0.3
"""Share of a series' time until all of its slices are decoded."""


@dataclass(frozen=True, eq=False)
class _Asked:
    """What is to be run on what, and who listens."""

    package: ModelPackage
    display_set: DisplaySet
    pool: SessionPool
    device: Device
    stated_view: str
    report: Report
    on_cancel: OnCancel


def analyze_display_set(
    package: ModelPackage,
    display_set: DisplaySet,
    pool: SessionPool,
    device: Device,
    stated_view: str,
    report: Report,
    on_cancel: OnCancel,
) -> Analysis:
    """Decode the frames the model reads and run it; what fails is told in the run, never raised.

    stated_view: the reader's answer where the file does not state the view, or "".
    Raises Cancelled when the reader gives up.
    """
    decision = decide(package, display_set.acquisition, display_set, stated_view)
    if not isinstance(decision, Applicable):
        return refused(package, display_set, decision, stated_view)
    report(0.0)
    asked = _Asked(package, display_set, pool, device, stated_view, report, on_cancel)
    try:
        return _of_series(asked) if reads_series(package) else _of_frame(asked)
    except VolumeError as error:
        return refused(package, display_set, NotApplicable(str(error)), stated_view)
    except ViewerError as error:
        return failed(package, display_set, str(error), stated_view)
    finally:
        give_back()


def _of_frame(asked: _Asked) -> Analysis:
    frame = decode(asked.display_set.frames[0])
    return analyze(
        package=asked.package,
        acquisition=asked.display_set.acquisition,
        display_set=asked.display_set,
        frame=frame,
        pool=asked.pool,
        device=asked.device,
        stated_view=asked.stated_view,
        evidence=input_evidence(frame),
        report=asked.report,
        on_cancel=asked.on_cancel,
    )


def _of_series(asked: _Asked) -> Analysis:
    frames, evidence = _decoded(asked)
    thickness = asked.display_set.acquisition.slice_thickness_mm
    volume = build_volume(frames, thickness)
    return analyze_series(
        package=asked.package,
        display_set=asked.display_set,
        volume=volume,
        pool=asked.pool,
        device=asked.device,
        stated_view=asked.stated_view,
        evidence=evidence,
        report=lambda share: asked.report(DECODED + (1 - DECODED) * share),
        on_cancel=asked.on_cancel,
    )


def _decoded(asked: _Asked) -> tuple[list[Frame], tuple[InputEvidence, ...]]:
    """All slices with the hashes of what was read; told and stopped slice by slice."""
    frames: list[Frame] = []
    evidence: list[InputEvidence] = []
    refs = asked.display_set.frames
    for count, ref in enumerate(refs, start=1):
        frames.append(decode(ref))
        evidence.append(input_evidence(frames[-1]))
        asked.report(DECODED * count / len(refs))
    return frames, tuple(evidence)
