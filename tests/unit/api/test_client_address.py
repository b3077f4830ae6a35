"""Whose request it is, behind proxies."""

import pytest

from sentistream_api.access.address import client_address, client_network


@pytest.mark.parametrize(
    ("forwarded_for", "hops", "address"),
    [
        ([], 0, "10.0.0.9"),
        (["203.0.113.7"], 0, "10.0.0.9"),
        (["203.0.113.7"], 1, "203.0.113.7"),
        (["6.6.6.6, 203.0.113.7"], 1, "203.0.113.7"),
        (["6.6.6.6", "203.0.113.7"], 1, "203.0.113.7"),
        (["6.6.6.6, 203.0.113.7, 10.0.0.1"], 2, "203.0.113.7"),
        (["203.0.113.7"], 5, "203.0.113.7"),
        ([], 1, "10.0.0.9"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(forwarded_for: list[str], hops: int, address: str) -> None:
    assert client_address("10.0.0.9", forwarded_for, hops) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("unknown", "unknown"),
    ],
)
def test_an_ipv6_site_is_one_client(address: str, network: str) -> None:
    assert client_network(address) == network
