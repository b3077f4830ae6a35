"""Settings of the Bluesky source."""

from typing import Annotated, Literal

from pydantic import AnyUrl, Field, UrlConstraints

from sentistream_core.settings import Seconds
from sentistream_ingester.languages import LanguageSettings
from sentistream_ingester.settings import IngesterSettings

WebSocketUrl = Annotated[AnyUrl, UrlConstraints(allowed_schemes=["wss", "ws"])]


class BlueskySettings(IngesterSettings, LanguageSettings):
    """Which Jetstream server is read, and how."""

    bluesky_url: WebSocketUrl | None = Field(
        default=None,
        description="Jetstream server, such as wss://jetstream.us-west.bsky.network; without it one of Bluesky's own",
    )
    bluesky_protocol: Literal["v2", "v1"] = Field(
        default="v2", description="v2 is subscribeEvents, v1 the older /subscribe; each keeps a cursor of its own"
    )
    bluesky_silence_seconds: Seconds = Field(
        default=60.0, ge=1, description="Without any event for so long the connection is made anew"
    )
