"""The address that a request comes from, behind a known number of proxies."""

from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network


def client_address(peer: str, forwarded_for: Sequence[str], trusted_hops: int) -> str:
    """The address that the outermost trusted proxy saw.

    Each proxy appends the address it was called from to X-Forwarded-For, and the last one's own is `peer`. What stands
    before the entries of the trusted proxies was written by the client, who may write anything: it is not looked at.
    """
    chain = [each.strip() for value in forwarded_for for each in value.split(",")] + [peer]
    return chain[-1 - min(trusted_hops, len(chain) - 1)]


def client_network(address: str) -> str:
    """What a limit counts: an IPv4 address, or a /64, which is the least that an IPv6 site is given."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or ip_network((parsed, 64), strict=False))
    return str(parsed)
