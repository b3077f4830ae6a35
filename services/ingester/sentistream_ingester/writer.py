"""Writes posts, and what says that posts are gone, to the stream."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from sentistream_core.broker.streams import POSTS_STREAM
from sentistream_core.change import AuthorRemoval, Change, Deletion, encode_change
from sentistream_core.entry_fields import Operation
from sentistream_core.post import Post
from sentistream_core.tracing import Tracing
from sentistream_ingester.broker import Broker
from sentistream_ingester.metrics import CHANGES_INGESTED, WRITE_SECONDS


class StreamWriter:
    """Pipelined XADD that waits for a broker that is away.

    Each change is written at least once, in order. A pipeline whose connection broke may have been written in part and
    is repeated as a whole: the repeated entries carry the same post ids, and storage keeps one of each.
    """

    def __init__(self, broker: Broker, tracing: Tracing, *, source: str) -> None:
        self._broker = broker
        self._tracing = tracing
        self._source = source
        self.sent = 0
        """Posts that the broker confirmed."""
        self.in_hand = 0
        """Posts of a write that has not ended: they may be in the stream or not."""

    async def write(self, changes: Sequence[Change]) -> None:
        """Return when the broker has confirmed all of them.

        Raises:
            GivingUpError: the broker was away until the process had to leave; some may have been written.
        """
        posts = [change for change in changes if isinstance(change, Post)]
        self.in_hand = len(posts)
        with self._tracing.ingesting(posts) as traced:
            remaining = iter(traced)
            entries = [encode_change(next(remaining) if isinstance(each, Post) else each) for each in changes]
            await self._broker.answer(partial(self._write_once, entries))
        self.in_hand = 0
        self.sent += len(posts)
        for kind, count in Counter(map(_kind, changes)).items():
            CHANGES_INGESTED.labels(self._source, kind).inc(count)

    async def _write_once(self, entries: Sequence[Mapping[str, str]]) -> None:
        with WRITE_SECONDS.time():
            async with self._broker.redis.pipeline(transaction=False) as pipeline:
                for entry in entries:
                    fields = [part for field in entry.items() for part in field]
                    pipeline.execute_command("XADD", POSTS_STREAM, "*", *fields)
                # redis-py would put the command in front of the broker's message, by which an outage is known.
                for reply in await pipeline.execute(raise_on_error=False):
                    if isinstance(reply, Exception):
                        raise reply


def _kind(change: Change) -> Operation:
    match change:
        case Post():
            return Operation.CREATE if change.revision is None else Operation.EDIT
        case Deletion():
            return Operation.DELETE
        case AuthorRemoval():
            return Operation.FORGET
