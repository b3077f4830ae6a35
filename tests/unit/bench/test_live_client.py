"""When a client was told of a post."""

import pytest

from bench.live_client import LiveClient


def test_a_post_is_received_with_the_first_update_that_counts_it() -> None:
    client = LiveClient()
    client.times, client.totals = [10.0, 10.25, 10.5], [3, 3, 7]
    assert [client.received_at(rank) for rank in (1, 3, 4, 7)] == [10.0, 10.0, 10.5, 10.5]
    with pytest.raises(IndexError):
        client.received_at(8)
