"""Rates over time: functions from Unix time in seconds to posts per second.

They use the wall clock, so that the rates of several ingesters rise and fall together.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

RateAt: TypeAlias = Callable[[float], float]


def steady(rate: float) -> RateAt:
    """A constant rate."""
    return lambda _: rate


def bursts(rate: float, *, factor: float, every_seconds: float, burst_seconds: float) -> RateAt:
    """`rate`, but `factor` times as much during the first `burst_seconds` of each `every_seconds`."""
    return lambda time: rate * factor if time % every_seconds < burst_seconds else rate


def wave(rate: float, *, amplitude: float, period_seconds: float, peak: float) -> RateAt:
    """A sine wave with mean `rate`.

    Its amplitude is `amplitude` (0 to 1) times the rate. It is highest at the fraction `peak` of each period; with a
    period of a day, 0 is midnight UTC.
    """
    return lambda time: rate * (1 + amplitude * math.cos(math.tau * (time / period_seconds - peak)))
