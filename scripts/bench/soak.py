"""Run at 80 % of the capacity for a long time, and see what grows.

Every few seconds: memory and file descriptors of each process, length of the streams, size of the database. Memory is
judged after the first fifth of the time, when the streams have their full length: its slope is told with the 95 %
confidence interval, and a process leaks if all of that interval is above the bar. PostgreSQL is reported
without a threshold: it grows until its shared buffers are full.
"""

import argparse
import asyncio
import time
from collections.abc import Coroutine, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from redis.asyncio import Redis

from bench.live_client import live_client
from bench.report import Details, Figure, Report, add_output_options, publish, say
from bench.slope import slope
from bench.stack import Stack, run_on_stack
from bench.streams import PARTITION, TOPOLOGY
from bench.traffic import OpenLoop, capacity, drained
from bench.usage import memory_bytes, open_files
from sentistream_core.broker.backlog import measure as backlog_of
from sentistream_core.database.pool import Pool

_LOAD = 0.8
_WARM_UP_SHARE = 0.2
_SLOPE_BAR = 10
"""MB an hour. Over a week that is 1.7 GB."""
_SAMPLES_AT_LEAST = 20
"""What a slope needs after the warm-up, and more; only a quick run on a busy machine would take fewer."""
_PROCESSED_MAX_ENTRIES = 10_000
"""So that the processed stream has its full length early; by default it is ten times as long."""
_RELATIONS = ("posts", "posts_pkey", "idx_timestamp", "idx_sentiment_label", "idx_source", "idx_search")


@dataclass(frozen=True, slots=True)
class Sample:
    hours: float
    memory_mb: dict[str, float]
    files: dict[str, int]
    backlog: int
    posts_stream: int
    processed_stream: int
    stored: int
    database_bytes: int
    broker_bytes: int


@dataclass(frozen=True, slots=True)
class Growth:
    """Of a process, after the warm-up."""

    process: str
    mb_at_first: float
    mb_at_last: float
    mb_at_most: float
    mb_per_hour: float
    mb_per_hour_low: float
    mb_per_hour_high: float
    files_at_first: int
    files_at_last: int


async def measure(stack: Stack, options: argparse.Namespace) -> None:
    say("starting the worker")
    stack.start_worker(settings={"PROCESSED_MAX_ENTRIES": str(_PROCESSED_MAX_ENTRIES)})
    minutes, posts, every = (0.1, 128, 0.2) if options.quick else (options.minutes, options.capacity_posts, 5.0)
    async with stack.redis() as redis, stack.pool() as pool:
        await capacity(redis, posts, seed=3)  # warms up
        posts_per_second = await capacity(redis, posts)
        rate = _LOAD * posts_per_second
        say(f"capacity: {posts_per_second:,.0f} posts/s; {rate:,.0f} posts/s for {minutes:g} minutes")
        generator = OpenLoop(redis)
        async with live_client(stack.websocket_url):
            samples = await _sample_while(generator.run(rate, minutes * 60), stack, redis, pool, every)
            await drained(redis)
        sent = generator.sent + 2 * posts
        last = await _sample(time.monotonic(), stack, redis, pool)
        dead = await redis.xlen(PARTITION.dead_letters)
        relations = await _relation_bytes(pool)
    growth = _growth(samples)
    certain = max(each.mb_per_hour_low for each in growth if each.process != "postgresql")
    growing = "soak: memory growth that is certain, of worker, API or Valkey"
    bytes_per_post = (last.database_bytes - samples[0].database_bytes) / (last.stored - samples[0].stored)
    publish(
        Report(
            "soak",
            {"minutes": minutes, "posts_per_second": round(rate), "load": _LOAD, "posts": sent, "seed": 1},
            [
                Figure.at_most("soak: posts lost or doubled", 0, abs(sent - dead - last.stored) + dead),
                # A few seconds of warming up say nothing about hours.
                Figure(growing, certain, "MB/h")
                if options.quick
                else Figure.at_most(growing, _SLOPE_BAR, certain, "MB/h"),
                Figure("soak: database bytes per post", round(bytes_per_post), "bytes"),
                Figure("soak: backlog at the end of the load", samples[-1].backlog, "posts"),
            ],
            {
                "memory and file descriptors": [asdict(each) for each in growth],
                "over time": [_over_time(each) for each in samples[:: max(1, len(samples) // 15)]],
                "database bytes per post": [
                    {"relation": name, "bytes": round(size / last.stored)} for name, size in relations.items()
                ],
            },
        ),
        options.json,
    )


async def _sample_while(
    load: Coroutine[Any, Any, None], stack: Stack, redis: Redis, pool: Pool, every: float
) -> Sequence[Sample]:
    loading = asyncio.create_task(load)
    began = time.monotonic()
    samples: list[Sample] = []
    while not loading.done() or len(samples) < _SAMPLES_AT_LEAST:
        await asyncio.sleep(max(0.0, began + len(samples) * every - time.monotonic()))
        samples.append(await _sample(began, stack, redis, pool))
        if len(samples) % 12 == 0:
            latest = samples[-1]
            memory = ", ".join(f"{name} {size:,.0f} MB" for name, size in latest.memory_mb.items())
            say(f"{latest.hours * 60:.1f} min: {latest.stored:,} posts, backlog {latest.backlog:,}; {memory}")
    await loading
    return samples


async def _sample(began: float, stack: Stack, redis: Redis, pool: Pool) -> Sample:
    programs = stack.programs()
    backlog = await backlog_of(redis, TOPOLOGY)
    memory = await redis.info("memory")
    async with pool.connection() as connection:
        # The counts, not the posts: counting millions of rows every few seconds would be a load of its own.
        answer = await connection.execute(
            """
            SELECT
                (SELECT coalesce(sum(posts), 0)::bigint FROM sentiment_counts WHERE resolution = '1 day'),
                pg_database_size(current_database())
            """
        )
        stored, database_bytes = await answer.fetchone() or (0, 0)
    return Sample(
        hours=(time.monotonic() - began) / 3600,
        memory_mb={name: memory_bytes(program.pid) / 1e6 for name, program in programs.items()},
        files={name: open_files(program.pid) for name, program in programs.items()},
        backlog=backlog.backlog,
        posts_stream=await redis.xlen(PARTITION.posts),
        processed_stream=await redis.xlen(PARTITION.processed),
        stored=stored,
        database_bytes=database_bytes,
        broker_bytes=memory["used_memory"],
    )


async def _relation_bytes(pool: Pool) -> dict[str, int]:
    async with pool.connection() as connection:
        sizes = {}
        for name in _RELATIONS:
            cursor = await connection.execute("SELECT sum(pg_relation_size(relid)) FROM pg_partition_tree(%s)", [name])
            row = await cursor.fetchone()
            sizes[name] = int(row[0]) if row else 0
    return sizes


def _growth(samples: Sequence[Sample]) -> list[Growth]:
    steady = samples[int(len(samples) * _WARM_UP_SHARE) :]
    return [_growth_of(process, steady) for process in steady[0].memory_mb]


def _growth_of(process: str, samples: Sequence[Sample]) -> Growth:
    memory = [each.memory_mb[process] for each in samples]
    found = slope([each.hours for each in samples], memory)
    return Growth(
        process,
        mb_at_first=round(memory[0], 1),
        mb_at_last=round(memory[-1], 1),
        mb_at_most=round(max(memory), 1),
        mb_per_hour=round(found.value, 2),
        mb_per_hour_low=round(found.low, 2),
        mb_per_hour_high=round(found.high, 2),
        files_at_first=samples[0].files[process],
        files_at_last=samples[-1].files[process],
    )


def _over_time(sample: Sample) -> Details:
    return {
        "minutes": round(sample.hours * 60, 2),
        "stored": sample.stored,
        "backlog": sample.backlog,
        "posts_stream": sample.posts_stream,
        "processed_stream": sample.processed_stream,
        "broker_mb": round(sample.broker_bytes / 1e6, 1),
        "database_mb": round(sample.database_bytes / 1e6, 1),
        **{f"{name}_mb": round(size, 1) for name, size in sample.memory_mb.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.soak", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=30, help="default: %(default)s")
    parser.add_argument(
        "--capacity-posts", type=int, default=8192, help="preloaded posts to measure the capacity with (%(default)s)"
    )
    add_output_options(parser, quick="six seconds")
    options = parser.parse_args()
    run_on_stack(lambda stack: measure(stack, options))


if __name__ == "__main__":
    main()
