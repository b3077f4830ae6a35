"""Which streams exist, and which one a post is written to. No other module knows the name of a stream.

Third parties rely on the names, so they are not settings. The same goes for the partition of an id: other writers may
choose the stream as the services do, which keeps all deliveries of a post in one stream. Correctness does not depend
on it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeVar
from uuid import UUID
from zlib import crc32

from sentistream_core.change import AuthorRemoval, Change

C = TypeVar("C", bound=Change)

_POSTS: Final = "social_posts_stream"
_PROCESSED: Final = "processed_posts_stream"
_DEAD_LETTERS: Final = "dead_letter_stream"
_RESOLVED: Final = "sentistream:resolved_entries"


@dataclass(frozen=True, slots=True)
class Partition:
    """The streams of one part of the posts: what becomes of an entry of `posts` is in `processed` or `dead_letters`.

    With several partitions, all keys of a partition share a hash tag. They are then in one slot of a Redis Cluster, so
    that one transaction or script may use all of them: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
    """

    tag: str
    """`p0`, `p1`, ...; empty if there is only one partition."""

    @property
    def posts(self) -> str:
        return self._key(_POSTS)

    @property
    def processed(self) -> str:
        return self._key(_PROCESSED)

    @property
    def dead_letters(self) -> str:
        return self._key(_DEAD_LETTERS)

    @property
    def resolved_entries(self) -> str:
        """A sorted set: ids of entries of `posts` whose dead letter was replayed or deleted, by their time in ms.

        Adding an id also removes the ids of entries that the stream no longer has.
        """
        return self._key(_RESOLVED)

    def _key(self, name: str) -> str:
        return f"{name}:{{{self.tag}}}" if self.tag else name


@dataclass(frozen=True, slots=True)
class Topology:
    partitions: tuple[Partition, ...]

    @classmethod
    def of(cls, number: int) -> Self:
        """A topology of `number` partitions. A single partition has stream names without a tag."""
        return cls((Partition(""),) if number == 1 else tuple(Partition(f"p{index}") for index in range(number)))

    def partition_of(self, post_id: UUID) -> Partition:
        """The partition of all entries about a post: CRC-32 of the id's 16 bytes, modulo the number of partitions."""
        return self._partition_of(post_id.bytes)

    def spread(self, changes: Sequence[C]) -> Mapping[Partition, Sequence[C]]:
        """The changes grouped by the partition that each is written to, in their order; no partition without changes.

        An author's removal concerns posts of all partitions and could be written to any of them. All removals of one
        author are written to the same partition.
        """
        if len(self.partitions) == 1:
            return {self.partitions[0]: changes} if changes else {}
        parts: dict[Partition, list[C]] = {}
        for change in changes:
            if isinstance(change, AuthorRemoval):
                partition = self._partition_of(f"{change.source}\0{change.author}".encode())
            else:
                partition = self.partition_of(change.id)
            parts.setdefault(partition, []).append(change)
        return parts

    def _partition_of(self, key: bytes) -> Partition:
        return self.partitions[crc32(key) % len(self.partitions)]

    def with_posts_stream(self, stream: str) -> Partition | None:
        """The partition whose posts are in that stream; None if there is none."""
        return next((each for each in self.partitions if each.posts == stream), None)

    def tagged(self, tag: str) -> Partition | None:
        """The partition with that tag; None if there is none."""
        return next((each for each in self.partitions if each.tag == tag), None)
