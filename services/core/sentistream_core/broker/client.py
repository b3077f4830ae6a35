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

    Commands are not retried here: only the caller knows whether its command may be repeated.
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
    """The same connection class, but commands are serialised by hiredis.

    redis-py uses hiredis for this only in its synchronous client; its asyncio client serialises in Python, which is ten
    times slower.
    """

    class PackingConnection(kind):  # type: ignore[misc, valid-type]
        def pack_command(self, *args: EncodableT) -> list[bytes]:
            packed: list[bytes] = _PACKER.pack(*args)  # type: ignore[arg-type]  # annotated as lists
            return packed

    return PackingConnection


def is_outage(error: Exception) -> bool:
    """Whether the broker refused the command or did not answer, so that it is worth repeating later.

    That is true of every broker error. Wrong credentials, READONLY on a replica and full memory are temporary, too; a
    worker that exited instead of waiting would only raise the delivery count of its entries.
    """
    return isinstance(error, RedisError)


def is_forbidden(error: Exception) -> bool:
    """Whether this user may not run the command: the ACL forbids it, or the server has it renamed or disabled."""
    return isinstance(error, NoPermissionError) or (
        isinstance(error, ResponseError) and "unknown command" in str(error)
    )


def is_out_of_memory(error: Exception) -> bool:
    """Whether the broker is at maxmemory: it refuses commands that need memory, but still acknowledges and trims."""
    return isinstance(error, OutOfMemoryError)
