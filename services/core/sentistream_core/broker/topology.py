"""Which streams there are, and which of them a post goes to. No other module knows the name of a stream.

The names are a contract with third parties, so no settings. So is the partition of an id: whoever writes posts may
choose the stream as the services do, which keeps deliveries of one post together. Nothing depends on it.
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
    """The streams of a share of the posts: an entry of `posts` ends in `processed` or in `dead_letters`.

    Where there are several, the names of one have the same hash tag. All of them lie in one slot of a Redis Cluster
    then, so that a transaction or a script may touch all: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags
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
        """A sorted set: entries of `posts` whose dead letter was replayed or deleted, by their milliseconds.

        Those that the stream does not hold any more are removed with the next note.
        """
        return self._key(_RESOLVED)

    def _key(self, name: str) -> str:
        return f"{name}:{{{self.tag}}}" if self.tag else name


@dataclass(frozen=True, slots=True)
class Topology:
    partitions: tuple[Partition, ...]

    @classmethod
    def of(cls, number: int) -> Self:
        """So many partitions; one has the plain names."""
        return cls((Partition(""),) if number == 1 else tuple(Partition(f"p{index}") for index in range(number)))

    def partition_of(self, post_id: UUID) -> Partition:
        """Where whatever concerns a post is written: by the CRC-32 of its 16 bytes, modulo the number of partitions."""
        return self._partition_of(post_id.bytes)

    def spread(self, changes: Sequence[C]) -> Mapping[Partition, Sequence[C]]:
        """The changes by the partition that each is written to, in their order; only partitions that get some.

        The removal of an author concerns posts of all partitions and may be written to any: all of one author's are
        written to the same.
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
        """The partition whose posts are in that stream."""
        return next((each for each in self.partitions if each.posts == stream), None)

    def tagged(self, tag: str) -> Partition | None:
        """The partition with that tag."""
        return next((each for each in self.partitions if each.tag == tag), None)
