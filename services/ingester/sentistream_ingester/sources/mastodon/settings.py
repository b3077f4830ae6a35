"""Settings of the Mastodon source."""

from pathlib import Path

from pydantic import AnyHttpUrl, Field

from sentistream_core.settings import Seconds
from sentistream_ingester.languages import LanguageSettings
from sentistream_ingester.settings import IngesterSettings


class MastodonSettings(IngesterSettings, LanguageSettings):
    """Which timeline of which instance is read."""

    mastodon_url: AnyHttpUrl | None = Field(default=None, description="The instance: https://mastodon.example")
    mastodon_token_file: Path | None = Field(
        default=None, description="File with the access token of a user of the instance; read at each connection"
    )
    mastodon_stream: str = Field(
        default="public",
        pattern=r"^(public|local|hashtag:\w{1,100}|list:\d{1,20})$",
        description="public: all that the instance knows; local: its own; hashtag:NAME; list:NUMBER",
    )
    mastodon_silence_seconds: Seconds = Field(
        default=300.0, ge=1, description="Without any post for so long the connection is made anew"
    )
    mastodon_deletions_hours: int = Field(
        default=48, ge=1, description="How long ago a post may have come whose deletion is passed on"
    )
