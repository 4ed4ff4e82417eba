"""The rate at which a file asks to be played; None where it does not say."""

from viewer.dicom.scope import Scope

RATES = ("RecommendedDisplayFrameRate", "CineRate")
"""(0008,2144) and (0018,0040): frames per second, the first stated one counts (PS3.3 C.7.6.5)."""

MS_PER_S = 1000.0


def frame_rate(scope: Scope) -> float | None:
    """Frames per second: a stated rate, else from Frame Time (0018,1063) or its Vector (0018,1065), ms."""
    stated = (scope.number(keyword) for keyword in RATES)
    rate = next((rate for rate in stated if rate is not None and rate > 0), None)
    if rate is not None:
        return rate
    time_ms = scope.number("FrameTime") or _mean_ms(scope.numbers("FrameTimeVector"))
    return MS_PER_S / time_ms if time_ms > 0 else None


def _mean_ms(increments_ms: tuple[float, ...]) -> float:
    """Of the time between frames: the first value belongs to the first frame and is 0 (C.7.6.5.1.2)."""
    between = increments_ms[1:]
    return sum(between) / len(between) if between else 0.0
