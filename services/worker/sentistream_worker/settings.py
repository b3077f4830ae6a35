"""Settings of the worker."""

from pathlib import Path

from pydantic import Field

from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.settings import DatabaseSettings, Milliseconds, Seconds
from sentistream_core.tracing import TracingSettings


class WorkerSettings(TracingSettings, BrokerSettings, DatabaseSettings):
    model_dir: Path = Field(
        default=Path(__file__).parent.parent / "model", description="Folder with the ONNX file, tokenizer and manifest"
    )
    worker_threads: int = Field(default=0, ge=0, description="Inference threads; 0 takes the CPU limit of the pod")
    worker_batch_size: int = Field(default=128, ge=1, le=10_000, description="Entries of a batch, at most")
    worker_batch_wait_ms: Milliseconds = Field(
        default=20, le=10_000, description="How long a batch that is not full waits for more entries"
    )
    worker_claim_idle_ms: Milliseconds = Field(
        default=30_000,
        ge=1_000,
        description="An entry that another worker has left untouched for so long is taken over",
    )
    worker_max_deliveries: int = Field(
        default=5, ge=2, description="An entry delivered more often than this without success is a dead letter"
    )
    worker_flood_ratio: float = Field(
        default=0.5, gt=0, le=1, description="Share of dead letters among the newest entries that pauses the worker"
    )
    worker_flood_window: int = Field(
        default=1_000, ge=10, description="Newest entries that the share of dead letters is taken from"
    )
    worker_flood_pause_seconds: Seconds = Field(
        default=60, gt=0, description="How long a worker pauses when dead letters flood"
    )
    worker_grace_seconds: Seconds = Field(
        default=20, gt=0, description="After SIGTERM, how long to keep trying to store what is in hand"
    )
    processed_max_entries: int = Field(
        default=100_000, ge=1_000, description="Newest entries of processed_posts_stream that are kept, roughly"
    )
