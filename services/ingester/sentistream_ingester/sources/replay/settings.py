"""Settings of a replay."""

from pydantic import Field

from sentistream_core.settings import Port
from sentistream_ingester.settings import IngesterSettings


class ReplaySettings(IngesterSettings):
    """A replay is a tool: its metrics are served only where asked for, so that it runs beside an ingester."""

    metrics_port: Port = Field(default=0, description="Port of /metrics; 0 switches it off")
