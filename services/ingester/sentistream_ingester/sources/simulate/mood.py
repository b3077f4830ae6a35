"""How the mood and the popularity of a topic drift from post to post."""

import math
from random import Random

from sentistream_ingester.sources.simulate.kind import Kind

_PERIODS = (1_700, 13_000, 110_000, 900_000)
"""In posts. Several scales, so that something moves within minutes at 20 posts/s as well as at 5,000 posts/s."""

_USUAL_SHARES = {
    Kind.POSITIVE: 0.34,
    Kind.NEGATIVE: 0.22,
    Kind.NEUTRAL: 0.30,
    Kind.IRONIC: 0.06,
    Kind.MIXED: 0.08,
}
_LEANING = {Kind.POSITIVE: 1.0, Kind.NEGATIVE: -1.0, Kind.NEUTRAL: 0.0, Kind.IRONIC: -1.0, Kind.MIXED: 0.0}


class Drift:
    """A smooth wandering in (-1, 1), a pure function of the position in the stream: the sum of slow sines."""

    def __init__(self, random: Random) -> None:
        self._phases = [random.uniform(0, math.tau) for _ in _PERIODS]

    def at(self, position: int) -> float:
        waves = zip(_PERIODS, self._phases, strict=True)
        return math.tanh(sum(math.sin(math.tau * position / period + phase) for period, phase in waves) / 2)


def kind_weights(mood: float) -> list[float]:
    """Relative frequency of each kind, in the order of `Kind`, in a mood from -1 (angry) to 1 (happy)."""
    return [_USUAL_SHARES[kind] * math.exp(1.4 * mood * _LEANING[kind]) for kind in Kind]


def popularity(weight: float, trend: float) -> float:
    """Relative frequency of a topic of this usual weight under a trend from -1 (out of fashion) to 1 (everywhere)."""
    return weight * math.exp(1.2 * trend)
