"""Settings of the live stream."""

from pydantic import Field

from sentistream_api.access.settings import AccessSettings
from sentistream_core.settings import Milliseconds, Seconds


class LiveSettings(AccessSettings):
    live_interval_ms: Milliseconds = Field(
        default=250, ge=100, description="Shortest time between two updates to WebSocket clients"
    )
    live_max_clients: int = Field(default=2_000, ge=1, description="Largest number of WebSocket clients of a process")
    live_ping_seconds: Seconds = Field(
        default=20.0, gt=0, description="Time between two pings to a WebSocket client, and time limit for its answer"
    )
    live_check_origin: bool = Field(
        default=True,
        description="Allow a WebSocket only from pages of the API's own host and of SENTISTREAM_CORS_ORIGINS",
    )

    @property
    def live_origins(self) -> tuple[str, ...] | None:
        """Web origins besides the API's own that may open a WebSocket; None: any."""
        return self.cors_origins if self.live_check_origin else None
