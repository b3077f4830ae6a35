"""Settings of the worker."""

from pathlib import Path

from pydantic import Field

from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.settings import DatabaseSettings, Milliseconds, Seconds
from sentistream_core.tracing import TracingSettings


class WorkerSettings(TracingSettings, BrokerSettings, DatabaseSettings):
    model_dir: Path = Field(
        default=Path(__file__).parent.parent / "model", description="Folder with ONNX file, tokenizer and manifest"
    )
    worker_threads: int = Field(default=0, ge=0, description="Inference threads; 0: the pod's CPU limit")
    worker_batch_size: int = Field(default=128, ge=1, le=10_000, description="Largest number of entries in a batch")
    worker_batch_wait_ms: Milliseconds = Field(
        default=20, le=10_000, description="How long a partial batch waits for more entries"
    )
    worker_claim_idle_ms: Milliseconds = Field(
        default=30_000,
        ge=1_000,
        description="A pending entry of another worker is taken over after it was idle for this time",
    )
    worker_max_deliveries: int = Field(
        default=5, ge=2, description="An entry that was delivered more often than this becomes a dead letter"
    )
    worker_flood_ratio: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="The worker pauses when the share of dead letters among the newest entries is higher",
    )
    worker_flood_window: int = Field(
        default=1_000, ge=10, description="Number of newest entries over which the share of dead letters is measured"
    )
    worker_flood_pause_seconds: Seconds = Field(
        default=60, gt=0, description="How long the worker pauses when there are too many dead letters"
    )
    worker_grace_seconds: Seconds = Field(
        default=20, gt=0, description="How long the worker retries storing its batches after SIGTERM"
    )
    processed_max_entries: int = Field(
        default=100_000, ge=1_000, description="About how many of the newest entries processed_posts_stream keeps"
    )
