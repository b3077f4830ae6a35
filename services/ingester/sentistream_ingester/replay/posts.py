"""From a record to a post."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid5

from uuid_utils.compat import uuid7

from sentistream_core.post import Post, UnreadableEntryError, decode_post
from sentistream_ingester.replay.formats import Record, Rejected


def post_of(record: Record, *, source: str, round_number: int) -> Post | Rejected:
    """The post, by the rules that hold for entries of the stream: what a worker could not read is rejected here.

    A record without `id` gets a UUIDv7, without `created_at` the present time, without `source` the one given. In round
    0 a given id is kept; in later ones it becomes UUIDv5(id, "round N"), the same whenever that round is replayed.
    """
    fields = {"source": source, "created_at": datetime.now(UTC).isoformat(), **record.fields}
    fields.setdefault("id", str(uuid7()))
    try:
        post = decode_post("0-0", {name.encode(): _encode(value) for name, value in fields.items()})
    except UnreadableEntryError as error:
        return Rejected(record.line, error.detail)
    if round_number == 0 or "id" not in record.fields:
        return post
    return replace(post, id=uuid5(post.id, f"round {round_number}"))


def _encode(value: str) -> bytes:
    """The bytes of the file, also where they are not UTF-8."""
    try:
        return value.encode(errors="surrogateescape")
    except UnicodeEncodeError:  # half a surrogate pair from a JSON escape, which is not UTF-8 either
        return value.encode(errors="surrogatepass")
