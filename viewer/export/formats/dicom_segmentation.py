"""DICOM Segmentation: what segmentation networks outlined, as data for other programs."""

from collections.abc import Iterator, Mapping

from pydicom import Dataset

from viewer.domain.finding import RunState
from viewer.domain.image import Heatmap
from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence, verified_source
from viewer.export.objects.segmentation import OutlinedSegments, segmentation
from viewer.review.report import SignedReport


def _made(report: SignedReport, evidence: Evidence) -> list[OutlinedSegments]:
    """A segmentation for each network and image size; none where no network outlines anything."""
    return [
        made
        for run in report.runs
        if run.state is RunState.DONE
        for number, (maps, sources) in enumerate(
            _sized(report, evidence, _maps_of(evidence, run.algorithm.model_id)), start=1
        )
        for made in (segmentation(report, run.algorithm, maps, sources, number),)
    ]


def _maps_of(evidence: Evidence, model_id: str) -> list[Heatmap]:
    return [
        one for one in evidence.heatmaps if one.segment is not None and one.model_id == model_id
    ]


def _sized(
    report: SignedReport, evidence: Evidence, maps: list[Heatmap]
) -> Iterator[tuple[list[Heatmap], Mapping[str, Dataset]]]:
    """Maps and source images, apart for each size of image and series."""
    uids = dict.fromkeys(one.ref.sop_instance_uid for one in maps)
    sources = {uid: verified_source(report, evidence, uid) for uid in uids}
    grids = dict.fromkeys(_grid(source) for source in sources.values())
    for grid in grids:
        alike = {uid: source for uid, source in sources.items() if _grid(source) == grid}
        yield [one for one in maps if one.ref.sop_instance_uid in alike], alike


def _grid(source: Dataset) -> tuple[str, int, int]:
    return str(source.SeriesInstanceUID), int(source.Rows), int(source.Columns)


PLUGIN = DicomFormat(
    "dicom_segmentation", "DICOM segmentation (what the AI outlined)", "seg", _made, whole=False
)
