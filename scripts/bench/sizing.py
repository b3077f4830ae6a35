"""How many replicas and how much storage a rate of posts needs, from measurements on one machine."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.report import Details

RATES = (1_000, 10_000, 100_000)
_BUSY = 0.7
"""Planned load of a core; the rest is for draining backlogs and for higher rates."""


@dataclass(frozen=True, slots=True)
class PostCost:
    """The resources that one post takes."""

    worker_us: float
    """Processor time, and so for the other two."""
    postgresql_us: float
    valkey_us: float
    database_bytes: float
    broker_bytes: float
    """While it waits."""


@dataclass(frozen=True, slots=True)
class Need:
    """`valkey_partitions` is how many servers carry the stream, since one uses one core for commands."""

    posts_per_second: int
    workers_of_one_core: int
    postgresql_cores: float
    valkey_partitions: int
    database_gb_a_day: float
    broker_mb_of_a_minute: float


def need(rate: int, cost: PostCost) -> Need:
    """What that many posts per second need, with each core busy to 70 %."""
    return Need(
        rate,
        math.ceil(rate * cost.worker_us / 1e6 / _BUSY),
        round(rate * cost.postgresql_us / 1e6 / _BUSY, 1),
        math.ceil(rate * cost.valkey_us / 1e6 / _BUSY),
        round(rate * 86_400 * cost.database_bytes / 1e9, 1),
        round(rate * 60 * cost.broker_bytes / 1e6),
    )


def sizing(reports: Sequence[dict[str, Any]]) -> list[Details]:
    """The needs of the usual rates; empty unless pipeline, burst and soak are among the reports."""
    by_name = {report["benchmark"]: report for report in reports}
    if not {"pipeline", "burst", "soak"} <= by_name.keys():
        return []
    rows = by_name["pipeline"]["tables"]["processor time of a post"]
    times = {row["process"]: row["us_per_post"] for row in rows}
    figures = {figure["name"]: figure["measured"] for report in reports for figure in report["figures"]}
    cost = PostCost(
        worker_us=sum(used for process, used in times.items() if process.startswith("worker")),
        postgresql_us=times["postgresql"],
        valkey_us=times["valkey"],
        database_bytes=figures["soak: database bytes per post"],
        broker_bytes=figures["broker memory of 100,000 waiting posts"] * 10,
    )
    return [asdict(need(rate, cost)) for rate in RATES]
