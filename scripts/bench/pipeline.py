"""Measure the whole pipeline against its engine alone, and where the processor time of a post goes.

In each round the same posts are classified twice: by the engine in a process of its own, and by a worker that drains
them from a preloaded stream while PostgreSQL, Valkey, the API and a dashboard share the same cores. Which comes first
changes from round to round. The ratio is the median over the rounds; processor time is what each process really used.
"""

import argparse
import asyncio
import multiprocessing
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from urllib.request import urlopen

from prometheus_client.parser import text_string_to_metric_families
from redis.asyncio import Redis

from bench import inference
from bench.live_client import live_client
from bench.report import Figure, Report, add_output_options, publish, say
from bench.stack import Stack, run_on_stack
from bench.traffic import drained, preload
from bench.usage import CpuTimes, cpu_seconds, peak_memory_bytes
from sentistream_core.post import Post
from sentistream_ingester.sources.simulate.simulator import Simulator
from sentistream_worker.engine.cpu_limit import cpu_limit

_RATIO_BAR = 0.8
_MEMORY_BAR = 600

Stages = dict[str, tuple[float, int]]
"""Seconds and batches by stage, since the worker began."""


@dataclass(frozen=True, slots=True)
class Round:
    engine_seconds: float
    engine_cpu: float
    pipeline_seconds: float
    pipeline_cpu: CpuTimes


async def measure(stack: Stack, options: argparse.Namespace) -> None:
    rounds, posts = (2, 128) if options.quick else (options.rounds, options.posts)
    threads = max(1, cpu_limit() // options.workers)
    for number in range(options.workers):
        say(f"starting worker {number + 1} of {options.workers}")
        stack.start_worker(settings={"WORKER_THREADS": str(threads)})
    simulator = Simulator(options.seed)
    done: list[Round] = []
    async with _engine() as engine, stack.redis() as redis, live_client(stack.websocket_url):
        await _round(engine, redis, stack, simulator.posts(posts), engine_first=True)  # warms both up
        before = _stages(stack)
        for number in range(rounds):
            done.append(await _round(engine, redis, stack, simulator.posts(posts), engine_first=number % 2 == 0))
            say(
                f"round {number + 1}/{rounds}: engine {posts / done[-1].engine_seconds:,.0f} posts/s, "
                f"pipeline {posts / done[-1].pipeline_seconds:,.0f} posts/s"
            )
        after = _stages(stack)
    publish(_report(stack, done, posts, (before, after), options), options.json)


async def _round(engine: "Engine", redis: Redis, stack: Stack, posts: Sequence[Post], *, engine_first: bool) -> Round:
    texts = [post.content for post in posts]
    alone = await engine.classify(texts) if engine_first else None
    programs = stack.programs()
    before = CpuTimes.now(programs)
    await preload(redis, posts)
    started = time.perf_counter()
    await drained(redis)
    seconds = time.perf_counter() - started
    cpu = CpuTimes.now(programs).since(before)
    engine_seconds, engine_cpu = alone or await engine.classify(texts)
    return Round(engine_seconds, engine_cpu, seconds, cpu)


@dataclass(frozen=True, slots=True)
class Engine:
    """The engine in a process of its own."""

    pid: int
    pipe: Connection

    async def classify(self, texts: Sequence[str]) -> tuple[float, float]:
        """Wall-clock seconds and processor seconds."""
        before = cpu_seconds(self.pid)
        self.pipe.send(texts)
        seconds, _ = await asyncio.to_thread(self.pipe.recv)
        return seconds, cpu_seconds(self.pid) - before


@asynccontextmanager
async def _engine() -> AsyncIterator[Engine]:
    say("loading the engine")
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    model = inference.MODEL
    setting = inference.Setting(model=model, before=model, classifier=None, threads=cpu_limit(), portion=256)
    process = spawn.Process(target=inference.serve, args=(inference.CONTESTANTS[0], setting, theirs), daemon=True)
    process.start()
    theirs.close()
    await asyncio.to_thread(ours.recv)
    try:
        yield Engine(process.pid or 0, ours)
    finally:
        process.terminate()
        process.join()


def _stages(stack: Stack) -> Stages:
    """The workers' metrics."""
    stages: Stages = {}
    for worker in stack.workers:
        with urlopen(f"{stack.services.operations_urls[worker.name]}/metrics", timeout=5) as response:  # noqa: S310
            text = response.read().decode()
        for family in text_string_to_metric_families(text):
            if family.name != "sentistream_stage_seconds":
                continue
            for sample in family.samples:
                seconds, batches = stages.get(sample.labels["stage"], (0.0, 0))
                if sample.name.endswith("_sum"):
                    stages[sample.labels["stage"]] = (seconds + sample.value, batches)
                elif sample.name.endswith("_count"):
                    stages[sample.labels["stage"]] = (seconds, batches + int(sample.value))
    return stages


def _report(
    stack: Stack, rounds: Sequence[Round], posts: int, stages: tuple[Stages, Stages], options: argparse.Namespace
) -> Report:
    total = posts * len(rounds)
    ratio = statistics.median(each.engine_seconds / each.pipeline_seconds for each in rounds)
    engine_cpu = sum(each.engine_cpu for each in rounds) / total * 1e6
    parts = _parts(rounds, total)
    peak = max(peak_memory_bytes(worker.pid) for worker in stack.workers) / 1e6
    return Report(
        "pipeline",
        {"workers": options.workers, "rounds": len(rounds), "posts_a_round": posts, "seed": options.seed},
        [
            Figure.at_least("pipeline against the engine alone", _RATIO_BAR, round(ratio, 3), "x"),
            Figure.below("worker memory under load, peak RSS", _MEMORY_BAR, round(peak), "MB"),
            Figure("pipeline", round(posts / statistics.median(each.pipeline_seconds for each in rounds)), "posts/s"),
            Figure("engine alone", round(posts / statistics.median(each.engine_seconds for each in rounds)), "posts/s"),
            Figure("processor time, engine against pipeline", round(engine_cpu / sum(parts.values()), 3), "x"),
        ],
        {
            "processor time of a post": [
                {"process": name, "us_per_post": round(used, 1), "share": f"{used / sum(parts.values()):.1%}"}
                for name, used in parts.items()
            ]
            + [{"process": "(the engine alone)", "us_per_post": round(engine_cpu, 1), "share": ""}],
            "stages of the worker, by the clock": [
                {
                    "stage": stage,
                    "ms_per_batch": round((seconds - stages[0][stage][0]) / (count - stages[0][stage][1]) * 1e3, 2),
                    "us_per_post": round((seconds - stages[0][stage][0]) / total * 1e6, 1),
                }
                for stage, (seconds, count) in stages[1].items()
            ],
        },
    )


def _parts(rounds: Sequence[Round], posts: int) -> dict[str, float]:
    """Microseconds of processor time a post, by process; the worker's event loop and its other threads apart."""
    parts: dict[str, float] = {}
    for each in rounds:
        for name, seconds in each.pipeline_cpu.by_process.items():
            main = each.pipeline_cpu.main_threads[name]
            split = (
                {"worker: inference threads": seconds - main, "worker: event loop": main}
                if name.startswith("worker")
                else {name: seconds}
            )
            for part, used in split.items():
                parts[part] = parts.get(part, 0.0) + used / posts * 1e6
    return parts


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.pipeline",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--workers", type=int, default=1, help="worker processes, sharing the cores (%(default)s)")
    parser.add_argument("--rounds", type=int, default=7, help="default: %(default)s")
    parser.add_argument("--posts", type=int, default=8192, help="posts a round (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="of the simulated posts (default: %(default)s)")
    add_output_options(parser, quick="2 rounds of 128 posts")
    options = parser.parse_args()
    run_on_stack(lambda stack: measure(stack, options))


if __name__ == "__main__":
    main()
