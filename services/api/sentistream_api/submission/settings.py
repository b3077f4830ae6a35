"""Settings of submitting posts."""

from pydantic import Field

from sentistream_core.settings import EnvironmentSettings


class SubmissionSettings(EnvironmentSettings):
    api_max_backlog: int = Field(
        default=100_000,
        ge=1,
        description="Requests that submit posts are answered with 503 while this many posts or more wait. The backlog "
        "is measured once a second; several processes together may exceed the limit by what they admit in that time",
    )
    api_max_memory_share: float = Field(
        default=0.8,
        ge=0,
        le=1,
        description="Requests that submit posts are answered with 503 while at least this share of the broker's "
        "maxmemory is used; 0: no limit",
    )
