"""The Redis client as every service uses it."""

from typing import Final

from redis.asyncio import Redis
from redis.asyncio.connection import AbstractConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.connection import HiredisRespSerializer
from redis.exceptions import NoPermissionError, OutOfMemoryError, RedisError, ResponseError
from redis.typing import EncodableT

from sentistream_core.broker.settings import BrokerSettings


def connect(settings: BrokerSettings, client_name: str) -> Redis:
    """A client whose replies are bytes, because third parties may write anything into a stream.

    Commands are not retried here: each caller knows whether it can repeat itself, and says so once in the log.
    """
    of_network = {"socket_keepalive": True} if settings.redis_url.scheme != "unix" else {}
    client = Redis.from_url(
        str(settings.redis_url),
        client_name=client_name.replace(" ", "_"),
        protocol=2,
        socket_timeout=settings.redis_timeout_seconds,
        socket_connect_timeout=settings.redis_timeout_seconds,
        retry=Retry(NoBackoff(), 0),
        **of_network,
    )
    pool = client.connection_pool
    pool.connection_class = _packing_in_c(pool.connection_class)
    return client


_PACKER: Final = HiredisRespSerializer()


def _packing_in_c(kind: type[AbstractConnection]) -> type[AbstractConnection]:
    """The same connection, which puts commands together with hiredis.

    redis-py does so by itself, except for asyncio, where it does it in Python: ten times slower.
    """

    class PackingConnection(kind):  # type: ignore[misc, valid-type]
        def pack_command(self, *args: EncodableT) -> list[bytes]:
            packed: list[bytes] = _PACKER.pack(*args)  # type: ignore[arg-type]  # annotated as lists
            return packed

    return PackingConnection


def is_outage(error: Exception) -> bool:
    """Whether the broker refused or did not answer, so that the same command is worth repeating later.

    That is every error of the broker: also wrong credentials, a replica's READONLY or a full memory pass, and a worker
    that ended itself instead would only add deliveries to its entries.
    """
    return isinstance(error, RedisError)


def is_forbidden(error: Exception) -> bool:
    """Whether the broker does not run this command for this user: its ACL forbids it, or it was taken away."""
    return isinstance(error, NoPermissionError) or (
        isinstance(error, ResponseError) and "unknown command" in str(error)
    )


def is_out_of_memory(error: Exception) -> bool:
    """Whether the broker is at its maxmemory: it refuses what needs memory, and takes acknowledgements and trimming."""
    return isinstance(error, OutOfMemoryError)
