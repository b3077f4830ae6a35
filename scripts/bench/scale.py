"""Measure how throughput grows with workers, and what the broker and the database carry.

Speed-up: workers whose classifier only waits, so that the cores of this machine do not bind, drain a preloaded stream.
Ceiling: workers whose classifier costs nothing drain one. What gives way first is told from the processor time: a
server or an event loop that uses a whole core cannot go faster, and neither can a machine whose cores are all in use.
"""

import argparse
import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from redis.asyncio import Redis

from bench.report import Figure, Report, add_output_options, publish, say
from bench.stack import Stack, run_on_stack
from bench.streams import TOPOLOGY
from bench.traffic import drained, preload
from bench.usage import CpuTimes
from sentistream_core.broker.backlog import measure as backlog_of
from sentistream_ingester.sources.simulate.simulator import Simulator
from sentistream_worker.engine.cpu_limit import cpu_limit

_SPEED_UP_BAR = 7.0
_SPEED_UP_WORKERS = 8
_POLL_SECONDS = 0.01
_IN_USE = 0.85
"""From this share of a core on, a thread counts as saturated: the rest is lost in waits too short to use."""


@dataclass(frozen=True, slots=True)
class Drain:
    workers: int
    posts_per_second: float
    cores_used: Mapping[str, float]
    """By workers, postgresql, valkey and api."""
    busiest_event_loop: float
    """Share of a core, of the busiest worker."""


async def measure(stack: Stack, options: argparse.Namespace) -> None:
    if options.quick:
        options.workers, options.rate, options.seconds = [1, 2], 1_000, 1.5
        options.ceiling_workers, options.posts = [1], 2_000
    async with stack.redis() as redis:
        waiting = [
            await _with_workers(stack, redis, workers, int(workers * options.seconds * options.rate), 1 / options.rate)
            for workers in options.workers
        ]
        ceilings = [
            await _with_workers(stack, redis, workers, options.posts, 0.0) for workers in options.ceiling_workers
        ]
    publish(_report(waiting, ceilings, options), options.json)


async def _with_workers(stack: Stack, redis: Redis, workers: int, posts: int, seconds_per_post: float) -> Drain:
    """Start that many workers, drain the posts, stop them."""
    say(f"{workers} workers, {seconds_per_post * 1e3:g} ms a post: {posts:,} posts")
    for _ in range(workers):
        stack.start_worker("bench.waiting_worker", environment={"BENCH_SECONDS_PER_POST": str(seconds_per_post)})
    await redis.flushdb()  # the group and streams of the round before
    await preload(redis, Simulator(1).posts(min(posts, 500)))  # group, connections and plans are there then
    await drained(redis)
    texts = Simulator(2).posts(posts)
    programs = stack.programs()
    before, started = CpuTimes.now(programs), time.perf_counter()
    await preload(redis, texts)
    rate = await _steady_rate(redis, posts)
    await drained(redis)
    seconds = time.perf_counter() - started
    used = CpuTimes.now(programs).since(before)
    names = [worker.name for worker in stack.workers]
    await stack.stop_workers()
    return Drain(
        workers,
        rate,
        {
            "workers": sum(used.by_process[name] for name in names) / seconds,
            **{name: used.by_process[name] / seconds for name in ("postgresql", "valkey", "api")},
        },
        max(used.main_threads[name] for name in names) / seconds,
    )


async def _steady_rate(redis: Redis, posts: int) -> float:
    """Posts per second between the first batch that is finished and the last one while there is more to read.

    Each worker holds a few batches in hand. Who gets the last ones is chance, and the wait for them a constant that
    says nothing about how throughput grows. A drain that is too short for that is measured as a whole.
    """
    progress: list[tuple[float, int]] = []
    started = time.perf_counter()
    while True:
        backlog = await backlog_of(redis, TOPOLOGY)
        done = posts - backlog.backlog
        if done > 0 and (not progress or done > progress[-1][1]):
            progress.append((time.perf_counter(), done))
        if backlog.lag == 0:
            break
        await asyncio.sleep(_POLL_SECONDS)
    if len(progress) < 2:  # noqa: PLR2004 (a rate needs two)
        await drained(redis)
        return posts / (time.perf_counter() - started)
    (begin, first), (end, last) = progress[0], progress[-1]
    return (last - first) / (end - begin)


def what_gives_way(drain: Drain, cores: int) -> str:
    """Name the bottleneck: the first that applies."""
    if drain.cores_used["valkey"] >= _IN_USE:
        return "Valkey: its one thread uses a core"
    if drain.busiest_event_loop >= _IN_USE:
        return "the worker's event loop: it uses a core"
    if sum(drain.cores_used.values()) >= _IN_USE * cores:
        most = max(drain.cores_used, key=drain.cores_used.__getitem__)
        return f"the {cores} cores: {most} uses {drain.cores_used[most]:.2f} of them"
    return "waits: for the disk, or between the stages"


def _report(waiting: Sequence[Drain], ceilings: Sequence[Drain], options: argparse.Namespace) -> Report:
    one = waiting[0].posts_per_second
    best = max(ceilings, key=lambda drain: drain.posts_per_second)
    last = waiting[-1] if options.quick else next(each for each in waiting if each.workers == _SPEED_UP_WORKERS)
    speed_up = round(last.posts_per_second / one, 2)
    return Report(
        "scale",
        {"rate_of_a_waiting_worker": options.rate, "seed": 2},
        [
            Figure.at_least(f"speed-up from 1 to {last.workers} workers", _SPEED_UP_BAR, speed_up, "x")
            if last.workers == _SPEED_UP_WORKERS
            else Figure(f"speed-up from 1 to {last.workers} workers", speed_up, "x"),
            Figure("broker and database path, at most", round(best.posts_per_second), "posts/s"),
        ],
        {
            "a classifier that only waits": [
                {**_row(each), "speed_up": round(each.posts_per_second / one, 2)} for each in waiting
            ],
            "a classifier that costs nothing": [
                {**_row(each), "gives_way_first": what_gives_way(each, cpu_limit())} for each in ceilings
            ],
            "processor time of a post with it, in microseconds": [
                {
                    "number_of_workers": each.workers,
                    **{name: round(cores / each.posts_per_second * 1e6, 1) for name, cores in each.cores_used.items()},
                }
                for each in ceilings
            ],
        },
    )


def _row(drain: Drain) -> dict[str, object]:
    return {
        "workers": drain.workers,
        "posts_per_second": round(drain.posts_per_second),
        **{f"cores_{name}": round(cores, 2) for name, cores in drain.cores_used.items()},
        "busiest_event_loop": round(drain.busiest_event_loop, 2),
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.scale", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--workers", type=int, nargs="+", default=[1, 2, 4, 8, 16], help="waiting workers (default: 1 2 4 8 16)"
    )
    parser.add_argument("--rate", type=float, default=150, help="posts/s of a waiting worker (default: %(default)s)")
    parser.add_argument("--seconds", type=float, default=20, help="of each of these measurements (%(default)s)")
    parser.add_argument(
        "--ceiling-workers", type=int, nargs="+", default=[1, 2, 4], help="workers whose classifier is free"
    )
    parser.add_argument("--posts", type=int, default=40_000, help="for each of them (default: %(default)s)")
    add_output_options(parser, quick="1 and 2 faster workers, a second or two")
    options = parser.parse_args()
    if not {1, _SPEED_UP_WORKERS} <= set(options.workers):
        parser.error(f"--workers needs 1 and {_SPEED_UP_WORKERS}, which the speed-up is told from")
    run_on_stack(lambda stack: measure(stack, options))


if __name__ == "__main__":
    main()
