"""Creates and checks posts from the fields of a source's record."""

from collections.abc import Mapping

from sentistream_core.entry_fields import UnreadableEntryError
from sentistream_core.post import Post, decode_post
from sentistream_ingester.source import Rejected


def checked_post(fields: Mapping[str, str], *, record: str) -> Post | Rejected:
    """The post; `Rejected` if a worker could not decode it. The rules are those for entries of the stream.

    `id`, `content`, `source` and `created_at` must be present; their values may be anything. `record` is a name of the
    record for messages.
    """
    try:
        return decode_post("0-0", {name.encode(): _encode(value) for name, value in fields.items()})
    except UnreadableEntryError as error:
        return Rejected(record, error.reason, error.detail)


def _encode(value: str) -> bytes:
    """The original bytes, even if they are not valid UTF-8."""
    try:
        return value.encode(errors="surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair from a JSON escape, which is not UTF-8 either
        return value.encode(errors="surrogatepass")
