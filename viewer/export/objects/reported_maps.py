"""Which maps of the networks belong in a report's objects, and which findings they stand for."""

from viewer.domain.finding import RunState
from viewer.domain.image import Heatmap
from viewer.export.evidence import Evidence
from viewer.review.report import ReportedFinding, SignedReport


def reported_maps(report: SignedReport, evidence: Evidence) -> tuple[Heatmap, ...]:
    """The maps on a frame that carries a proposed finding or is a key image; of models in the report."""
    places = {
        each.finding.localization.place for each in report.findings if each.finding.localization
    }
    wanted = places | set(report.key_frames)
    ran = [run.algorithm.model_id for run in report.runs if run.state is RunState.DONE]
    return tuple(
        heatmap
        for heatmap in evidence.heatmaps
        if heatmap.ref.place in wanted and heatmap.model_id in ran
    )


def findings_of(report: SignedReport, heatmap: Heatmap) -> tuple[tuple[int, ReportedFinding], ...]:
    """What its model proposed on that frame, with the number in the report."""
    return tuple(
        (number, each)
        for number, each in enumerate(report.findings, start=1)
        if each.finding.algorithm is not None
        and each.finding.algorithm.model_id == heatmap.model_id
        and each.finding.localization is not None
        and each.finding.localization.place == heatmap.ref.place
    )
