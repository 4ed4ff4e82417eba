"""Opening: what is remembered of a study when it comes to the screen, to find it again later."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Opening:
    """study_date, description: as the files state them. paths: where they lay, on that workstation."""

    study_date: str
    description: str
    paths: tuple[str, ...]
    workstation: str
