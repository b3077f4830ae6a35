"""Settings of the API."""

from datetime import timedelta
from pathlib import Path

from pydantic import Field

from sentistream_api.access.settings import AccessSettings
from sentistream_api.stats.bucket_width import Kept
from sentistream_core.settings import (
    BrokerSettings,
    DatabaseSettings,
    DatabaseUrl,
    Milliseconds,
    Port,
    Seconds,
)
from sentistream_core.tracing import TracingSettings


class ApiSettings(TracingSettings, BrokerSettings, DatabaseSettings, AccessSettings):
    api_host: str = Field(default="0.0.0.0", description="Address that the API listens on")  # noqa: S104 (a container's)
    api_port: Port = Field(default=8000, description="Port of the API")
    dashboard_dir: Path | None = Field(
        default=None, description="Folder with the built dashboard, served at /; without it the API stands alone"
    )
    api_database_connections: int = Field(default=8, ge=2, description="Database connections of a process, at most")
    database_read_url: DatabaseUrl | None = Field(
        default=None, description="A replica that requests read from; the primary if unset"
    )
    api_read_timeout_seconds: Seconds = Field(
        default=3.0, gt=0, description="A request's query that takes longer is ended and answered with 503"
    )
    api_max_backlog: int = Field(
        default=100_000, ge=1, description="POST /api/posts answers 503 while more posts than this wait"
    )
    live_interval_ms: Milliseconds = Field(
        default=250, ge=100, description="Time between two updates to WebSocket clients, at least"
    )
    live_max_clients: int = Field(default=2_000, ge=1, description="WebSocket clients of a process, at most")
    live_ping_seconds: Seconds = Field(
        default=20.0, gt=0, description="Time between two pings to a WebSocket client, and the time it has to answer"
    )
    live_check_origin: bool = Field(
        default=True,
        description="Whether only pages of the API's own host and of SENTISTREAM_CORS_ORIGINS may open a WebSocket",
    )
    stats_cache_ms: Milliseconds = Field(
        default=1_000, description="How long all API processes share an answer of /api/stats; 0 counts for each request"
    )
    retention_posts_days: int = Field(
        default=0, ge=0, description="Posts processed longer ago are deleted; 0 keeps all. Hourly counts always stay"
    )
    retention_five_second_counts_days: int = Field(
        default=1, ge=1, description="Counts in buckets of 5 seconds that are older are deleted"
    )
    retention_minute_counts_days: int = Field(
        default=30, ge=2, description="Counts in buckets of a minute that are older are deleted"
    )

    @property
    def live_origins(self) -> tuple[str, ...] | None:
        """Web origins besides the API's own that may open a WebSocket; None: any."""
        return self.cors_origins if self.live_check_origin else None

    @property
    def kept(self) -> Kept:
        return Kept(
            five_seconds=timedelta(days=self.retention_five_second_counts_days),
            minutes=timedelta(days=self.retention_minute_counts_days),
        )
