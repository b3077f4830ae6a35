"""Settings of the API."""

from pathlib import Path

from pydantic import Field

from sentistream_core.settings import BrokerSettings, DatabaseSettings, Milliseconds, Port, ServiceSettings


class ApiSettings(ServiceSettings, BrokerSettings, DatabaseSettings):
    api_host: str = Field(default="0.0.0.0", description="Address that the API listens on")  # noqa: S104 (a container's)
    api_port: Port = Field(default=8000, description="Port of the API")
    dashboard_dir: Path | None = Field(
        default=None, description="Folder with the built dashboard, served at /; without it the API stands alone"
    )
    api_database_connections: int = Field(default=8, ge=2, description="Database connections of a process, at most")
    live_interval_ms: Milliseconds = Field(
        default=250, ge=100, description="Time between two updates to WebSocket clients, at least"
    )
    live_max_clients: int = Field(default=2_000, ge=1, description="WebSocket clients of a process, at most")
