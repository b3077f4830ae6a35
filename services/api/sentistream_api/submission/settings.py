"""Settings of submitting posts."""

from pydantic import Field

from sentistream_core.settings import EnvironmentSettings


class SubmissionSettings(EnvironmentSettings):
    api_max_backlog: int = Field(
        default=100_000,
        ge=1,
        description="POST /api/posts answers 503 while more posts than this wait. Between two looks at the broker each "
        "process counts what it let in itself, so that several may together go over it by what they let in meanwhile",
    )
    api_max_memory_share: float = Field(
        default=0.8,
        ge=0,
        le=1,
        description="POST /api/posts answers 503 while more of the broker's maxmemory is used; 0 is no limit",
    )
