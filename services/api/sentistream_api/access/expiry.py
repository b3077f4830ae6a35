"""Ends long-lived connections when their token expires."""

import asyncio
import math
import time

from sentistream_api.access.caller import Caller
from sentistream_api.access.gate import UnauthorisedError


async def expiry(caller: Caller) -> None:
    """Wait until the caller's token has expired, then raise; wait for ever if no token is required.

    Raises:
        UnauthorisedError: the token has expired.
    """
    await asyncio.sleep(math.inf if caller.expires_at is None else caller.expires_at - time.time())
    raise UnauthorisedError("The token has expired.")
