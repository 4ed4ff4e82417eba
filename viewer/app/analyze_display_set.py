"""One model on one display set: header first, then the pixels, their hashes and the network."""

from collections.abc import Callable

from viewer.base.errors import ViewerError
from viewer.dicom.decoder import decode
from viewer.dicom.input_evidence import input_evidence
from viewer.domain.display_set import DisplaySet
from viewer.inference.analysis import Analysis, analyze, decide, failed, refused
from viewer.inference.applicability import Applicable
from viewer.inference.model_package import ModelPackage
from viewer.inference.session import Device, OnCancel, SessionPool


def analyze_display_set(
    package: ModelPackage,
    display_set: DisplaySet,
    pool: SessionPool,
    device: Device,
    stated_view: str,
    report: Callable[[float], None],
    on_cancel: OnCancel,
) -> Analysis:
    """Decode the frame the model reads and run it; what fails is told in the run, never raised.

    stated_view: the reader's answer where the file does not state the view, or "".
    Raises Cancelled when the reader gives up.
    """
    decision = decide(package, display_set.acquisition, display_set, stated_view)
    if not isinstance(decision, Applicable):
        return refused(package, display_set, decision, stated_view)
    report(0.0)
    try:
        frame = decode(display_set.frames[0])
        evidence = input_evidence(frame)
    except ViewerError as error:
        return failed(package, display_set, str(error), stated_view)
    return analyze(
        package=package,
        acquisition=display_set.acquisition,
        display_set=display_set,
        frame=frame,
        pool=pool,
        device=device,
        stated_view=stated_view,
        evidence=evidence,
        report=report,
        on_cancel=on_cancel,
    )
