"""Writes posts and removals to their streams."""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial

from sentistream_core.broker.topology import Topology
from sentistream_core.change import AuthorRemoval, Change, Deletion, encode_change
from sentistream_core.entry_fields import Operation
from sentistream_core.post import Post
from sentistream_core.tracing import Tracing
from sentistream_ingester.broker import Broker
from sentistream_ingester.metrics import CHANGES_INGESTED, WRITE_SECONDS


class StreamWriter:
    """Writes with pipelined XADD; during an outage of the broker it waits.

    Each change is written at least once: the changes of a partition in order, one partition after the other. If the
    connection breaks, a pipeline may have been written in part and is repeated as a whole. Repeated entries have the
    same post ids, so each post is stored once.
    """

    def __init__(self, broker: Broker, topology: Topology, tracing: Tracing, *, source: str) -> None:
        self._broker = broker
        self._topology = topology
        self._tracing = tracing
        self._source = source
        self.sent = 0
        """Posts that the broker confirmed."""
        self.in_hand = 0
        """Posts of an unfinished write, which may be in their streams or not."""

    async def write(self, changes: Sequence[Change]) -> None:
        """Return when the broker has confirmed all of them.

        Raises:
            GivingUpError: the broker was away until the process had to stop; some may have been written.
        """
        self.in_hand = len(_posts(changes))
        for partition, part in self._topology.spread(changes).items():
            posts = _posts(part)
            with self._tracing.ingesting(posts, partition.posts) as traced:
                remaining = iter(traced)
                entries = [encode_change(next(remaining) if isinstance(each, Post) else each) for each in part]
                await self._broker.answer(partial(self._write_once, partition.posts, entries))
            self.in_hand -= len(posts)
            self.sent += len(posts)
            for kind, count in Counter(map(_kind, part)).items():
                CHANGES_INGESTED.labels(self._source, kind).inc(count)

    async def _write_once(self, stream: str, entries: Sequence[Mapping[str, str]]) -> None:
        with WRITE_SECONDS.time():
            async with self._broker.redis.pipeline(transaction=False) as pipeline:
                for entry in entries:
                    fields = [part for field in entry.items() for part in field]
                    pipeline.execute_command("XADD", stream, "*", *fields)
                # Not raised by redis-py: it would put the command before the broker's message, which is needed to
                # recognise an outage.
                for reply in await pipeline.execute(raise_on_error=False):
                    if isinstance(reply, Exception):
                        raise reply


def _posts(changes: Sequence[Change]) -> list[Post]:
    return [each for each in changes if isinstance(each, Post)]


def _kind(change: Change) -> Operation:
    match change:
        case Post():
            return Operation.CREATE if change.revision is None else Operation.EDIT
        case Deletion():
            return Operation.DELETE
        case AuthorRemoval():
            return Operation.FORGET
