"""The message about a server that cannot be used: which one, its address and the cause; never a password."""

import os
from typing import Final

from psycopg_pool import PoolTimeout
from pydantic import AnyUrl
from redis.exceptions import TimeoutError as BrokerTimeoutError
from sqlalchemy.exc import DBAPIError

from sentistream_core.database.pool import describe_database_error

EXIT_UNAVAILABLE: Final = 69
"""EX_UNAVAILABLE of sysexits.h."""


def unavailable(server: str, url: AnyUrl, error: Exception) -> str:
    """The message, with the full text from the server or its client library, which may have several lines."""
    hint = ""
    if url.scheme == "rediss" and isinstance(error, BrokerTimeoutError):
        hint = " A server without TLS does not answer to rediss://."  # it takes the handshake for an unfinished command
    return f"The {server} at {_address(url)} cannot be used: {cause(error)}{hint}"


def cause(error: Exception) -> str:
    """The original message, without what libraries add to it."""
    if isinstance(error, PoolTimeout):
        return describe_database_error(error)
    original = error.orig if isinstance(error, DBAPIError) and error.orig else error
    message = str(original).strip() or type(original).__name__
    refused = original.__context__
    number = refused.errno or 0 if isinstance(refused, OSError) else 0
    if number > 0 and os.strerror(number) not in message:
        return f"{message} {os.strerror(number)}."  # redis-py reports only the number
    return message


def _address(url: AnyUrl) -> str:
    port = f":{url.port}" if url.port else ""
    return f"{url.host or ''}{port}{url.path or ''}"
