"""Settings of every source."""

from typing import Annotated

from pydantic import Field

from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.tracing import TracingSettings

Count = Annotated[int, Field(ge=0)]
Share = Annotated[float, Field(ge=0, le=1)]


class IngesterSettings(BrokerSettings, TracingSettings):
    """Settings of a run, whatever its source. A source adds its own."""

    ingester_chunk: int = Field(
        default=500, ge=1, le=10_000, description="Largest number of posts in one pipeline to the broker"
    )
    ingester_interval_ms: int = Field(
        default=100, ge=1, le=60_000, description="Milliseconds between two writes, for a source with a rate"
    )
    ingester_max_backlog: Count = Field(
        default=100_000,
        description="Largest backlog: from 80 % of it on the rate is reduced, at the limit it is zero; 0: no limit",
    )
    ingester_max_memory_share: Share = Field(
        default=0.8,
        description="Largest share of the broker's maxmemory to use: from 80 % of it on the rate is reduced, at the "
        "limit it is zero; 0: no limit",
    )
