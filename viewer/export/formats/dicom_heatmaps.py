"""DICOM Secondary Capture: each heat map of a reported finding as a picture with its legend burned in."""

from viewer.dicom.decoder import decode
from viewer.domain.display_set import FrameRef
from viewer.domain.image import Frame, Heatmap
from viewer.export.dicom_format import DicomFormat
from viewer.export.evidence import Evidence, in_words_of_export, verified_file, verified_sources
from viewer.export.objects.captioned_map import captioned_map
from viewer.export.objects.plain_object import PlainObject
from viewer.export.objects.reported_maps import reported_maps
from viewer.export.objects.secondary_capture import secondary_capture
from viewer.review.report import SignedReport


def _made(report: SignedReport, evidence: Evidence) -> list[PlainObject]:
    sources = verified_sources(report, evidence)
    return [
        secondary_capture(
            report,
            sources[heatmap.ref.sop_instance_uid],
            heatmap,
            captioned_map(report, _frame(report, evidence, heatmap), heatmap),
            number,
        )
        for number, heatmap in enumerate(reported_maps(report, evidence), start=1)
    ]


def _frame(report: SignedReport, evidence: Evidence, heatmap: Heatmap) -> Frame:
    uid, frame = heatmap.ref.place
    path = verified_file(report, evidence, uid)
    with in_words_of_export():
        return decode(FrameRef(uid, frame, path))


PLUGIN = DicomFormat(
    "dicom_heatmaps", "DICOM heat maps (secondary capture)", "heatmap", _made, whole=False
)
