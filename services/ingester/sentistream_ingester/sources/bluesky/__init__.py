"""Posts of Bluesky, as a Jetstream server passes them on."""

from argparse import Namespace

from sentistream_ingester.languages import chosen_languages
from sentistream_ingester.source import SourceType
from sentistream_ingester.sources.bluesky.protocols import PROTOCOLS
from sentistream_ingester.sources.bluesky.settings import BlueskySettings
from sentistream_ingester.sources.bluesky.source import Bluesky

_DESCRIPTION = """\
Writes the posts of Bluesky to the stream as they are published, until SIGTERM: new ones, edited ones, and deletions.
No account is needed.

It goes on where it was after a restart, as far back as the server keeps its events: 24 hours or longer. The first start
begins with what happens now. Of several processes with the same server one reads, and the others stand by.

Posts in other languages than --languages are left out, and counted by language; so are posts without text."""


def _open(settings: BlueskySettings, _: Namespace) -> Bluesky:
    protocol = PROTOCOLS[settings.bluesky_protocol]
    return Bluesky(
        str(settings.bluesky_url or protocol.default_url),
        protocol,
        chosen_languages(settings),
        silence_seconds=settings.bluesky_silence_seconds,
    )


SOURCE = SourceType(
    name="bluesky",
    summary="posts of Bluesky as they are published",
    description=_DESCRIPTION,
    settings=BlueskySettings,
    open=_open,
)
