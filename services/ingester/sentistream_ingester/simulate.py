"""The simulated stream."""

import asyncio
import secrets
import time

from sentistream_core.log import get_logger
from sentistream_ingester.pacing import AtRate, Pacer
from sentistream_ingester.patterns import RateAt, bursts, steady, wave
from sentistream_ingester.session import broker_session, until_stopped
from sentistream_ingester.settings import SimulateSettings
from sentistream_ingester.simulator import Simulator
from sentistream_ingester.writer import StreamWriter


async def simulate(settings: SimulateSettings, stop: asyncio.Event) -> int:
    """Write simulated posts until `stop` is set or the total is reached; the number of posts that were sent."""
    seed = secrets.randbits(32) if settings.ingester_seed is None else settings.ingester_seed
    get_logger().info("simulation begins", rate=settings.ingester_rate, pattern=settings.ingester_pattern, seed=seed)
    began = time.monotonic()
    async with broker_session(settings, stop) as (writer, back_pressure):
        pacer = AtRate(
            rate_of(settings), interval=settings.ingester_interval_ms / 1000, back_pressure=back_pressure, stop=stop
        )
        await until_stopped(_write_posts(Simulator(seed), writer, pacer, settings), stop)
    seconds = time.monotonic() - began
    get_logger().info(
        "simulation ends",
        posts=writer.sent,
        unconfirmed=writer.in_hand,
        seconds=round(seconds, 1),
        posts_per_second=round(writer.sent / seconds, 1),
    )
    return writer.sent


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


async def _write_posts(simulator: Simulator, writer: StreamWriter, pacer: Pacer, settings: SimulateSettings) -> None:
    total = settings.ingester_total
    while total == 0 or writer.sent < total:
        chunk = settings.ingester_chunk if total == 0 else min(settings.ingester_chunk, total - writer.sent)
        count = await pacer.ready(chunk)
        if count == 0:
            return
        await writer.write(simulator.posts(count))
