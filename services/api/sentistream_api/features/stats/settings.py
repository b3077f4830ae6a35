"""Settings of statistics."""

from pydantic import Field

from sentistream_core.settings import Milliseconds, RetentionSettings


class StatsSettings(RetentionSettings):
    stats_cache_ms: Milliseconds = Field(
        default=1_000, description="How long all API processes share an answer of /api/stats; 0 counts for each request"
    )
