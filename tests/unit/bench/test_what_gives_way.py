"""What is named as the limit of the broker and database path."""

import pytest

from bench.scale import Drain, what_gives_way


@pytest.mark.parametrize(
    ("workers", "postgresql", "valkey", "busiest_event_loop", "named"),
    [
        (1.0, 0.6, 0.97, 0.5, "Valkey"),
        (0.95, 0.3, 0.2, 0.93, "event loop"),
        (1.0, 0.7, 0.2, 0.5, "the 2 cores: workers uses 1.00"),
        (0.3, 0.2, 0.1, 0.3, "waits"),
    ],
)
def test_the_first_that_cannot_go_faster_is_named(
    workers: float, postgresql: float, valkey: float, busiest_event_loop: float, named: str
) -> None:
    cores = {"workers": workers, "postgresql": postgresql, "valkey": valkey, "api": 0.05}
    assert named in what_gives_way(Drain(2, 5_000, cores, busiest_event_loop), cores=2)
