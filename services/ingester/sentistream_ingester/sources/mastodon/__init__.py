"""Posts of Mastodon, as an instance streams them."""

from argparse import Namespace

from sentistream_ingester.languages import chosen_languages
from sentistream_ingester.source import SourceType, UsageError
from sentistream_ingester.sources.mastodon.instance import Instance
from sentistream_ingester.sources.mastodon.settings import MastodonSettings
from sentistream_ingester.sources.mastodon.source import Mastodon
from sentistream_ingester.sources.mastodon.timeline import Timeline

_DESCRIPTION = """\
Writes the public posts of a timeline of a Mastodon instance to the stream as they come, until SIGTERM: new ones,
edited ones, and deletions. Boosts are left out. A content warning is the first line of its post.

It needs the access token of a user of the instance, with the scope read. The instance leaves out what that user has
blocked and the languages that the user does not read: take an account of its own.

After an interruption the posts since are asked for; deletions and edits of that time are not told. For several
instances run it several times: a post that more than one of them tell is stored once.

Posts in other languages than --languages are left out, and counted by language."""


def _open(settings: MastodonSettings, _: Namespace) -> Mastodon:
    if settings.mastodon_url is None:
        raise UsageError("give the instance: --url https://mastodon.example")
    if settings.mastodon_token_file and not settings.mastodon_token_file.is_file():
        raise UsageError(f"{settings.mastodon_token_file} is no file")
    return Mastodon(
        Instance(str(settings.mastodon_url), settings.mastodon_token_file),
        Timeline.named(settings.mastodon_stream),
        chosen_languages(settings),
        silence_seconds=settings.mastodon_silence_seconds,
        deletions_seconds=settings.mastodon_deletions_hours * 3_600,
    )


SOURCE = SourceType(
    name="mastodon",
    summary="posts of a Mastodon instance as they come",
    description=_DESCRIPTION,
    settings=MastodonSettings,
    open=_open,
)
