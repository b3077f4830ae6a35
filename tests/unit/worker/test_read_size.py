"""A batch is bounded in entries and, from the second on, in bytes."""

from hypothesis import given
from hypothesis import strategies as st

from sentistream_core.broker.consumer_group import Entry
from sentistream_worker.pipeline.read_size import BATCH_BYTES, ReadSize


def an_entry(size: int) -> Entry:
    return Entry("stream", "1-1", {b"content": b"x" * (size - len(b"content"))}, deliveries=1)


@given(st.integers(1, 10_000), st.lists(st.lists(st.integers(7, 2 * 10**6).map(an_entry), max_size=3), max_size=5))
def test_the_size_stays_within_its_bounds(at_most: int, reads: list[list[Entry]]) -> None:
    size = ReadSize(at_most)
    for read in reads:
        size.adapt(read)
        assert 1 <= size.entries <= at_most


def test_usual_posts_come_in_full_batches() -> None:
    size = ReadSize(256)
    size.adapt([an_entry(400)] * 256)
    assert size.entries == 256


def test_huge_entries_come_in_small_batches_until_they_are_over() -> None:
    size = ReadSize(256)
    size.adapt([an_entry(2**20)])
    assert size.entries == BATCH_BYTES // 2**20
    for _ in range(20):
        size.adapt([an_entry(400)])
    assert size.entries == 256
