"""One sample of the streams, their workers and the broker."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from sentistream_core.broker.backlog import Backlog, measure_partition
from sentistream_core.broker.consumer_group import WORKER_GROUP
from sentistream_core.broker.sources import SOURCES_KEY
from sentistream_core.broker.topology import Partition, Topology
from sentistream_core.broker.workers import WORKERS_KEY

_PRESENT_SECONDS: Final = 15.0
"""A worker that was not seen for this time is not counted."""


@dataclass(frozen=True, slots=True)
class WorkerActivity:
    name: str
    pending: int
    """Entries that it has read and not acknowledged."""
    idle_seconds: float
    """Time since its last attempt to read or claim."""
    inactive_seconds: float
    """Time since it last got an entry."""
    posts_per_second: float | None
    """As it reported recently; None without a recent report."""


@dataclass(frozen=True, slots=True)
class SourceActivity:
    """What the ingesters of one source say of themselves, as the one does that reads."""

    source: str
    reads: str
    """What it reads, in its own terms; unlike that of any other."""
    is_reading: bool
    """Whether one of them does."""
    posts_per_second: float
    allowed: float
    """Share of what it has that back-pressure allows."""
    late_seconds: float | None
    """Since the platform got the newest event that is in the stream; None where it tells no times."""
    passed: Mapping[str, int]
    """Posts by language, since the process began."""
    skipped: Mapping[str, int]
    standing_by: int
    """Processes that would take over."""


@dataclass(frozen=True, slots=True)
class BrokerStatistics:
    """Statistics of the server from INFO; all None if this user may not run it."""

    used_memory: int | None
    max_memory: int | None
    """Bytes; None: no limit."""
    clients: int | None
    commands: int | None
    """Processed since its start."""
    append_only_file_ok: bool | None
    """Whether the last write to it succeeded; None: there is no such file."""

    @classmethod
    def of(cls, info: dict[str, Any] | ResponseError) -> Self:
        if isinstance(info, ResponseError):
            return cls(None, None, None, None, None)
        return cls(
            used_memory=info["used_memory"],
            max_memory=info["maxmemory"] or None,
            clients=info["connected_clients"],
            commands=info["total_commands_processed"],
            append_only_file_ok=info["aof_last_write_status"] == "ok" if info.get("aof_enabled") else None,
        )


@dataclass(frozen=True, slots=True)
class PartitionSample:
    partition: Partition
    backlog: Backlog
    added: int
    """Entries ever written to the stream of posts."""
    dead_letters: int


@dataclass(frozen=True, slots=True)
class Sample:
    time: float
    """By the broker's clock, seconds since 1970."""
    partitions: Sequence[PartitionSample]
    consumers: Sequence[WorkerActivity]
    """By name, whatever partitions they read."""
    capacity: float | None
    """Sum of the capacities that workers reported, in posts per second; None when none did."""
    workers: int
    """Workers that reported recently, or that reported once and still read: at maxmemory the broker accepts no reports.

    A worker that stops deletes its report.
    """
    server: BrokerStatistics
    sources: Sequence[SourceActivity]

    @property
    def backlog(self) -> Backlog:
        return Backlog.total([each.backlog for each in self.partitions])

    @property
    def added(self) -> int:
        return sum(each.added for each in self.partitions)

    @property
    def dead_letters(self) -> int:
        return sum(each.dead_letters for each in self.partitions)


async def take_sample(redis: Redis, topology: Topology) -> Sample:
    """Take a sample, in a few round trips.

    Raises:
        redis.RedisError: the broker did not answer, or refused a command that is required.
    """
    backlogs = [await measure_partition(redis, each) for each in topology.partitions]
    async with redis.pipeline(transaction=False) as pipeline:
        pipeline.time()
        pipeline.hgetall(WORKERS_KEY)
        pipeline.hgetall(SOURCES_KEY)
        pipeline.info()
        for partition in topology.partitions:
            pipeline.xlen(partition.dead_letters)
            pipeline.xinfo_stream(partition.posts)
            pipeline.xinfo_consumers(partition.posts, WORKER_GROUP)
        replies = await pipeline.execute(raise_on_error=False)
    time, workers, sources, info, *of_partitions = replies
    dead_letters, streams, consumers = of_partitions[::3], of_partitions[1::3], of_partitions[2::3]
    for reply in (time, workers, sources, *dead_letters):
        if isinstance(reply, Exception):
            raise reply
    for reply in (info, *streams, *consumers):
        # INFO may be forbidden; before the first post there is neither stream nor group.
        if isinstance(reply, Exception) and not isinstance(reply, ResponseError):
            raise reply
    seconds, microseconds = time
    now = seconds + microseconds / 1e6
    groups = [reply for reply in consumers if not isinstance(reply, Exception)]
    announced = {name: json.loads(status) for name, status in workers.items()}
    lately = _lately(announced, now)
    capacities = [float(each["capacity"]) for each in lately.values()]
    return Sample(
        time=now,
        partitions=[
            PartitionSample(
                partition, backlog, 0 if isinstance(stream, Exception) else stream["entries-added"], letters
            )
            for partition, backlog, stream, letters in zip(
                topology.partitions, backlogs, streams, dead_letters, strict=True
            )
        ],
        consumers=_consumers(groups, lately),
        capacity=sum(capacities) if capacities else None,
        workers=len(lately.keys() | (announced.keys() & _reading(groups))),
        server=BrokerStatistics.of(info),
        sources=_sources([json.loads(status) for status in sources.values()], now),
    )


def _sources(announced: Sequence[Mapping[str, Any]], now: float) -> list[SourceActivity]:
    """Of each, the process that reads, else any other; without those that were not seen for a while."""
    of_each: dict[str, list[Mapping[str, Any]]] = {}
    for status in announced:
        if now - status["seen"] <= _PRESENT_SECONDS:
            of_each.setdefault(status["reads"], []).append(status)
    return [_source(reads, alike, now) for reads, alike in sorted(of_each.items())]


def _source(reads: str, alike: Sequence[Mapping[str, Any]], now: float) -> SourceActivity:
    reading = [each for each in alike if each["reading"]]
    shown = reading or list(alike)[:1]
    newest = max((each["event"] for each in shown if each["event"] is not None), default=None)
    return SourceActivity(
        source=shown[0]["source"],
        reads=reads,
        is_reading=bool(reading),
        posts_per_second=sum(each["rate"] for each in shown),
        allowed=min(each["allowed"] for each in shown),
        late_seconds=None if newest is None else max(0.0, now - newest),
        passed=_total([each["passed"] for each in shown]),
        skipped=_total([each["skipped"] for each in shown]),
        standing_by=len(alike) - len(reading),
    )


def _total(counts: Sequence[Mapping[str, int]]) -> Mapping[str, int]:
    total: Counter[str] = Counter()
    for each in counts:
        total.update(each)
    return total


def _consumers(
    groups: Sequence[Sequence[Mapping[str, Any]]], announced: Mapping[bytes, Mapping[str, float]]
) -> list[WorkerActivity]:
    """The consumers of all groups by name. A consumer of several groups is listed once, with its latest activity."""
    by_name: dict[bytes, list[Mapping[str, Any]]] = {}
    for group in groups:
        for info in group:
            by_name.setdefault(info["name"], []).append(info)
    return [
        WorkerActivity(
            name=name.decode(errors="replace"),
            pending=sum(each["pending"] for each in infos),
            idle_seconds=min(each["idle"] for each in infos) / 1000,
            inactive_seconds=min(_inactive_seconds(each) for each in infos),
            posts_per_second=announced.get(name, {}).get("rate"),
        )
        for name, infos in by_name.items()
    ]


def _inactive_seconds(info: Mapping[str, Any]) -> float:
    # Redis before 7.2 does not report `inactive`; -1 means never.
    inactive = info.get("inactive", info["idle"])
    return float("inf") if inactive < 0 else inactive / 1000


def _lately(announced: Mapping[bytes, Mapping[str, float]], now: float) -> dict[bytes, Mapping[str, float]]:
    """The recent reports only."""
    return {name: status for name, status in announced.items() if now - status["seen"] <= _PRESENT_SECONDS}


def _reading(groups: Sequence[Sequence[Mapping[str, Any]]]) -> set[bytes]:
    """Names of the consumers that read recently."""
    return {info["name"] for group in groups for info in group if info["idle"] <= _PRESENT_SECONDS * 1000}
