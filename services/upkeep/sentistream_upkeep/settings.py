"""Settings of upkeep."""

from pydantic import Field

from sentistream_core.broker.settings import BrokerSettings
from sentistream_core.settings import DatabaseSettings, RetentionSettings, Seconds, ServiceSettings


class UpkeepSettings(ServiceSettings, BrokerSettings, DatabaseSettings, RetentionSettings):
    processed_keep_seconds: Seconds = Field(
        default=3_600, gt=0, description="Entries of processed_posts_stream older than this are trimmed"
    )
    posts_keep_seconds: Seconds = Field(
        default=60,
        description="Entries of social_posts_stream that every group has processed are trimmed after this time, or at "
        "once while 90 % of the broker's maxmemory is used",
    )
    consumer_idle_seconds: Seconds = Field(
        default=3_600,
        ge=60,
        description="A consumer that has been idle for this time and has no pending entries is removed",
    )
    trim_interval_seconds: Seconds = Field(default=10, gt=0, description="Time between two runs of trimming")
