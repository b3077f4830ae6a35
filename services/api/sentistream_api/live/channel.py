"""A channel: a feature's part of the live frames, and of the query with which clients subscribe."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Hashable
from typing import Generic, Protocol, TypeVar

from pydantic import BaseModel

from sentistream_api.live.follower import Arrivals

Q = TypeVar("Q", bound=BaseModel)
S = TypeVar("S", bound=Hashable)
S_contra = TypeVar("S_contra", bound=Hashable, contravariant=True)


class News(Protocol[S_contra]):
    """The result of one look, for all subscribers of a channel."""

    @property
    def is_new(self) -> bool:
        """Whether to send an update for it. In an update that another channel causes, its part is sent in any case."""

    def part(self, subscription: S_contra, /) -> BaseModel:
        """The channel's fields of an update; called once for each distinct subscription."""


class Channel(ABC, Generic[Q, S]):
    """One for each process. A frame has the fields of all channels, so their names must differ."""

    query: type[Q]
    """The query parameters with which a client says what it wants."""
    snapshot: type[BaseModel]
    """The fields of a snapshot."""
    update: type[BaseModel]
    """The fields of an update."""

    @abstractmethod
    def subscription(self, query: Q) -> S:
        """The client's subscription. Clients with equal subscriptions get the same part, which is encoded once."""

    @abstractmethod
    async def look(self, arrivals: Arrivals, subscriptions: Collection[S]) -> News[S]:
        """Find out what is new, with one query for all subscribers. Called several times a second.

        Raises:
            psycopg.Error, redis.RedisError: a server did not answer. The next call gets the same arrivals again.
        """

    @abstractmethod
    async def begin(self, subscription: S) -> BaseModel:
        """The fields of the snapshot that a client begins with.

        Raises:
            psycopg.Error, redis.RedisError: a server is away.
        """

    async def resume(self, subscription: S, since: str) -> BaseModel | None:  # noqa: ARG002 (for those that override it)
        """The fields for a client that reconnects with the cursor of its last frame; None: the same as from `begin`.

        Raises:
            psycopg.Error, redis.RedisError: a server is away.
        """
        return None


class NoQuery(BaseModel):
    """The query of a channel whose clients all get the same."""
