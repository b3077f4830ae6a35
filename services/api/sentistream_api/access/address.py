"""The address that a request comes from, behind a known number of proxies."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_SITES: Final = ((56, 1), (48, 16))
"""Bits of a network of version 6, and how many times a client's limit it may use."""
_UNKNOWN: Final = "unknown"
"""Text that is no address: all who send it are one client, or inventing it would make new ones."""


def client_address(peer: str, forwarded_for: Sequence[str], trusted_hops: int) -> str:
    """The address that the outermost trusted proxy saw.

    Each proxy appends the address it was called from to X-Forwarded-For, and the last one's own is `peer`. What stands
    before the entries of the trusted proxies was written by the client, who may write anything: it is not looked at.
    """
    chain = [each.strip() for value in forwarded_for for each in value.split(",")] + [peer]
    return chain[-1 - min(trusted_hops, len(chain) - 1)]


def client_networks(address: str) -> tuple[tuple[str, int], ...]:
    """What a limit counts, each with how many times the limit it may use.

    An address of version 4 is a client. Of version 6 it is a /56, which is what providers give a home (RIPE-690,
    section 4.2): whoever has one can take any of its addresses for each request. A /48, which is what providers give a
    business and tunnel brokers give anyone, holds 256 of those; it may be many homes, and has a wider limit.
    """
    parsed = _parsed(address)
    if parsed is None:
        return ((_UNKNOWN, 1),)
    if isinstance(parsed, IPv4Address):
        return ((str(parsed), 1),)
    return tuple((str(IPv6Network((int(parsed), bits), strict=False)), times) for bits, times in _SITES)


def _parsed(address: str) -> IPv4Address | IPv6Address | None:
    """Some proxies append the port to the address: 203.0.113.7:51234, [2001:db8::1]:51234."""
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    try:
        parsed = ip_address(address)
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, IPv6Address) else parsed
