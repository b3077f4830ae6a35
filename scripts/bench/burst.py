"""Measure a burst: ten times the usual rate for a minute, then the usual rate until the backlog is gone.

The prediction is what an operator would calculate: backlog / (capacity - usual rate). In the end every post must be in
the database, none twice, none among the dead letters, and `sentistream verify` must agree.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from dataclasses import dataclass

from redis.asyncio import Redis

from bench.report import Figure, Report, add_output_options, publish, say
from bench.stack import Stack, run_on_stack
from bench.streams import PARTITION, TOPOLOGY
from bench.traffic import OpenLoop, capacity, drained, until
from sentistream_core.broker.backlog import measure as backlog_of

_FACTOR = 10


@dataclass(frozen=True, slots=True)
class Burst:
    backlog: int
    """At its end."""
    oldest_seconds: float
    drain_seconds: float
    predicted_seconds: float
    bytes_per_entry: float
    """Memory of the stream in the broker."""


async def measure(stack: Stack, options: argparse.Namespace) -> None:
    say("starting the worker")
    stack.start_worker()
    seconds, posts = (1.0, 128) if options.quick else (options.seconds, options.capacity_posts)
    async with stack.redis() as redis:
        await capacity(redis, posts, seed=3)  # warms up
        posts_per_second = await capacity(redis, posts)
        say(f"capacity: {posts_per_second:,.0f} posts/s")
        generator = OpenLoop(redis)
        burst = await _burst(redis, generator, posts_per_second, options.load * posts_per_second, seconds)
        sent = generator.sent + 2 * posts
        dead = await redis.xlen(PARTITION.dead_letters)
    stored = await _stored(stack)
    say("sentistream verify")
    verified = await asyncio.to_thread(_verify, stack)
    publish(
        Report(
            "burst",
            {
                "capacity_posts_per_second": round(posts_per_second),
                "usual_posts_per_second": round(options.load * posts_per_second),
                "factor": _FACTOR,
                "seconds": seconds,
                "seed": 1,
            },
            [
                Figure.at_most("burst: posts lost or doubled", 0, abs(sent - dead - stored) + dead),
                Figure.at_most("burst: sentistream verify, exit status", 0, verified.returncode),
                Figure("burst: drain time against prediction", _ratio(burst), "x"),
                Figure("broker memory of 100,000 waiting posts", round(burst.bytes_per_entry * 0.1, 1), "MB"),
            ],
            {
                "burst": [
                    {
                        "sent": sent,
                        "stored": stored,
                        "dead_letters": dead,
                        "backlog_at_its_end": burst.backlog,
                        "oldest_waited_seconds": round(burst.oldest_seconds, 1),
                        "drain_seconds": round(burst.drain_seconds, 1),
                        "predicted_seconds": round(burst.predicted_seconds, 1),
                    }
                ]
            },
        ),
        options.json,
    )


def _ratio(burst: Burst) -> float:
    return round(burst.drain_seconds / burst.predicted_seconds, 2) if burst.predicted_seconds else 1.0


async def _burst(redis: Redis, generator: OpenLoop, capacity: float, usual: float, seconds: float) -> Burst:
    say(f"{_FACTOR * usual:,.0f} posts/s for {seconds:g} s")
    await generator.run(_FACTOR * usual, seconds)
    backlog = await backlog_of(redis, TOPOLOGY)
    stream_bytes = await redis.memory_usage(PARTITION.posts, samples=0) or 0
    predicted = backlog.backlog / (capacity - usual)
    say(f"backlog {backlog.backlog:,}, {predicted:,.1f} s to drain it at {usual:,.0f} posts/s, as predicted")
    started = time.perf_counter()
    is_gone = asyncio.Event()
    usual_again = asyncio.create_task(generator.run(usual, 20 * predicted + 60, is_gone))
    await until(redis, lambda backlog: backlog.lag == 0)  # some batches are always in work
    drain_seconds = time.perf_counter() - started
    is_gone.set()
    await usual_again
    await drained(redis)
    return Burst(
        backlog.backlog, backlog.oldest_unprocessed_seconds, drain_seconds, predicted, stream_bytes / backlog.length
    )


async def _stored(stack: Stack) -> int:
    async with stack.pool() as pool, pool.connection() as connection:
        row = await (await connection.execute("SELECT count(*) FROM posts")).fetchone()
    return int(row[0]) if row else 0


def _verify(stack: Stack) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sentistream_cli", "verify"],
        env={
            **os.environ,
            "SENTISTREAM_REDIS_URL": stack.valkey.url,
            "SENTISTREAM_DATABASE_URL": stack.database_url,
        },
        stdout=sys.stderr,
        text=True,
        check=False,
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.burst", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--load", type=float, default=0.2, help="usual rate as a share of the capacity (%(default)s)")
    parser.add_argument("--seconds", type=float, default=60, help="of the burst (default: %(default)s)")
    parser.add_argument(
        "--capacity-posts", type=int, default=8192, help="preloaded posts to measure the capacity with (%(default)s)"
    )
    add_output_options(parser, quick="a burst of a second")
    options = parser.parse_args()
    # Nothing is trimmed, so that verify can look at every entry.
    run_on_stack(lambda stack: measure(stack, options), upkeep={"POSTS_KEEP_SECONDS": "86400"})


if __name__ == "__main__":
    main()
