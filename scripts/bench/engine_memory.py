"""Classify posts of one to 128 words, in batches of any size, for a long time: does the engine's memory grow?

ONNX Runtime keeps what it has once allocated, and each shape of a batch asks for other amounts. So memory is looked at
three times: under short posts, its level; under posts of all lengths, where it must not grow on and on; and under short
posts again, where it must be back at its level. The engine is called as the worker calls it, for two batches at once.
"""

import argparse
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.report import Figure, Report, add_output_options, publish, say
from bench.slope import slope
from sentistream_worker.engine import Engine

_MODEL = Path(__file__).parents[2] / "services" / "worker" / "model"
_WORDS = ("a", "sunny", "delay", "again", "wonderful", "customer", "unfortunately", "🙂", "#monday", "the", "so")
"""Each is one token or a few."""
_SHORT = range(1, 13)
_MIXED = range(1, 129)
_LARGEST_BATCH = 64
_CALLERS = 2
_WARM_UP_SHARE = 0.2
_SLOPE_BAR = 10
"""MB an hour, as in the soak."""
_LEVEL_BAR = 20
"""MB above the level, for what is kept once for the longest posts. A batch of 64 posts of 128 tokens has 150 MB."""
_SAMPLES = 200


@dataclass(frozen=True, slots=True)
class Phase:
    """What was measured while posts of the same lengths were classified."""

    posts: int
    hours: Sequence[float]
    memory_mb: Sequence[float]
    """At each of the hours."""


def measure(options: argparse.Namespace) -> Report:
    minutes = 0.2 if options.quick else options.minutes
    engine = Engine.load(_MODEL)
    try:
        short = _classify(engine, _SHORT, minutes / 4, seed=1)
        say("memory has its level; now posts of all lengths")
        mixed = _classify(engine, _MIXED, minutes, seed=2)
        again = _classify(engine, _SHORT, minutes / 4, seed=3)
    finally:
        engine.close()
    warm = int(len(mixed.hours) * _WARM_UP_SHARE)
    growth = slope(mixed.hours[warm:], mixed.memory_mb[warm:])
    growing = "engine: memory growth under posts of all lengths that is certain"
    above = again.memory_mb[-1] - short.memory_mb[-1]
    return Report(
        "engine_memory",
        {"minutes": minutes, "threads": engine.threads, "largest_batch": _LARGEST_BATCH, "words": max(_MIXED)},
        [
            # Seconds say nothing about hours.
            Figure(growing, growth.low, "MB/h")
            if options.quick
            else Figure.at_most(growing, _SLOPE_BAR, round(growth.low, 2), "MB/h"),
            Figure.at_most("engine: memory afterwards, above its level", _LEVEL_BAR, round(above, 1), "MB"),
        ],
        {
            "memory of the engine's process": [
                {
                    "posts": name,
                    "number": phase.posts,
                    "mb_at_first": round(phase.memory_mb[0], 1),
                    "mb_at_most": round(max(phase.memory_mb), 1),
                    "mb_at_last": round(phase.memory_mb[-1], 1),
                }
                for name, phase in (("short", short), ("of all lengths", mixed), ("short again", again))
            ]
        },
    )


def _classify(engine: Engine, lengths: range, minutes: float, *, seed: int) -> Phase:
    """Let all callers classify for so long, and look at the memory at even intervals."""
    process = psutil.Process()
    began = time.monotonic()
    seconds = minutes * 60

    def call(chance: random.Random) -> int:
        posts = 0
        while time.monotonic() - began < seconds:
            texts = [
                " ".join(chance.choices(_WORDS, k=chance.choice(lengths)))
                for _ in range(chance.randint(1, _LARGEST_BATCH))
            ]
            engine.classify(texts)
            posts += len(texts)
        return posts

    hours: list[float] = []
    memory_mb: list[float] = []
    with ThreadPoolExecutor(_CALLERS) as callers:
        calls = [callers.submit(call, random.Random(f"{seed} {caller}")) for caller in range(_CALLERS)]  # noqa: S311
        while len(hours) < _SAMPLES:
            time.sleep(seconds / _SAMPLES)
            hours.append((time.monotonic() - began) / 3600)
            memory_mb.append(process.memory_info().rss / 1e6)
        return Phase(sum(each.result() for each in calls), hours, memory_mb)


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m bench.engine_memory", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--minutes",
        type=float,
        default=60,
        help="of posts of all lengths; a quarter of it before, and after (60)",
    )
    add_output_options(parser, quick="18 seconds in all")
    options = parser.parse_args()
    publish(measure(options), options.json)


if __name__ == "__main__":
    main()
