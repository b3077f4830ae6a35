"""Settings of submitting posts."""

from pydantic import Field

from sentistream_core.settings import EnvironmentSettings


class PostsSettings(EnvironmentSettings):
    api_max_backlog: int = Field(
        default=100_000, ge=1, description="POST /api/posts answers 503 while more posts than this wait"
    )
