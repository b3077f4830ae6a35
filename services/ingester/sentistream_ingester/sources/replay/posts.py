"""From a record of a file to a post."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid5

from uuid_utils.compat import uuid7

from sentistream_core.post import Post
from sentistream_ingester.posts import checked_post
from sentistream_ingester.source import Rejected
from sentistream_ingester.sources.replay.formats import Record


def post_of(record: Record, *, source: str, round_number: int) -> Post | Rejected:
    """The post of a record.

    A record without `id` gets a UUIDv7, without `created_at` the present time, without `source` the one given. In round
    0 a given id is kept; in later ones it becomes UUIDv5(id, "round N"), the same whenever that round is replayed.
    """
    fields = {"source": source, "created_at": datetime.now(UTC).isoformat(), **record.fields}
    fields.setdefault("id", str(uuid7()))
    post = checked_post(fields, record=f"line {record.line}")
    if round_number == 0 or "id" not in record.fields or isinstance(post, Rejected):
        return post
    return replace(post, id=uuid5(post.id, f"round {round_number}"))
