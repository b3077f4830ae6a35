"""From the fields of a source's record to a post."""

from collections.abc import Mapping

from sentistream_core.entry_fields import UnreadableEntryError
from sentistream_core.post import Post, decode_post
from sentistream_ingester.source import Rejected


def checked_post(fields: Mapping[str, str], *, record: str) -> Post | Rejected:
    """The post, by the rules that hold for entries of the stream: what a worker could not read is rejected here.

    `id`, `content`, `source` and `created_at` have to be there, and may hold anything. `record` names it for people.
    """
    try:
        return decode_post("0-0", {name.encode(): _encode(value) for name, value in fields.items()})
    except UnreadableEntryError as error:
        return Rejected(record, error.reason, error.detail)


def _encode(value: str) -> bytes:
    """The bytes of the source, also where they are not UTF-8."""
    try:
        return value.encode(errors="surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair from a JSON escape, which is not UTF-8 either
        return value.encode(errors="surrogatepass")
