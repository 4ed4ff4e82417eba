"""Which kind of MR sequence a header describes; only kinds that a model asks for are told apart."""

from viewer.dicom.scope import Scope

FLAIR = "FLAIR"
OTHER = "OTHER"
"""The header describes a sequence, and it is none of those told apart."""

NAMES = ("SequenceName", "PulseSequenceName", "ProtocolName", "SeriesDescription")
FLAIR_WORDS = ("FLAIR", "DARKFLUID", "TIRMDARK")
"""In the names of FLAIR sequences of Siemens, GE, Philips and Canon, letters and digits alone."""

LEAST_ECHO_MS = 60.0
"""Shorter is T1 FLAIR, in which lesions are dark."""

INVERSION_MS = (1400.0, 3500.0)
"""The fluid is dark between these, from 0.5 to 7 T (Hajnal et al., J Comput Assist Tomogr 1992;16:841)."""


def sequence_of(scope: Scope) -> str:
    """FLAIR, OTHER, or "" where the header says nothing of its sequence.

    FLAIR by name unless its times contradict, or by an inversion recovery with FLAIR's times.
    """
    names = [name for keyword in NAMES for name in scope.texts(keyword)]
    plain = ["".join(c for c in name.upper() if c.isalnum()) for name in names]
    echo, inversion = scope.number("EchoTime"), scope.number("InversionTime")
    if echo is None and inversion is None and not any(plain):
        return ""
    named = any(word in name for name in plain for word in FLAIR_WORDS)
    if named and _may_be_flair(echo, inversion):
        return FLAIR
    inverted = "IR" in scope.texts("ScanningSequence")
    timed = echo is not None and inversion is not None and _may_be_flair(echo, inversion)
    return FLAIR if inverted and timed else OTHER


def _may_be_flair(echo: float | None, inversion: float | None) -> bool:
    """Times that are not stated contradict nothing; an inversion time of 0 states none."""
    low, high = INVERSION_MS
    slow = echo is None or echo >= LEAST_ECHO_MS
    return slow and (not inversion or low <= inversion <= high)
