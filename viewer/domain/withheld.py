"""What of a study may be the work of an AI, and is not listed while the physician reads first.

Nothing in DICOM says reliably "a network made this", so it fails closed: objects that are no images
(reports, segmentations, presentation states, documents), secondary captures beside acquired images, and
series whose description names an AI, all stay out until the reveal.
"""

import re
from dataclasses import replace

from viewer.domain.study import Series, Study

SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7"
"""SOP Class UIDs of this root: Secondary Capture and its multi-frame kinds (PS3.4 B.5)."""

PARAMETRIC_MAP = "1.2.840.10008.5.1.4.1.1.30"

_NAMES_AI = re.compile(
    r"\b(ai|a\.i\.|cade?x?|cadt|heat ?maps?|saliency|deep ?learning|artificial intelligence)\b",
    re.IGNORECASE,
)


def without_ai_results(study: Study) -> Study:
    """The study as it may be listed before the reveal: acquired images alone.

    A study that holds nothing but secondary captures (a digitised film) keeps those that name no AI.
    """
    unnamed = [series for series in study.series if not _NAMES_AI.search(series.description)]
    acquired = [series for series in unnamed if not _is_captured(series)]
    kept = acquired if any(series.display_sets for series in acquired) else unnamed
    listed = tuple(
        series if series in kept else replace(series, display_sets=()) for series in study.series
    )
    return replace(study, series=listed, objects=())


def _is_captured(series: Series) -> bool:
    return any(
        instance.sop_class_uid == PARAMETRIC_MAP
        or instance.sop_class_uid == SECONDARY_CAPTURE
        or instance.sop_class_uid.startswith(f"{SECONDARY_CAPTURE}.")
        for instance in series.instances
    )
