"""What the API says about the pipeline."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.monitoring.complete_until import CompleteUntil
from sentistream_api.monitoring.rates import Rates
from sentistream_api.monitoring.sample import Sample, WorkerActivity

_ALIVE_SECONDS: Final = 15.0
_GONE_SECONDS: Final = 60.0


class Stream(BaseModel):
    length: int = Field(description="Entries in social_posts_stream, processed ones that are not trimmed yet included")
    lag: int | None = Field(description="Entries never delivered to a worker; null when the broker does not know")
    lag_known: bool
    pending: int = Field(description="Entries in work")
    backlog: int = Field(description="Lag and pending; where the lag is not known, counted or bounded from above")
    oldest_unprocessed_seconds: float | None = Field(description="null when nothing waits")
    complete_until: CompleteUntil


class PipelineRates(BaseModel):
    """Means over the last ten seconds."""

    ingested_per_second: float
    processed_per_second: float


class WorkerState(StrEnum):
    ACTIVE = "active"
    IDLE = "idle"
    STALLED = "stalled"


class Worker(BaseModel):
    name: str
    state: WorkerState = Field(
        description="active: has work or had some in the last 15 s; idle: asks for work and there is none; "
        "stalled: has work and has been silent for 15 s"
    )
    pending: int
    idle_seconds: float = Field(description="Since it last asked the broker for anything")
    posts_per_second: float | None = Field(
        description="Entries it ended over the last seconds, as it says of itself; null when it did not lately"
    )

    @classmethod
    def of(cls, worker: WorkerActivity) -> Self:
        is_alive = worker.idle_seconds < _ALIVE_SECONDS
        if worker.pending and not is_alive:
            state = WorkerState.STALLED
        elif is_alive and (worker.pending or worker.inactive_seconds < _ALIVE_SECONDS):
            state = WorkerState.ACTIVE
        else:
            state = WorkerState.IDLE
        return cls(
            name=worker.name,
            state=state,
            pending=worker.pending,
            idle_seconds=round(worker.idle_seconds, 3),
            posts_per_second=worker.posts_per_second,
        )


class Broker(BaseModel):
    used_memory_bytes: int | None = Field(description="null: the broker does not tell this user")
    maxmemory_bytes: int | None = Field(description="null: without a bound, or not told")


class PipelineStatus(BaseModel):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "as_of": "2026-05-04T03:02:01Z",
                    "stream": {
                        "length": 1200,
                        "lag": 130,
                        "lag_known": True,
                        "pending": 64,
                        "backlog": 194,
                        "oldest_unprocessed_seconds": 0.4,
                        "complete_until": "2026-05-04T03:02:00.6Z",
                    },
                    "rates": {"ingested_per_second": 410.0, "processed_per_second": 402.5},
                    "workers": [
                        {
                            "name": "worker-1",
                            "state": "active",
                            "pending": 64,
                            "idle_seconds": 0.1,
                            "posts_per_second": 402.5,
                        }
                    ],
                    "dead_letters": 2,
                    "capacity_posts_per_second": 640.0,
                    "broker": {"used_memory_bytes": 9437184, "maxmemory_bytes": 268435456},
                }
            ]
        }
    )

    as_of: datetime
    stream: Stream
    rates: PipelineRates
    workers: list[Worker] = Field(description="Without those that left a minute ago and have no work")
    dead_letters: int
    capacity_posts_per_second: float | None = Field(
        description="What all workers together can do, as they measured themselves; null when none has yet"
    )
    broker: Broker

    @classmethod
    def of(cls, sample: Sample, rates: Rates) -> Self:
        backlog = sample.backlog
        return cls(
            as_of=datetime.fromtimestamp(sample.time, UTC),
            stream=Stream(
                length=backlog.length,
                lag=backlog.lag if backlog.lag_known else None,
                lag_known=backlog.lag_known,
                pending=backlog.pending,
                backlog=backlog.backlog,
                oldest_unprocessed_seconds=backlog.oldest_unprocessed_seconds if backlog.backlog else None,
                complete_until=backlog.complete_until,
            ),
            rates=PipelineRates(
                ingested_per_second=round(rates.ingested_per_second, 2),
                processed_per_second=round(rates.processed_per_second, 2),
            ),
            workers=[
                Worker.of(worker)
                for worker in sorted(sample.consumers, key=lambda each: each.name)
                if worker.pending or worker.idle_seconds < _GONE_SECONDS
            ],
            dead_letters=sample.dead_letters,
            capacity_posts_per_second=sample.capacity,
            broker=Broker(used_memory_bytes=sample.server.used_memory, maxmemory_bytes=sample.server.max_memory),
        )
