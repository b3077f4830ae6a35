"""What storing, reading and retention cost with 20 million posts in a partition for each of 30 days.

Compared with 20 thousand posts of one day (reading) and with an empty database (storing). Reading is measured as by the
benchmark `api`. Storing is the statement of the workers, in batches, from posts whose label costs nothing; their ids
are a day old, so that they go where a whole day is already, whatever time it is. A transaction that another session
leaves open keeps PostgreSQL from vacuuming, which is when the pending list of the search index grows.
"""

import argparse
import asyncio
import time
from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Final
from uuid import UUID

import psycopg
from pydantic import AnyUrl

from bench.api import REQUESTS, open_database, query_plans, ratio_row, take_turns
from bench.filled_database import Stretch, without_wal
from bench.report import Figure, Report, add_output_options, publish, quantile, say
from bench.stack import Stack, run_on_stack
from sentistream_api.features.terms.question import Against, ask
from sentistream_api.features.terms.service import find_terms
from sentistream_core.background import end_tasks, start_task
from sentistream_core.classified_post import ClassifiedPost
from sentistream_core.database.migration import migrate
from sentistream_core.database.pool import Pool, create_pool
from sentistream_core.database.posts import ALL_POSTS, store_posts
from sentistream_core.database.retention import expire_days
from sentistream_core.sentiment import Sentiment
from sentistream_ingester.sources.simulate.simulator import Simulator

_DAY: Final = timedelta(days=1)
_FULL: Final = (20_000, 20_000_000, 1_000_000)
_QUICK: Final = (2_000, 30_000, 3_000)
_DAYS: Final = 30
_BATCH: Final = 128
_SENTIMENT: Final = Sentiment(0.7, 0.2, 0.1)


def main() -> None:
    options = _options()
    few, many, expired = _QUICK if options.quick else options.posts
    days, rounds, seconds = (3, 10, 0.5) if options.quick else (_DAYS, options.rounds, options.seconds)

    async def measure(stack: Stack) -> None:
        without_wal(stack.postgres)
        empty = stack.postgres.create_database("empty")
        await asyncio.to_thread(migrate, AnyUrl(empty))
        small = await asyncio.to_thread(open_database, stack, Stretch.until_now(_DAY, few))
        filling = time.monotonic()
        stretch = Stretch.until_now(days * _DAY, many)
        oldest = Stretch(stretch.days[0] - _DAY, _DAY, expired)
        large = await asyncio.to_thread(open_database, stack, oldest, stretch)
        filling = time.monotonic() - filling
        say("query plans")
        plans = await query_plans(small, large)
        say("answers, one at a time")
        times = await asyncio.to_thread(take_turns, small, large, rounds)
        async with AsyncExitStack() as exits:
            pools = {
                name: await exits.enter_async_context(_pool(url))
                for name, url in (("empty", empty), ("full", large.url))
            }
            say("terms")
            terms = await _terms(pools["full"], rounds=max(5, rounds // 10))
            stored = await _storing(pools, large.url, seconds=seconds, rounds=3 if options.quick else 6)
            say("retention")
            retention, meanwhile = await _retention(pools["full"], age=days * _DAY)
        rows = [ratio_row(name, *both) for name, both in times.items()]
        storing = [_storing_row(name, each) for name, each in stored.items()]
        publish(
            Report(
                "storage",
                {
                    "posts": f"{few:,} and {many:,}, and a day of {expired:,}",
                    "days": days,
                    "filled in": f"{filling:.0f} s",
                    "requests": rounds,
                    "batch": _BATCH,
                },
                [
                    *_reading(rows),
                    Figure.below("GET /api/terms, 5,000 posts a side, p50", 300, 1000 * median(terms), "ms"),
                    Figure.at_least(
                        "storing, full against empty", 0.9, _rate(stored["full"]) / _rate(stored["empty"]), "x"
                    ),
                    Figure.below("slowest statement that stores", 1000, 1000 * max(stored["full"]), "ms"),
                    Figure.below("retention of a day", 5, retention, "s"),
                    Figure.below("slowest statement that stores meanwhile", 250, 1000 * max(meanwhile), "ms"),
                ],
                {
                    "answers through HTTP, one at a time (ms)": rows,
                    "query plans": plans,
                    "storing": [*storing, _storing_row("while a day is retired", meanwhile)],
                },
            ),
            options.json,
        )

    run_on_stack(measure)


def _reading(rows: list[Mapping[str, float | str]]) -> list[Figure]:
    bars = {request.path: request.bar for request in REQUESTS if request.bar}
    return [
        Figure.at_most(f"{row['request']}, full against small", bars[str(row["request"])], float(row["ratio p50"]), "x")
        for row in rows
        if row["request"] in bars
    ]


def _pool(url: str) -> Pool:
    return create_pool(AnyUrl(url), name="bench", size=4, timeout_seconds=120)


async def _terms(pool: Pool, *, rounds: int) -> list[float]:
    """Seconds of answers, each about another hour."""
    times = []
    for number in range(rounds):
        until = datetime.now(UTC) - number * timedelta(minutes=7)
        question = ask(until, since=None, until=until, where=ALL_POSTS, against=Against.PREVIOUS, limit=20)
        started = time.monotonic()
        await find_terms(pool, question)
        times.append(time.monotonic() - started)
    return times


async def _storing(pools: Mapping[str, Pool], full_url: str, *, seconds: float, rounds: int) -> dict[str, list[float]]:
    """Seconds of each statement: on both databases in turn, then on the full one beside an idle transaction."""
    times: dict[str, list[float]] = {name: [] for name in pools}
    for number in range(rounds):
        say(f"storing, round {number + 1} of {rounds}")
        for name in sorted(pools, reverse=number % 2 == 1):
            times[name] += await _store_for(pools[name], seconds, seed=number)
    async with await psycopg.AsyncConnection.connect(full_url) as idle:
        await idle.execute("SELECT count(*) FROM pg_class")
        say("storing beside an idle transaction")
        times["full, beside an idle transaction"] = await _store_for(pools["full"], seconds * rounds, seed=rounds)
        await idle.rollback()
    return times


async def _store_for(pool: Pool, seconds: float, *, seed: int) -> list[float]:
    times: list[float] = []
    simulator = Simulator(seed)
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        times.append(await _store(pool, simulator))
    return times


async def _store(pool: Pool, simulator: Simulator) -> float:
    now = datetime.now(UTC)
    posts = [
        ClassifiedPost(
            replace(post, id=UUID(int=post.id.int - (_DAY // timedelta(milliseconds=1) << 80))),
            f"{number}-0",
            _SENTIMENT,
            "bench",
            now,
            now,
        )
        for number, post in enumerate(simulator.posts(_BATCH))
    ]
    started = time.monotonic()
    stored = await store_posts(pool, posts)
    if stored.new != _BATCH:
        raise RuntimeError(f"{stored.new} of {_BATCH} new posts were stored")
    return time.monotonic() - started


async def _retention(pool: Pool, *, age: timedelta) -> tuple[float, list[float]]:
    """Seconds that the oldest day takes, and those of the statements that stored posts meanwhile."""
    times: list[float] = []
    simulator = Simulator(1_000)

    async def store() -> None:
        while True:
            times.append(await _store(pool, simulator))

    storing = start_task(store(), "storing")
    try:
        started = time.monotonic()
        if not await expire_days(pool, age=age):
            raise RuntimeError("there was no day to retire")
        return time.monotonic() - started, times
    finally:
        await end_tasks([storing])


def _rate(times: list[float]) -> float:
    return _BATCH * len(times) / sum(times)


def _storing_row(name: str, times: list[float]) -> Mapping[str, object]:
    return {
        "into": name,
        "posts/s": _rate(times),
        "statements": len(times),
        "p50 ms": 1000 * median(times),
        "p99 ms": 1000 * quantile(times, 0.99),
        "slowest ms": 1000 * max(times),
    }


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.storage", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--posts",
        type=int,
        nargs=3,
        default=_FULL,
        metavar=("FEW", "MANY", "EXPIRED"),
        help="default: {} {} {}".format(*_FULL),
    )
    parser.add_argument("--rounds", type=int, default=200, help="requests of each kind (default: %(default)s)")
    parser.add_argument(
        "--seconds", type=float, default=10.0, help="length of a round of storing (default: %(default)s)"
    )
    add_output_options(parser, quick=f"{_QUICK[0]:,} and {_QUICK[1]:,} posts in 3 days")
    return parser.parse_args()


if __name__ == "__main__":
    main()
