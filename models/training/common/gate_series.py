"""A gate of a model of series, measured through the viewer's own path on series made for it.

Every series has a header that says what the model reads.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models.training.common import figures
from viewer.app.jobs import ignore
from viewer.dicom.volume_builder import build_volume
from viewer.domain.display_set import Acquisition, DisplaySet, FrameRef
from viewer.domain.finding import ModelRun, RunState
from viewer.domain.geometry import EdgeLetters, ImagePlane, PixelSpacing, SpacingEvidence
from viewer.domain.image import Frame, Photometric
from viewer.domain.presentation import Rescale
from viewer.inference.model_package import ModelPackage
from viewer.inference.series_analysis import analyze_series
from viewer.inference.session import Device, SessionPool

Json = dict[str, object]
OFFSET = 8192
"""Added to values when they are stored, so that none is negative."""


@dataclass(frozen=True)
class Made:
    """Slices under a header that says what the model reads.

    kind : of what must be refused, or the source of what must pass
    values : modality values of each slice, (rows, columns)
    """

    kind: str
    patient: str
    values: Sequence[np.ndarray]
    pixel_mm: float = 0.9
    slice_mm: float = 5.0


def run(package: ModelPackage, made: Made, pool: SessionPool) -> ModelRun:
    """What the viewer makes of it."""
    unit = "HU" if package.manifest.applicability.modality == ("CT",) else ""
    frames = _frames(made, unit)
    shown = _display_set(package, frames)
    return analyze_series(
        package=package,
        display_set=shown,
        volume=build_volume(frames, made.slice_mm),
        pool=pool,
        device=Device.CPU,
        stated_view="",
        evidence=(),
        report=ignore,
        on_cancel=ignore,
    ).run


def measured(package: ModelPackage, good: Iterable[Made], bad: Iterable[Made], out: Path) -> Json:
    """Shares that pass, by source; that are refused, by kind, with the reasons; written to `out`."""
    pool = SessionPool()
    passed = {kind: _passed(runs) for kind, runs in _by_kind(package, good, pool).items()}
    refused = {kind: _refused(runs) for kind, runs in _by_kind(package, bad, pool).items()}
    found: Json = {"passed": passed, "refused": refused}
    out.write_text(json.dumps(found, indent=1) + "\n")
    return found


Runs = list[tuple[str, ModelRun]]


def _by_kind(package: ModelPackage, series: Iterable[Made], pool: SessionPool) -> dict[str, Runs]:
    found: dict[str, Runs] = {}
    for made in series:
        outcome = run(package, made, pool)
        found.setdefault(made.kind, []).append((made.patient, outcome))
        print(made.kind, made.patient, outcome.state.value, outcome.reason[:90], flush=True)
    return found


def _passed(runs: Runs) -> Json:
    """The share with its interval; over patients where one has several."""
    passed = np.array([one.state is RunState.DONE for _patient, one in runs])
    patients = [patient for patient, _run in runs]
    share = figures.rates(np.ones_like(passed), passed, patients)["sensitivity"]
    return {**share, "patients": len(set(patients)), "reasons": _reasons(runs)}


def _refused(runs: Runs) -> Json:
    count = sum(one.state is RunState.NOT_APPLICABLE for _patient, one in runs)
    return {"n": len(runs), "refused": count, "reasons": _reasons(runs)}


def _reasons(runs: Runs) -> Json:
    """The words of the reasons before figures begin, counted."""
    return dict(
        Counter(one.reason.split(" (")[0].split(":")[0][:80] for _p, one in runs if one.reason)
    )


def _frames(made: Made, unit: str) -> list[Frame]:
    spacing = PixelSpacing(made.pixel_mm, made.pixel_mm, SpacingEvidence.PIXEL_SPACING)
    planes = [
        ImagePlane((0.0, 0.0, i * made.slice_mm), (1.0, 0.0, 0.0), (0.0, 1.0, 0.0), "2.25.1")
        for i in range(len(made.values))
    ]
    return [
        Frame(
            FrameRef(f"2.25.9{i:04d}", 0, Path(f"{i}.dcm")),
            (np.round(values) + OFFSET).clip(0, 65535).astype(np.uint16),
            Photometric.MONOCHROME2,
            bits_stored=16,
            signed=False,
            modality=Rescale(1.0, -float(OFFSET)),
            unit=unit,
            plane=plane,
            spacing=spacing,
            edges=EdgeLetters("R", "L", "A", "P"),
        )
        for i, (plane, values) in enumerate(zip(planes, made.values, strict=True))
    ]


def _display_set(package: ModelPackage, frames: Sequence[Frame]) -> DisplaySet:
    spec = package.manifest.applicability
    stated = Acquisition(
        spec.modality[0],
        spec.body_part[0],
        photometric="MONOCHROME2",
        age_years=50.0,
        rows=max(frames[0].rows, spec.min_rows or 0),
        columns=max(frames[0].columns, spec.min_columns or 0),
        orientation="AXIAL",
    )
    if spec.sequence:
        stated = replace(stated, sequence=spec.sequence[0])
    refs = tuple(frame.ref for frame in frames)
    return DisplaySet("made", "2.25.1", "2.25.2", 1, "made", stated, refs)
