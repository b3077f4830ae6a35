"""Settings of the ingester."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sentistream_core.settings import BrokerSettings, Port, Seconds
from sentistream_core.tracing import TracingSettings

Count = Annotated[int, Field(ge=0)]
Rate = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Share = Annotated[float, Field(ge=0, le=1)]


class IngesterSettings(BrokerSettings, TracingSettings):
    """What simulation and replay share."""

    ingester_chunk: int = Field(default=500, ge=1, le=10_000, description="Most posts in one pipeline to the broker")
    ingester_interval_ms: int = Field(
        default=100, ge=1, le=60_000, description="Milliseconds from one write to the next"
    )
    ingester_max_backlog: Count = Field(
        default=100_000,
        description="Most posts that may wait for the workers: from 80 % of it on the rate goes down; 0 is no limit",
    )
    ingester_max_memory_share: Share = Field(
        default=0.8,
        description="Most of the broker's maxmemory to use: from 80 % of it on the rate goes down; 0 is no limit",
    )


class SimulateSettings(IngesterSettings):
    """What a simulated stream looks like."""

    ingester_rate: Rate = Field(default=100.0, description="Posts a second")
    ingester_pattern: Literal["steady", "bursts", "wave"] = Field(
        default="steady",
        description="How the rate changes: steady; bursts (several times the rate for a while, at intervals); wave (up"
        " and down in a sine, by default once a day)",
    )
    ingester_burst_factor: float = Field(default=5.0, ge=1, le=1000, description="bursts: how many times the rate")
    ingester_burst_every_seconds: Seconds = Field(
        default=60.0, gt=0, description="bursts: from one beginning to the next"
    )
    ingester_burst_seconds: Seconds = Field(default=10.0, description="bursts: how long one lasts")
    ingester_wave_amplitude: Share = Field(
        default=0.8, description="wave: how far the rate swings around its mean, as a share of it"
    )
    ingester_wave_period_seconds: Seconds = Field(default=86_400.0, gt=0, description="wave: from peak to peak")
    ingester_wave_peak: Share = Field(
        default=0.8, description="wave: where in the period the peak is; 0.8 of a day is 19:12 UTC"
    )
    ingester_seed: int | None = Field(
        default=None,
        description="The same seed gives the same texts in the same order; without it each start logs its own",
    )
    ingester_total: Count = Field(default=0, description="Stop after so many posts; 0 is never")

    @model_validator(mode="after")
    def _bursts_end(self) -> "SimulateSettings":
        if self.ingester_burst_seconds > self.ingester_burst_every_seconds:
            raise ValueError(
                f"SENTISTREAM_INGESTER_BURST_SECONDS is {self.ingester_burst_seconds:g}, which is longer than"
                f" SENTISTREAM_INGESTER_BURST_EVERY_SECONDS, {self.ingester_burst_every_seconds:g}"
            )
        return self


class ReplaySettings(IngesterSettings):
    """A replay is a tool: its metrics are served only where asked for, so that it runs beside an ingester."""

    metrics_port: Port = Field(default=0, description="Port of /metrics; 0 switches it off")
