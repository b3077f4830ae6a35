"""Whose request it is, behind proxies."""

import pytest

from sentistream_api.access.address import client_address, client_networks


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
    "address",
    [
        "203.0.113.7",
        "203.0.113.7:51234",
        "203.0.113.7:1",
        "::ffff:203.0.113.7",
        "::ffff:cb00:7107",
        "[::ffff:203.0.113.7]:51234",
    ],
)
def test_an_address_of_version_4_is_a_client(address: str) -> None:
    assert client_networks(address) == (("203.0.113.7", 1),)


@pytest.mark.parametrize(
    "address",
    [
        "2001:db8:1:200:3:4:5:6",
        "2001:DB8:1:2ff::",
        "[2001:db8:1:201::1]",
        "[2001:db8:1:202::1]:51234",
        "[2001:0db8:0001:0203::1]:1",
        "2001:db8:1:204::1%eth0",
    ],
)
def test_a_site_of_version_6_is_a_client_whatever_address_it_takes(address: str) -> None:
    (site, times), (neighbourhood, more_times) = client_networks(address)
    assert (site, times) == ("2001:db8:1:200::/56", 1)
    assert neighbourhood == "2001:db8:1::/48"
    assert 1 < more_times < 256, "who has all 256 sites of it may not ask 256 times as much"


@pytest.mark.parametrize(
    "address", ["unknown", "", "_hidden", "a.example", "203.0.113.7:x:y", "[", "[]:80", "[2001:db8", "1.2.3", "\0"]
)
def test_what_is_no_address_makes_no_client_of_its_own(address: str) -> None:
    assert client_networks(address) == (("unknown", 1),)
