"""Settings of the simulated stream."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from sentistream_core.settings import Seconds
from sentistream_ingester.settings import Count, IngesterSettings, Share

Rate = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]


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
