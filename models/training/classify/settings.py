"""What only a classifier is asked, and what its scores are held to."""

from dataclasses import dataclass

from models.training.common import own_settings

HIGHEST_ECE = 0.05
"""Calibration error on the test patients up to which a score is called a probability."""


@dataclass(frozen=True)
class Options(own_settings.Options):
    """See `python -m models.training.classify --help` for each."""

    normal: str = ""
