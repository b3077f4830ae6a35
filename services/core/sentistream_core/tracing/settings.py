"""Settings of the traces."""

from pydantic import AnyHttpUrl, Field

from sentistream_core.settings import ServiceSettings


class TracingSettings(ServiceSettings):
    """Settings of every service that handles posts."""

    tracing_endpoint: AnyHttpUrl | None = Field(
        default=None,
        description="OpenTelemetry collector that receives the traces (OTLP over HTTP), such as http://collector:4318;"
        " without it nothing is traced",
    )
    tracing_ratio: float = Field(
        default=0.01,
        gt=0,
        le=1,
        description="Share of the posts that are traced; a sender's own trace context takes precedence",
    )
