"""Shapes of the rate over time: pure functions from Unix time in seconds to posts a second.

They follow the wall clock, so that several ingesters rise and fall together.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

RateAt: TypeAlias = Callable[[float], float]


def steady(rate: float) -> RateAt:
    """Always `rate`."""
    return lambda _: rate


def bursts(rate: float, *, factor: float, every_seconds: float, burst_seconds: float) -> RateAt:
    """`rate`, and `factor` times as much in the first `burst_seconds` of each `every_seconds`."""
    return lambda time: rate * factor if time % every_seconds < burst_seconds else rate


def wave(rate: float, *, amplitude: float, period_seconds: float, peak: float) -> RateAt:
    """A sine wave with mean `rate`.

    It swings by the share `amplitude` (0 to 1) of the rate around it and is highest at the share `peak` of each period;
    with a period of a day, 0 is midnight UTC.
    """
    return lambda time: rate * (1 + amplitude * math.cos(math.tau * (time / period_seconds - peak)))
