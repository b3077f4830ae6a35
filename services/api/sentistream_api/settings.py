"""Settings of the API: its own, and those that its parts declare."""

from pathlib import Path

from pydantic import Field

from sentistream_api.access.settings import AccessSettings
from sentistream_api.features.stats.settings import StatsSettings
from sentistream_api.features.webhooks.settings import WebhookSettings
from sentistream_api.live.settings import LiveSettings
from sentistream_api.submission.settings import SubmissionSettings
from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.settings import DatabaseSettings, DatabaseUrl, Port, RetentionSettings, Seconds
from sentistream_core.tracing import TracingSettings


class ApiSettings(
    TracingSettings,
    BrokerSettings,
    DatabaseSettings,
    StatsSettings,
    WebhookSettings,
    SubmissionSettings,
    LiveSettings,
    AccessSettings,
    RetentionSettings,
):
    api_host: str = Field(default="0.0.0.0", description="Address that the API listens on")  # noqa: S104 (a container's)
    api_port: Port = Field(default=8000, description="Port of the API")
    api_request_timeout_seconds: Seconds = Field(
        default=30.0, gt=0, description="Time limit for a request to arrive with its body; after it the answer is 408"
    )
    dashboard_dir: Path | None = Field(
        default=None, description="Folder with the built dashboard, served at /; if unset, only the API is served"
    )
    api_database_connections: int = Field(
        default=8, ge=2, description="Largest number of database connections of a process for requests"
    )
    api_search_connections: int = Field(
        default=2,
        ge=1,
        description="Searches that a process runs at a time, on separate connections. As many may wait; further ones "
        "are answered with 503",
    )
    database_read_url: DatabaseUrl | None = Field(
        default=None, description="A replica that requests read from; the primary if unset"
    )
    api_read_timeout_seconds: Seconds = Field(
        default=3.0, gt=0, description="Time limit of a request's database query; after it the answer is 503"
    )
