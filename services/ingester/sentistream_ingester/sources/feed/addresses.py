"""Where a request may go. A feed's address, and whatever it redirects to, may lead into the operator's own network."""

import asyncio
import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

from sentistream_ingester.reconnection import ConnectionLostError

_NAT64: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
"""Addresses that a gateway translates (RFC 6052, RFC 8215): the last 32 bits are one of IPv4."""
_NO_ZONE: Final = "%"


def is_public(address: str) -> bool:
    """Whether the internet, and nothing else, is at this address; also by way of IPv6 that stands for IPv4."""
    ip = ip_address(address.partition(_NO_ZONE)[0])
    if isinstance(ip, IPv6Address) and (inner := _inner(ip)) is not None:
        return is_public(str(inner))
    return ip.is_global and not ip.is_multicast


def _inner(ip: IPv6Address) -> IPv4Address | None:
    if any(ip in network for network in _NAT64):
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)


async def addresses_of(host: str, port: int, *, allow_private: bool) -> Sequence[str]:
    """The addresses of a host that a connection may be made to; at least one.

    Whoever connects has to use one of these, and not the name again: it may mean another address by then.

    Raises:
        ConnectionLostError: the name is not known, or all that it means is forbidden.
    """
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ConnectionLostError("unreachable", f"{host}: {error}") from error
    addresses = list(dict.fromkeys(str(each[4][0]) for each in found))
    allowed = [each for each in addresses if allow_private or is_public(each)]
    if not allowed:
        raise ConnectionLostError(
            "private_address", f"{host} is {', '.join(addresses)}, in a private network; --allow-private true reads it"
        )
    return allowed
