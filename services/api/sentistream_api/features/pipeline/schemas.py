"""The answer about the pipeline."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final, Self

from pydantic import BaseModel, ConfigDict, Field

from sentistream_api.monitoring.complete_until import CompleteUntil
from sentistream_api.monitoring.rates import Rates
from sentistream_api.monitoring.sample import Sample, SourceActivity, WorkerActivity

_ALIVE_SECONDS: Final = 15.0
_GONE_SECONDS: Final = 60.0
_LATE_SECONDS: Final = 300.0
"""As the alert SentiStreamSourceLate has it."""
_SHOWN_LANGUAGES: Final = 10


class Stream(BaseModel):
    length: int = Field(description="Entries in social_posts_stream, processed ones that are not trimmed yet included")
    lag: int | None = Field(description="Entries never delivered to a worker; null when the broker does not know")
    lag_known: bool
    pending: int = Field(description="Entries delivered to a worker and not acknowledged")
    backlog: int = Field(description="Lag plus pending; if the lag is not known, a count or an upper bound of it")
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
        description="active: seen in the last 15 s, and has entries or got some in that time; stalled: has entries, "
        "but was not seen for 15 s; idle: neither"
    )
    pending: int
    idle_seconds: float = Field(description="Time since it last read or claimed entries")
    posts_per_second: float | None = Field(
        description="Entries finished over two seconds, as last reported by the worker; null without a recent report"
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


class SourceState(StrEnum):
    READING = "reading"
    THROTTLED = "throttled"
    LATE = "late"
    STANDING_BY = "standing_by"


class SourceLanguage(BaseModel):
    lang: str = Field(description="ISO 639; und where it could not be told")
    posts: int
    passed_on: bool = Field(description="False: posts in it are left out")


class Source(BaseModel):
    name: str
    reads: str = Field(description="What it reads, in its own terms; unlike that of any other source")
    state: SourceState = Field(
        description="throttled: back-pressure holds it up; late: the newest of it that is in the stream is older than "
        "5 minutes; standing_by: none of its processes reads"
    )
    posts_per_second: float
    late_seconds: float | None = Field(
        description="Age of the newest that is in the stream; null where the source tells no times"
    )
    languages: list[SourceLanguage] = Field(
        max_length=_SHOWN_LANGUAGES, description="The most frequent ones since the process began"
    )
    standing_by: int = Field(description="Processes that would take over")

    @classmethod
    def of(cls, source: SourceActivity) -> Self:
        if not source.is_reading:
            state = SourceState.STANDING_BY
        elif source.late_seconds is not None and source.late_seconds > _LATE_SECONDS:
            state = SourceState.LATE
        else:
            state = SourceState.THROTTLED if source.allowed < 1 else SourceState.READING
        languages = [
            SourceLanguage(lang=lang, posts=posts, passed_on=passed_on)
            for counts, passed_on in ((source.passed, True), (source.skipped, False))
            for lang, posts in counts.items()
        ]
        return cls(
            name=source.source,
            reads=source.reads,
            state=state,
            posts_per_second=round(source.posts_per_second, 1),
            late_seconds=None if source.late_seconds is None else round(source.late_seconds, 1),
            languages=sorted(languages, key=lambda each: -each.posts)[:_SHOWN_LANGUAGES],
            standing_by=source.standing_by,
        )


class Broker(BaseModel):
    used_memory_bytes: int | None = Field(description="null: this user may not ask the broker")
    maxmemory_bytes: int | None = Field(description="null: no limit, or this user may not ask")


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
                    "sources": [
                        {
                            "name": "bluesky",
                            "reads": "bluesky:v2:jetstream.us-east.bsky.network",
                            "state": "reading",
                            "posts_per_second": 18.5,
                            "late_seconds": 0.8,
                            "languages": [
                                {"lang": "en", "posts": 5210, "passed_on": True},
                                {"lang": "ja", "posts": 3120, "passed_on": False},
                            ],
                            "standing_by": 1,
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
    workers: list[Worker] = Field(description="Those that have entries or were seen in the last minute")
    sources: list[Source] = Field(description="Sources that ingesters read; posts sent to the API are not included")
    dead_letters: int
    capacity_posts_per_second: float | None = Field(
        description="Sum of the capacities that workers reported recently; null when none did"
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
            sources=[Source.of(each) for each in sample.sources],
            dead_letters=sample.dead_letters,
            capacity_posts_per_second=sample.capacity,
            broker=Broker(used_memory_bytes=sample.server.used_memory, maxmemory_bytes=sample.server.max_memory),
        )
