"""What a feature broadcasts: its part of the frames, and how clients say what they want of it."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from sentistream_api.live.follower import Arrivals

Q = TypeVar("Q", bound=BaseModel)
S = TypeVar("S", bound=Hashable)
S_contra = TypeVar("S_contra", bound=Hashable, contravariant=True)


class News(Protocol[S_contra]):
    """What one look found, for all subscribers of a channel."""

    @property
    def is_new(self) -> bool:
        """Whether it is worth an update; in an update for another channel's sake it stands nevertheless."""

    def part(self, subscription: S_contra, /) -> BaseModel:
        """The channel's fields of an update; asked for once for each distinct subscription."""


class Channel(ABC, Generic[Q, S]):
    """One for each process. Its fields stand beside those of other channels, so their names must differ."""

    query: type[Q]
    """The query parameters with which a client says what it wants."""
    snapshot: type[BaseModel]
    """The fields of a snapshot."""
    update: type[BaseModel]
    """The fields of an update."""

    @abstractmethod
    def subscription(self, query: Q) -> S:
        """What the client wants. Clients with equal subscriptions get the same, which is made once."""

    @abstractmethod
    async def look(self, arrivals: Arrivals, subscriptions: Collection[S]) -> News[S]:
        """Find out what there is to tell, with one query for all subscribers. Called several times a second.

        Raises:
            psycopg.Error, redis.RedisError: it cannot; the same arrivals will come again.
        """

    @abstractmethod
    async def begin(self, subscription: S) -> BaseModel:
        """The fields of the snapshot that a client begins with.

        Raises:
            psycopg.Error, redis.RedisError: a server is away.
        """

    async def resume(self, subscription: S, since: str) -> BaseModel | None:  # noqa: ARG002 (for those that override it)
        """Those for a client that comes back with the cursor of its last frame; None: the same as for one that begins.

        Raises:
            psycopg.Error, redis.RedisError: a server is away.
        """
        return None


class NoQuery(BaseModel):
    """Of a channel in which all clients get the same."""
