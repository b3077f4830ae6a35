"""Measure how long a post takes from the stream to a dashboard, at several shares of the capacity.

A generator writes posts at a fixed rate, each stamped with the time at which it was due (no coordinated omission). A
WebSocket client of the API is told of every post by the first update that counts it. The latency of a post is the time
between the two: reading, batching, classifying, storing, publishing and the API's interval of 250 ms are all in it. All
posts count, not only those that an update shows.
"""

import argparse
import asyncio
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from redis.asyncio import Redis

from bench.live_client import LiveClient, live_client
from bench.report import Figure, Report, add_output_options, publish, quantile, say
from bench.stack import Stack, run_on_stack
from bench.streams import PARTITION
from bench.traffic import OpenLoop, capacity, drained
from sentistream_core.classified_post import decode_processed

_BAR_MS = 500
_BAR_LOAD = 0.5


@dataclass(frozen=True, slots=True)
class Latency:
    load: float
    """Share of the capacity."""
    posts_per_second: float
    posts: int
    p50_ms: int
    p90_ms: int
    p99_ms: int
    max_ms: int
    latest_write_ms: int
    """Longest delay with which the generator wrote a post; it is part of the latencies."""


async def measure(stack: Stack, options: argparse.Namespace) -> None:
    say("starting the worker")
    stack.start_worker()
    loads = [_BAR_LOAD] if options.quick else options.loads
    seconds, posts = (2.0, 128) if options.quick else (options.seconds, options.capacity_posts)
    async with stack.redis() as redis:
        await capacity(redis, posts, seed=3)  # warms up
        posts_per_second = options.capacity or await capacity(redis, posts)
        say(f"capacity: {posts_per_second:,.0f} posts/s")
        found = [await _at(load, posts_per_second, seconds, stack, redis) for load in loads]
    half = next((each for each in found if each.load == _BAR_LOAD), None)
    publish(
        Report(
            "latency",
            {"capacity_posts_per_second": round(posts_per_second), "seconds": seconds, "seed": 1},
            [
                Figure.below("post written -> WebSocket at half load, p99", _BAR_MS, half.p99_ms, "ms")
                if half
                else Figure(f"post written -> WebSocket at {found[0].load:.0%} load, p99", found[0].p99_ms, "ms"),
            ],
            {"from the stream to a WebSocket client": [asdict(each) for each in found]},
        ),
        options.json,
    )


async def _at(load: float, capacity: float, seconds: float, stack: Stack, redis: Redis) -> Latency:
    say(f"{load:.0%} of the capacity for {seconds:g} s")
    generator = OpenLoop(redis)
    begin = await _last_id(redis)
    async with live_client(stack.websocket_url) as client:
        await generator.run(load * capacity, seconds)
        await drained(redis)
        await client.until(generator.sent)
    latencies = await _latencies(redis, begin, client)
    if len(latencies) != generator.sent:
        raise RuntimeError(f"{generator.sent} posts were sent, and {len(latencies)} came out")
    p50, p90, p99, longest = (round(quantile(latencies, share) * 1e3) for share in (0.5, 0.9, 0.99, 1.0))
    return Latency(
        load,
        round(load * capacity, 1),
        len(latencies),
        p50_ms=p50,
        p90_ms=p90,
        p99_ms=p99,
        max_ms=longest,
        latest_write_ms=round(generator.latest_write_seconds * 1e3),
    )


async def _last_id(redis: Redis) -> str:
    newest: Any = await redis.xrevrange(PARTITION.processed, count=1)
    return newest[0][0].decode() if newest else "0-0"


async def _latencies(redis: Redis, begin: str, client: LiveClient) -> Sequence[float]:
    """The latency of every post after `begin` in the processed stream, in seconds."""
    entries: Any = await asyncio.wait_for(redis.xrange(PARTITION.processed, min=f"({begin}"), 60)
    return [
        client.received_at(rank) - decode_processed(entry_id.decode(), fields).classified.post.created_at.timestamp()
        for rank, (entry_id, fields) in enumerate(entries, start=1)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.latency", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--loads",
        type=float,
        nargs="+",
        default=[0.1, _BAR_LOAD, 0.8, 0.95],
        help="shares of the capacity (default: 0.1 0.5 0.8 0.95)",
    )
    parser.add_argument("--seconds", type=float, default=30, help="of each load (default: %(default)s)")
    parser.add_argument("--capacity", type=float, help="posts/s; by default it is measured first")
    parser.add_argument(
        "--capacity-posts", type=int, default=8192, help="preloaded posts to measure it with (%(default)s)"
    )
    add_output_options(parser, quick="only half load, 2 seconds")
    options = parser.parse_args()
    run_on_stack(lambda stack: measure(stack, options))


if __name__ == "__main__":
    main()
