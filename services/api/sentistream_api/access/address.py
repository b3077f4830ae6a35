"""The address of a client behind a known number of proxies, and the networks that its rate is counted for."""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_SITES: Final = ((56, 1), (48, 16))
"""Prefix lengths of IPv6 networks, each with the multiple of a client's limit that the network may use."""
_UNKNOWN: Final = "unknown"
"""All texts that are not an address count as one client: otherwise inventing texts would avoid the limit."""


def client_address(peer: str, forwarded_for: Sequence[str], trusted_hops: int) -> str:
    """The address that the outermost trusted proxy was called from.

    Each proxy appends the address it was called from to X-Forwarded-For; `peer` is the address of the last proxy.
    Entries before those of the trusted proxies are ignored, because the client may write anything there.
    """
    chain = [each.strip() for value in forwarded_for for each in value.split(",")] + [peer]
    return chain[-1 - min(trusted_hops, len(chain) - 1)]


def client_networks(address: str) -> tuple[tuple[str, int], ...]:
    """The networks whose requests are counted, each with the multiple of the limit that it may use.

    An IPv4 address is one client. With IPv6 a client is a /56, which is what providers assign to a home (RIPE-690,
    section 4.2): a home can use any of its addresses for each request. A /48, which providers assign to businesses and
    tunnel brokers to anyone, contains 256 of these. It may be many homes, so its limit is higher.
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
