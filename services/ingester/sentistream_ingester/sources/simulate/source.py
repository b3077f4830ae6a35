"""The simulated stream as a source."""

import secrets
from collections.abc import AsyncGenerator, Mapping
from itertools import count

from sentistream_ingester.patterns import RateAt, bursts, steady, wave
from sentistream_ingester.source import Event, Source
from sentistream_ingester.sources.simulate.settings import SimulateSettings
from sentistream_ingester.sources.simulate.simulator import Simulator


class SimulatedPosts(Source):
    def __init__(self, settings: SimulateSettings) -> None:
        self._settings = settings
        self._seed = secrets.randbits(32) if settings.ingester_seed is None else settings.ingester_seed
        self.rate = rate_of(settings)

    async def events(self, cursor: str | None) -> AsyncGenerator[Event, None]:  # noqa: ARG002 (nothing to go on from)
        simulator = Simulator(self._seed)
        total = self._settings.ingester_total
        for _ in range(total) if total else count():
            yield simulator.post()

    def describe(self) -> Mapping[str, object]:
        settings = self._settings
        return {"rate": settings.ingester_rate, "pattern": settings.ingester_pattern, "seed": self._seed}


def rate_of(settings: SimulateSettings) -> RateAt:
    """The pattern that the settings describe."""
    match settings.ingester_pattern:
        case "steady":
            return steady(settings.ingester_rate)
        case "bursts":
            return bursts(
                settings.ingester_rate,
                factor=settings.ingester_burst_factor,
                every_seconds=settings.ingester_burst_every_seconds,
                burst_seconds=settings.ingester_burst_seconds,
            )
        case "wave":
            return wave(
                settings.ingester_rate,
                amplitude=settings.ingester_wave_amplitude,
                period_seconds=settings.ingester_wave_period_seconds,
                peak=settings.ingester_wave_peak,
            )
